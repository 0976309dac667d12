import NIOCore
import RoomEngine
import SocketIO

/// A WebSocket that is a Socket.IO session from the start. Confined to its loop.
final class SocketIODirect: WebSocketApplication {
    private let hub: SocketIOHub
    private let visitor: Visitor
    private let page: RoomID?
    private var peer: SocketIOPeer?

    init(hub: SocketIOHub, visitor: Visitor, page: RoomID?) {
        self.hub = hub
        self.visitor = visitor
        self.page = page
    }

    func opened(_ connection: WebSocketConnection) { peer = hub.open(visitor, page: page, .here(connection)) }
    func received(text: ByteBuffer, _ connection: WebSocketConnection) { peer?.received(.text(Array(text.readableBytesView))) }
    func received(binary: ByteBuffer, _ connection: WebSocketConnection) { peer?.received(.binary(Array(binary.readableBytesView))) }

    func closed(_ connection: WebSocketConnection) {
        peer?.webSocketClosed()
        peer = nil
    }
}

/// A WebSocket that is to replace a session's polling. The session may live on another loop. Confined to its own.
final class SocketIOUpgrade: WebSocketApplication {
    private let home: NIOLoopBound<SocketIOHub>
    private let session: String
    private let network: NetworkLoop
    /// What names this WebSocket to the session; used on the session's loop alone.
    private let id: NIOLoopBoundBox<EngineIOConnectionID?>

    init(home: NIOLoopBound<SocketIOHub>, session: String, network: NetworkLoop) {
        self.home = home
        self.session = session
        self.network = network
        id = NIOLoopBoundBox.makeBoxSendingValue(nil, eventLoop: home.eventLoop)
    }

    func opened(_ connection: WebSocketConnection) {
        let bound = NIOLoopBound(connection, eventLoop: network.loop)
        let isHere = network.loop === home.eventLoop
        enter { [id, session] hub in
            let link = isHere ? SocketIOLink.here(bound.value) : .elsewhere(bound)
            id.value = hub.peer(session)?.upgrade(link)
            if id.value == nil { link.close() }
        }
    }

    func received(text: ByteBuffer, _ connection: WebSocketConnection) { received(.text(Array(text.readableBytesView))) }
    func received(binary: ByteBuffer, _ connection: WebSocketConnection) { received(.binary(Array(binary.readableBytesView))) }

    private func received(_ frame: EngineIOFrame) {
        enter { [id, session] hub in
            if let id = id.value { hub.peer(session)?.received(frame, id) }
        }
    }

    func closed(_ connection: WebSocketConnection) {
        enter { [id, session] hub in
            if let id = id.value { hub.peer(session)?.webSocketClosed(id) }
        }
    }

    private func enter(_ body: @escaping @Sendable (SocketIOHub) -> Void) {
        if home.eventLoop.inEventLoop { return body(home.value) }
        home.eventLoop.execute { [home] in body(home.value) }
    }
}
