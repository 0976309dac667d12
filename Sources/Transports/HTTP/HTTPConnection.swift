import Foundation
import HTTPTypes
import HummingbirdCore
import JSONText
import Logging
import MessageDeflate
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
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

    private enum State {
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

    private let network: NetworkLoop
    private let services: HTTPServices
    private let address: String
    /// The handlers before this one, from the channel's end, to be taken out for an upgrade.
    private var codecs: [any RemovableChannelHandler]
    private var context: ChannelHandlerContext?
    private var state = State.idle
    /// When what is awaited must have come, by the network's wheel.
    private var deadline: Int
    private let inflow: Inflow
    /// Bytes of the request's body.
    private var payload = 0
    /// What answers the request.
    private var answering: Task<Void, Never>?
    /// What came after the request that is being answered was not HTTP, or the client sends no more.
    private var isLast = false

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

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelInactive(context: ChannelHandlerContext) {
        if case .streaming(_, let body) = state { body.fail(ConnectionClosed()) }
        // A stream of events goes on until it is told that nobody reads it.
        answering?.cancel()
        state = .refused
        self.context = nil
        context.fireChannelInactive()
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
    private func origin(_ head: HTTPRequestHead) -> ClientOrigin { services.origin(head, peer: address) }

    // MARK: Answering

    private func answer(_ head: HTTPRequestHead, _ body: RequestBody) {
        guard let context else { return }
        let request: HTTPRequest
        do {
            request = try HTTPRequest(head, secure: services.isSecure, splitCookie: false)
        } catch {
            return refuse(.badRequest, Refusal(.badRequest, "The request is not valid HTTP."))
        }
        let writer = ResponseWriting(channel: context.channel, head: head)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let source = RequestSource(channel: context.channel, logger: services.logger, origin: origin(head))
        let loop = context.eventLoop
        answering = Task { [services] in
            let response = await services.respond(to: Request(head: request, body: body), source)
            if await writer.write(response) == false { loop.execute { bound.value.giveUp() } }
        }
    }

    /// The answer, as it goes out. Its end makes room for the next request, which may be here as soon as it is written: the
    /// handler before this one has held it back.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // What has taken the connection over writes bytes, which may still pass here.
        if case .upgraded = state { return context.write(data, promise: promise) }
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        answering = nil
        if case .answering(let head) = state, ResponseWriting.keepsAlive(head), !isLast {
            state = .idle
            inflow.bytes = 0
            deadline = network.wheel.now + services.settings.idleTime
            context.write(data, promise: promise)
        } else {
            context.write(data, promise: promise)
            context.flush()
            linger(context)
        }
    }

    /// The answer could not be written whole.
    private func giveUp() {
        answering = nil
        context?.close(promise: nil)
    }

    /// Answers on the spot that something is wrong with the request, and ends the connection.
    private func refuse(_ status: HTTPResponseStatus, _ refusal: Refusal, _ more: [(String, String)] = []) {
        if case .refused = state { return }
        if case .streaming(_, let body) = state {
            // Whoever reads the body answers.
            return body.fail(refusal)
        }
        var json = JSONWriter()
        json.message(.refused(nil, refusal))
        refuse(status, json: json.bytes, more)
    }

    private func refuse(_ status: HTTPResponseStatus, json: [UInt8], _ more: [(String, String)] = []) {
        guard let context else { return }
        state = .refused
        var headers = HTTPHeaders([("Content-Type", "application/json"), ("Content-Length", "\(json.count)"), ("Date", httpDate(time(nil))), ("Connection", "close")])
        headers.add(contentsOf: more)
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: json)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }

    /// Ends the connection without losing the answer: a client that is still sending must be able to read it first
    /// (RFC 9112 §9.6).
    private func linger(_ context: ChannelHandlerContext) {
        state = .refused
        deadline = network.wheel.now + 2
        context.close(mode: .output, promise: nil)
    }

    // MARK: Upgrading

    private func upgrade(_ head: HTTPRequestHead) {
        guard let context else { return }
        let handshake: Handshake
        do {
            handshake = try Handshake(head)
        } catch {
            switch error {
            case .wrongVersion:
                let refusal = Refusal(.badRequest, "WebSocket version 13 is spoken here.")
                return refuse(.upgradeRequired, refusal, [("Sec-WebSocket-Version", "13")])
            case .badRequest(let text): return refuse(.badRequest, Refusal(.badRequest, text))
            }
        }
        guard let endpoint = services.endpoint(for: head) else {
            return refuse(.notFound, Refusal(.notFound, "There is no WebSocket here."))
        }
        guard services.isFromHere(head) else {
            return refuse(.forbidden, Refusal(.forbidden, "Pages of other origins may not connect."))
        }
        if let (status, json) = endpoint.refusal(head) { return refuse(status, json: Array(json.utf8)) }
        let chosen = handshake.protocols.first { endpoint.protocols.contains($0) }
        let deflate: DeflateAgreement?
        do {
            deflate = DeflateAgreement(try DeflateOffer.parse(headerValues: head.headers["sec-websocket-extensions"]))
        } catch {
            return refuse(.badRequest, Refusal(.badRequest, "Sec-WebSocket-Extensions cannot be read."))
        }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let origin = origin(head)
        guard admitByProxy(origin, context) else {
            return refuse(.tooManyRequests, Refusal(.unavailable, "Too many connections from your address."))
        }
        if let visit = services.visit(head, origin) {
            return open(head, handshake, chosen, deflate, endpoint, visit)
        }
        // Somebody who was here before: what they are called is looked up first.
        Task { [services, loop = context.eventLoop] in
            let visit = await services.returningVisit(head, origin)
            loop.execute { bound.value.open(head, handshake, chosen, deflate, endpoint, visit) }
        }
    }

    /// Counts a WebSocket that a proxy has brought against its client's address, as connections of the client's own are.
    private func admitByProxy(_ origin: ClientOrigin, _ context: ChannelHandlerContext) -> Bool {
        guard origin.address != address, services.trusts(address) else { return true }
        guard services.admission.enterByProxy(origin.address) else { return false }
        let admission = services.admission
        context.channel.closeFuture.whenComplete { _ in admission.leaveByProxy(origin.address) }
        return true
    }

    private func open(
        _ head: HTTPRequestHead, _ handshake: Handshake, _ chosen: String?, _ deflate: DeflateAgreement?, _ endpoint: WebSocketEndpoint,
        _ visit: Visit
    ) {
        guard let context, case .answering = state else { return }
        state = .upgraded
        var headers = visit.cookie.map { [("Set-Cookie", $0)] } ?? []
        if let deflate { headers.append(("Sec-WebSocket-Extensions", deflate.responseHeader)) }
        let response = handshake.response(protocol: chosen, headers: headers)
        let application = endpoint.make(network, visit.visitor, deflate, head)
        let socket = WebSocketConnection(
            id: network.nextConnection(), network: network, limits: services.webSocketLimits, isPlain: !services.isSecure,
            allowsCompression: deflate != nil, application: application)
        // The decoder goes last: it then passes on what it has read beyond the request.
        let pipeline = context.pipeline.syncOperations
        for codec in codecs.dropLast() { pipeline.removeHandler(codec, promise: nil) }
        context.writeAndFlush(NIOAny(ByteBuffer(string: response)), promise: nil)
        do {
            try pipeline.addHandler(socket, position: .last)
        } catch {
            return context.close(promise: nil)
        }
        let decoder = codecs.removeLast()
        codecs = []
        pipeline.removeHandler(context: context, promise: nil)
        pipeline.removeHandler(decoder, promise: nil)
    }
}

/// Counts what has come over a connection. Confined to its loop.
final class Inflow: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    /// Since it was last set to 0.
    var bytes = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
    }
}

extension HTTPRequestHead {
    var expectsContinue: Bool { headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" } }
}

struct ConnectionClosed: Error {}
