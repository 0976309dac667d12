import Hummingbird
import NIOCore
import RoomEngine
import Synchronization

/// What a stream hears. Confined to the room loop.
final class EventStreamListener {
    private let stream: EventStream
    private let text: EventText
    private let heartbeat: Int64
    private let rooms: RoomLoop
    /// Told once whether there is a stream.
    private var opened: ((Refusal?) -> Void)?
    private var welcome: ByteBuffer?

    /// - Parameter heartbeat: milliseconds between two signs of life
    init(_ stream: EventStream, _ text: EventText, heartbeat: Int64, rooms: RoomLoop, opened: @escaping (Refusal?) -> Void) {
        self.stream = stream
        self.text = text
        self.heartbeat = heartbeat
        self.rooms = rooms
        self.opened = opened
    }

    func hear(_ message: Message, _ listener: Listener) {
        switch message {
        case .welcome: welcome = text.bytes(of: message)
        case .refused(_, let refusal) where opened != nil:
            opened?(refusal)
            opened = nil
            listener.end()
        case .bye:
            stream.finish(text.bytes(of: message))
            listener.end()
        default:
            if opened != nil { open(listener) }
            guard stream.send(text.bytes(of: message)) else {
                stream.finish(text.bytes(of: .bye(Closing(.tooSlow, "Too slow: reconnect and resume."))))
                return listener.end()
            }
        }
    }

    private func open(_ listener: Listener) {
        opened?(nil)
        opened = nil
        if let welcome { _ = stream.send(welcome) }
        let bound = NIOLoopBound(listener, eventLoop: rooms.loop)
        stream.onEnd { [rooms] in rooms.enter { _ in bound.value.end() } }
        beat(listener)
    }

    private func beat(_ listener: Listener) {
        listener.engine.after(heartbeat) { [self] in
            guard !listener.isOver, stream.send(EventText.heartbeat) else { return }
            beat(listener)
        }
    }
}

/// One stream of server-sent events, from the room loop to the request that writes it.
///
/// What waits unsent is bounded: a reader that is too slow gets a `bye` and its stream ends; it comes back and resumes.
/// Safe from every thread.
final class EventStream: Sendable {
    private let limit: Int
    private let waiting = Atomic(0)
    private let bytes: AsyncStream<ByteBuffer>
    private let continuation: AsyncStream<ByteBuffer>.Continuation

    /// - Parameter limit: bytes that may wait unsent
    init(limit: Int) {
        self.limit = limit
        (bytes, continuation) = AsyncStream.makeStream()
    }

    /// False if there was no room for it: the stream is at its end.
    func send(_ piece: ByteBuffer) -> Bool {
        let before = waiting.wrappingAdd(piece.readableBytes, ordering: .relaxed).oldValue
        if before > limit { return false }
        continuation.yield(piece)
        return true
    }

    /// Ends it with a last piece.
    func finish(_ piece: ByteBuffer) {
        continuation.yield(piece)
        continuation.finish()
    }

    /// Calls `action` when nobody reads any more.
    func onEnd(_ action: @escaping @Sendable () -> Void) { continuation.onTermination = { _ in action() } }

    /// The response's body: writes until the stream or the connection ends.
    var body: ResponseBody {
        ResponseBody { [self] writer in
            try await writer.write(EventText.begin)
            for await piece in bytes {
                waiting.wrappingSubtract(piece.readableBytes, ordering: .relaxed)
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        }
    }
}
