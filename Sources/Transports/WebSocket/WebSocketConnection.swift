import MessageDeflate
import NIOCore
import RoomEngine

/// What speaks over a WebSocket: the native protocol, or an echo in tests. Confined to the connection's loop.
protocol WebSocketApplication: AnyObject {
    func opened(_ connection: WebSocketConnection)
    func received(text: ByteBuffer, _ connection: WebSocketConnection)
    func received(binary: ByteBuffer, _ connection: WebSocketConnection)
    func closed(_ connection: WebSocketConnection)
}

/// A WebSocket after its handshake: the only handler of its channel, above TLS if there is any.
///
/// It answers pings and closes (RFC 6455 §5.5), asks after a silent peer, and ends a connection that does not read what is
/// written to it. Confined to its loop.
final class WebSocketConnection: OutletConnection, ChannelInboundHandler, RemovableChannelHandler, Watched {
    typealias InboundIn = ByteBuffer

    struct Limits: Sendable {
        /// Bytes of a message.
        var message = 64 * 1024
        /// Seconds of silence before a ping, and then until the peer is given up.
        var ping = 25
        var pong = 20
        /// Seconds a peer has for its part of the closing handshake.
        var closing = 5
        /// Seconds a peer that was too slow has to read what was written, so that it learns why.
        var draining = 15
    }

    private enum State {
        case open
        /// A close frame has been sent.
        case closing
        case closed
    }

    private let network: NetworkLoop
    private let application: any WebSocketApplication
    private let limits: Limits
    private let isPlain: Bool
    private var parser: FrameParser
    /// The beginning of a frame's header.
    private var rest: ByteBuffer?
    private var state = State.open
    private var lastHeard: Int
    private var isAsked = false
    private var deadline = Int.max
    var place: TimerWheel.Place?

    /// - Parameter isPlain: there is no TLS below
    init(
        id: ConnectionID, network: NetworkLoop, limits: Limits, isPlain: Bool, allowsCompression: Bool, application: any WebSocketApplication
    ) {
        self.network = network
        self.application = application
        self.limits = limits
        self.isPlain = isPlain
        parser = FrameParser(limit: limits.message, allowsCompression: allowsCompression)
        lastHeard = network.wheel.now
        super.init(id: id)
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        attach(context, isPlain: isPlain)
        network.outlet.add(self)
        network.watch(self, in: limits.ping)
        application.opened(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        guard context != nil else { return }
        detach()
        state = .closed
        network.forget(self)
        network.outlet.remove(id)
        application.closed(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The peer sends no more. A WebSocket ends with a close frame, so this one is broken.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        lastHeard = network.wheel.now
        isAsked = false
        if var whole = rest {
            rest = nil
            whole.writeBuffer(&bytes)
            bytes = whole
        }
        do {
            while state == .open || state == .closing, let message = try parser.next(from: &bytes) {
                try receive(message)
            }
            if bytes.readableBytes > 0, state != .closed { rest = ByteBuffer(buffer: bytes) }
        } catch {
            close(error.code, error.reason)
            // RFC 6455 §7.1.7: what a peer sends after a failure is not processed.
            parser = FrameParser(limit: 0)
            finish()
        }
    }

    private func receive(_ message: IncomingMessage) throws(ProtocolFailure) {
        switch message {
        case .compressed(let isText, let bytes):
            guard state == .open else { return }
            let whole = try network.inflate(bytes, limit: limits.message)
            if !isText { return application.received(binary: whole, self) }
            var text = UTF8Stream()
            guard whole.withUnsafeReadableBytes({ text.accepts($0) }), text.isComplete else { throw .notUTF8 }
            application.received(text: whole, self)
        case .text(let text): if state == .open { application.received(text: text, self) }
        case .binary(let bytes): if state == .open { application.received(binary: bytes, self) }
        case .ping(let payload):
            guard state == .open else { return }
            var pong = ByteBuffer()
            FrameWriter.append(.pong, payload.readableBytesView, to: &pong)
            write(pong)
            flush()
        case .pong: break
        case .close(let code):
            if state == .open { close(code ?? 1000, "") }
            finish()
        }
    }

    // MARK: Writing

    override func write(_ bytes: ByteBuffer) {
        if state == .open { queue(bytes) }
    }

    override func sendNow(_ raw: UnsafeRawBufferPointer, of bytes: ByteBuffer) {
        if state == .open { passBy(raw, of: bytes) }
    }

    override func fellBehind() {
        guard state == .open else { return }
        close(Closing.Code.tooSlow.rawValue, "Too slow: reconnect and resume.")
        deadline = network.wheel.now + limits.draining
    }

    override func close(_ closing: Closing, _ bytes: ByteBuffer) {
        write(bytes)
        close(closing.code.rawValue, closing.reason)
    }

    /// Sends a close frame; nothing is sent after it.
    func close(_ code: UInt16, _ reason: String) {
        guard state == .open else { return }
        queue(FrameWriter.close(code, reason))
        state = .closing
        deadline = network.wheel.now + limits.closing
        network.watch(self, in: limits.closing)
        flush()
    }

    /// Both sides have said goodbye: the server closes first (RFC 6455 §7.1.1), when what it wrote has gone out.
    private func finish() {
        state = .closed
        let bound = context.map { NIOLoopBound($0, eventLoop: $0.eventLoop) }
        context?.writeAndFlush(NIOAny(ByteBuffer())).whenComplete { _ in bound?.value.close(promise: nil) }
    }

    // MARK: Silence

    func check(_ now: Int) -> Int? {
        guard let context else { return nil }
        if now >= deadline {
            context.close(promise: nil)
            return nil
        }
        let silent = now - lastHeard
        if state != .open { return 1 }
        if isAsked, silent >= limits.ping + limits.pong {
            context.close(promise: nil)
            return nil
        }
        if silent < limits.ping { return limits.ping - silent }
        if !isAsked {
            isAsked = true
            var ping = ByteBuffer()
            FrameWriter.append(.ping, [], to: &ping)
            queue(ping)
            flush()
        }
        return limits.ping + limits.pong - silent
    }
}
