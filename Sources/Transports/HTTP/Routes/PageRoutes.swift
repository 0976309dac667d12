import Foundation
import HTTPTypes
import Hummingbird
import JSONText
import NIOCore
import NIOPosix
import RoomEngine

/// The browser client's pages. Its other files are served by ``FileMiddleware``.
struct PageRoutes {
    let rooms: RoomLoop
    let folder: String

    func add(to routes: RouterGroup<RoostContext>) {
        routes.get("/") { _, _ in try await page("index.html") }
        routes.get("room") { _, _ in try await page("index.html") }
        routes.get("room/:id") { request, context in
            if request.headers[.accept]?.contains("text/html") == true { return try await page("room.html") }
            let id = try room(context)
            guard let info = await rooms.ask({ $0.rooms[id]?.info }) else { throw Refusal(.notFound, "There is no such room.") }
            return jsonResponse { $0.room(info) }
        }
    }

    private func page(_ name: String) async throws -> Response {
        let path = "\(folder)/\(name)"
        let bytes = try await NIOThreadPool.singleton.runIfActive { FileManager.default.contents(atPath: path) }
        guard let bytes else { throw Refusal(.notFound, "The browser client is not installed.") }
        return Response(
            status: .ok, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-cache"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
