import NIOCore

/// A WebSocket that carries a client, on its loop or on another.
enum SocketIOLink {
    case here(WebSocketConnection)
    case elsewhere(NIOLoopBound<WebSocketConnection>)

    func write(_ frames: ByteBuffer) {
        switch self {
        case .here(let connection): connection.write(frames)
        case .elsewhere(let bound): bound.eventLoop.execute { bound.value.write(frames) }
        }
    }

    func flush() {
        switch self {
        case .here(let connection): connection.flush()
        case .elsewhere(let bound): bound.eventLoop.execute { bound.value.flush() }
        }
    }

    func close() {
        switch self {
        case .here(let connection): connection.close(1000, "")
        case .elsewhere(let bound): bound.eventLoop.execute { bound.value.close(1000, "") }
        }
    }
}
