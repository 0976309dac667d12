import HummingbirdCore
import NIOCore
import NIOHTTP1
import ProxyAddress
import RoomEngine

/// One HTTP/1.1 connection: requests in, responses out, until it becomes a WebSocket or ends.
///
/// Hummingbird routes requests and serves files; its own connection handling is not used. That one has a task and an async
/// channel for every connection from the start, and upgrades only a connection's first request, where a proxy may well
/// reuse a connection. Here nothing but this handler exists until a request has come, a request may upgrade at any time, and
/// everything a client can be slow with is against the loop's one clock.
///
/// The pipeline before it parses, encodes, and holds back pipelined requests until their turn. Confined to its loop.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler, Watched {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    enum State {
        /// Between requests.
        case idle
        /// The body is gathered.
        case gathering(HTTPRequestHead, ByteBuffer)
        /// The body goes to the one who answers, as it comes.
        case streaming(HTTPRequestHead, BodyStream)
        /// The request is complete and is being answered.
        case answering(HTTPRequestHead)
        /// It has been answered that there is something wrong; what still comes is thrown away.
        case refused
        case upgraded
    }

    let network: NetworkLoop
    let services: HTTPServices
    let address: String
    /// The handlers before this one, from the channel's end, to be taken out for an upgrade.
    var codecs: [any RemovableChannelHandler]
    var context: ChannelHandlerContext?
    var state = State.idle
    /// When what is awaited must have come, by the network's wheel.
    var deadline: Int
    var place: TimerWheel.Place?
    let inflow: Inflow
    /// Bytes of the request's body.
    private var payload = 0
    /// What answers the request.
    var answering: Task<Void, Never>?
    /// What came after the request that is being answered was not HTTP, or the client sends no more.
    var isLast = false

    init(network: NetworkLoop, services: HTTPServices, address: String, inflow: Inflow, codecs: [any RemovableChannelHandler]) {
        self.inflow = inflow
        self.network = network
        self.services = services
        self.address = address
        self.codecs = codecs
        deadline = network.wheel.now + services.settings.headerTime
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        network.watch(self, in: 1)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        if case .streaming(_, let body) = state { body.fail(ConnectionClosed()) }
        // A stream of events goes on until it is told that nobody reads it.
        answering?.cancel()
        state = .refused
        end()
        context.fireChannelInactive()
    }

    private func end() {
        context = nil
        network.forget(self)
    }

    /// Headers, bodies and pauses that take too long.
    func check(_ now: Int) -> Int? {
        guard let context else { return nil }
        if case .upgraded = state { return nil }
        if network.isEnding, case .idle = state {
            state = .refused
            context.close(promise: nil)
            return nil
        }
        if now < deadline { return 1 }
        switch state {
        case .idle, .refused, .upgraded:
            // What the parser says of half a header, now that nothing follows, is not answered any more.
            state = .refused
            context.close(promise: nil)
            return nil
        case .gathering, .streaming:
            refuse(.requestTimeout, Refusal(.badRequest, "The request took too long to arrive."))
        case .answering: break
        }
        return 1
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(RequestRules.withoutAbsoluteForm(head))
        case .body(let bytes):
            payload += bytes.readableBytes
            if isWasteful { return refuse(.badRequest, Refusal(.badRequest, "The body's chunks are mostly wrapping.")) }
            take(bytes)
        case .end:
            if isWasteful { return refuse(.badRequest, Refusal(.badRequest, "The body's chunks are mostly wrapping.")) }
            finish()
        }
    }

    /// Whether much more has come than the body: extensions of chunks have no limit of their own (RFC 9112 §7.1.1).
    private var isWasteful: Bool { inflow.bytes - payload > services.settings.headerLimit + 2 * payload + 65_536 }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        if case .answering = state {
            isLast = true
            return
        }
        if error == .headerOverflow {
            refuse(.requestHeaderFieldsTooLarge, Refusal(.badRequest, "The request's header is too large."))
        } else {
            refuse(.badRequest, Refusal(.badRequest, "The request is not valid HTTP."))
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            switch state {
            case .answering(let head):
                // It may still read the answer; but nobody waits for events who sends no more.
                isLast = true
                if services.isWaiting(head) { answering?.cancel() }
            default: context.close(promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func begin(_ head: HTTPRequestHead) {
        guard case .idle = state else { return }
        (inflow.bytes, payload) = (0, 0)
        let isUpload = services.isUpload(head)
        let limit = isUpload ? UploadLimits.bytes + services.settings.bodyLimit : services.settings.bodyLimit
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        if length > limit { return refuse(.payloadTooLarge, tooLarge(limit)) }
        if let (status, refusal) = RequestRules.problem(head) { return refuse(status, refusal) }

        // RFC 9110 §10.1.1: not for HTTP/1.0. Whether an upload may go on is for its route to say.
        if head.expectsContinue, head.version == .http1_1, !isUpload, let context {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
        if isUpload, let context {
            deadline = network.wheel.now + services.settings.uploadTime
            let body = BodyStream(channel: context.channel, limit: limit)
            state = .streaming(head, body)
            answer(head, body.requestBody)
        } else {
            deadline = network.wheel.now + services.settings.bodyTime
            state = .gathering(head, ByteBuffer())
        }
    }

    private func take(_ bytes: ByteBuffer) {
        switch state {
        case .gathering(let head, var gathered):
            if gathered.readableBytes + bytes.readableBytes > services.settings.bodyLimit {
                return refuse(.payloadTooLarge, tooLarge(services.settings.bodyLimit))
            }
            state = .refused // so that `gathered` is not copied
            gathered.writeImmutableBuffer(bytes)
            state = .gathering(head, gathered)
        case .streaming(_, let body): body.yield(bytes)
        case .idle, .answering, .refused, .upgraded: break
        }
    }

    private func finish() {
        switch state {
        case .gathering(let head, let body):
            state = .answering(head)
            deadline = .max
            if Handshake.isAsked(head) {
                upgrade(head)
            } else {
                answer(head, RequestBody(buffer: body))
            }
        case .streaming(let head, let body):
            state = .answering(head)
            deadline = .max
            body.finish()
        case .idle, .answering, .refused, .upgraded: break
        }
    }

    private func tooLarge(_ limit: Int) -> Refusal { Refusal(.tooLong, "The request's body is over \(limit / 1024) KiB.") }

    /// Where the request is from: behind a trusted proxy, what that says.
    func origin(_ head: HTTPRequestHead) -> ClientOrigin { services.origin(head, peer: address) }
}

extension HTTPRequestHead {
    var expectsContinue: Bool { headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" } }
}

struct ConnectionClosed: Error {}
