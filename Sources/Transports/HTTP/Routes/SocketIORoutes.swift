import Foundation
import HTTPTypes
import Hummingbird
import MessageDeflate
import NIOCore
import NIOHTTP1
import RoomEngine
import SocketIO

/// Engine.IO's polling, and where its sessions are found.
struct SocketIORoutes: Sendable {
    /// By the loops' order.
    let hubs: [NIOLoopBound<SocketIOHub>]
    let maxPayload: Int

    /// - Parameter isAllowed: whether pages of an origin may come in
    func add(to routes: RouterGroup<RoostContext>, isAllowed: @escaping @Sendable (_ origin: String?, _ host: String?) -> Bool) {
        // Those that are wrong too: clients are told so in the protocol's own words.
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
            routes.on("socket.io", method: method) { request, context in
                guard isAllowed(request.headers[.origin], request.head.authority) else { return response(.refused(.forbidden)) }
                return try await handle(request, context)
            }
        }
    }

    /// The loop that a session lives on; nil for what is no session's id.
    func hub(of session: String) -> NIOLoopBound<SocketIOHub>? {
        SocketIOHub.loop(of: session).flatMap { hubs.indices.contains($0) ? hubs[$0] : nil }
    }

    private func handle(_ request: Request, _ context: RoostContext) async throws -> Response {
        let answer: SocketIOPeer.Answer
        do throws(EngineIOError) {
            switch try EngineIORequest(method: request.method.rawValue, query: request.uri.query ?? "", isUpgrade: false) {
            case .openPolling: answer = await open(request, context)
            case .poll(let session): answer = await poll(session)
            case .post(let session): answer = await post(session, request)
            case .openWebSocket, .upgrade: answer = .refused(.badRequest)
            }
        } catch {
            answer = .refused(error)
        }
        return response(answer)
    }

    private func open(_ request: Request, _ context: RoostContext) async -> SocketIOPeer.Answer {
        guard let visitor = context.visitor, let hub = hubs.first(where: { $0.eventLoop === context.channel.eventLoop }) ?? hubs.first else {
            return .refused(.forbidden)
        }
        let page = RoomID(ofPage: request.headers[.referer])
        return await withCheckedContinuation { continuation in
            hub.eventLoop.execute { hub.value.open(visitor, page: page) { continuation.resume(returning: $0) } }
        }
    }

    private func poll(_ session: String) async -> SocketIOPeer.Answer {
        guard let hub = hub(of: session) else { return .refused(.unknownSession) }
        let cancellation = NIOLoopBoundBox.makeBoxSendingValue(Cancellation(), eventLoop: hub.eventLoop)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                hub.eventLoop.execute {
                    guard let peer = hub.value.peer(session) else { return continuation.resume(returning: .refused(.unknownSession)) }
                    let request = peer.poll { continuation.resume(returning: $0) }
                    cancellation.value.whenCancelled { peer.cancelled(request) }
                }
            }
        } onCancel: {
            hub.eventLoop.execute { cancellation.value.cancel() }
        }
    }

    private func post(_ session: String, _ request: Request) async -> SocketIOPeer.Answer {
        guard let hub = hub(of: session) else { return .refused(.unknownSession) }
        guard let body = try? await request.body.collect(upTo: maxPayload) else { return .tooLarge }
        let bytes = Array(body.readableBytesView)
        return await withCheckedContinuation { continuation in
            hub.eventLoop.execute {
                guard let peer = hub.value.peer(session) else { return continuation.resume(returning: .refused(.unknownSession)) }
                peer.post(bytes) { continuation.resume(returning: $0) }
            }
        }
    }

    private func response(_ answer: SocketIOPeer.Answer) -> Response {
        switch answer {
        case .poll(let body):
            Response(
                status: .ok, headers: [.contentType: "text/plain; charset=UTF-8", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(bytes: body)))
        case .posted:
            Response(
                status: .ok, headers: [.contentType: "text/html", .cacheControl: "no-store"], body: .init(byteBuffer: ByteBuffer(string: "ok")))
        case .refused(let error):
            Response(
                status: .init(code: error.status), headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: error.json)))
        case .tooLarge: Response(status: .contentTooLarge)
        }
    }
}

// MARK: WebSockets

extension SocketIORoutes {
    /// Why a WebSocket is not opened, in Engine.IO's terms.
    var refusal: @Sendable (HTTPRequestHead) -> (status: HTTPResponseStatus, json: String)? {
        { head in
            do throws(EngineIOError) {
                _ = try request(head)
                return nil
            } catch {
                return (HTTPResponseStatus(statusCode: error.status), error.json)
            }
        }
    }

    /// What speaks over a WebSocket that was opened: a session of its own, or one that has polled so far.
    var application: @Sendable (NetworkLoop, Visitor, DeflateAgreement?, HTTPRequestHead) -> any WebSocketApplication {
        { network, visitor, _, head in
            if case .upgrade(let session)? = try? request(head), let home = hub(of: session) {
                return SocketIOUpgrade(home: home, session: session, network: network)
            }
            let page = RoomID(ofPage: head.headers.first(name: "referer"))
            return SocketIODirect(hub: hubs[network.index].value, visitor: visitor, page: page)
        }
    }

    private func request(_ head: HTTPRequestHead) throws(EngineIOError) -> EngineIORequest {
        let query = head.uri.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        let request = try EngineIORequest(method: head.method.rawValue, query: query, isUpgrade: true)
        if case .upgrade(let session) = request, hub(of: session) == nil { throw .unknownSession }
        return request
    }
}

extension RoomID {
    /// The room whose page an address is, e.g. `http://localhost:8005/room/k3v9?x=y`.
    init?(ofPage address: String?) {
        guard let address, let range = address.range(of: "/room/") else { return nil }
        let id = address[range.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !id.isEmpty else { return nil }
        self.init(String(id))
    }
}
