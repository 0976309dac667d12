import MessageDeflate
import NIOCore
import NIOHTTP1
import ProxyAddress
import RoomEngine

/// Becoming a WebSocket (RFC 6455 §4.2, RFC 9110 §7.8).
extension HTTPConnection {
    func upgrade(_ head: HTTPRequestHead) {
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
        let credentials = Credentials(head)
        do {
            if let visit = try services.visit(credentials, origin) { return open(head, handshake, chosen, deflate, endpoint, visit) }
        } catch {
            return refuse(.unauthorized, error, [("WWW-Authenticate", "Bearer error=\"invalid_token\"")])
        }
        // Somebody who was here before: what they are called is looked up first.
        Task { [services, loop = context.eventLoop] in
            let visit = await services.returningVisit(credentials, origin)
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
