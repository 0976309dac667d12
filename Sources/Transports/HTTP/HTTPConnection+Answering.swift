import Foundation
import HTTPTypes
import HummingbirdCore
import JSONText
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import RoomEngine

/// Answers, and whether the connection goes on after them (RFC 9112 §9).
extension HTTPConnection {
    func answer(_ head: HTTPRequestHead, _ body: RequestBody) {
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
    func refuse(_ status: HTTPResponseStatus, _ refusal: Refusal, _ more: [(String, String)] = []) {
        if case .refused = state { return }
        if case .streaming(_, let body) = state {
            // Whoever reads the body answers.
            return body.fail(refusal)
        }
        var json = JSONWriter()
        json.message(.refused(nil, refusal))
        refuse(status, json: json.bytes, more)
    }

    func refuse(_ status: HTTPResponseStatus, json: [UInt8], _ more: [(String, String)] = []) {
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
}
