import Foundation
import HTTPTypes
import Hummingbird
import JSONText
import RoomEngine

/// The browser client's pages. Its other files are served by ``FileRoutes``.
struct PageRoutes {
    let rooms: RoomLoop
    let files: FileRoutes

    func add(to routes: RouterGroup<RoostContext>) {
        routes.get("/") { request, _ in try await page("index.html", request) }
        routes.get("room") { request, _ in try await page("index.html", request) }
        routes.get("room/:id") { request, context in
            let id = try room(context)
            if request.headers[.accept]?.contains("text/html") == true {
                if let password = request.uri.queryParameters["password"] { return try await enter(id, String(password), request, context) }
                if await rooms.ask({ $0.rooms[id] == nil }) { return try await pageOfNoRoom() }
                return try await page("room.html", request)
            }
            guard let info = await rooms.ask({ $0.rooms[id]?.info }) else { throw Refusal(.notFound, "There is no such room.") }
            return jsonResponse { $0.room(info) }
        }
    }

    /// Enters a room by its address, as the textbook's pages do, and goes on to the address without the password; back to the
    /// lobby with the reason if that is not possible.
    private func enter(_ id: RoomID, _ password: String, _ request: Request, _ context: RoostContext) async throws -> Response {
        let visitor = try context.person()
        let join = Command.join(.init(room: id, password: password.removingPercentEncoding ?? password))
        switch await rooms.perform(join, for: visitor.person, address: visitor.address, locale: visitor.locale) {
        case .refused(_, let refusal): return .lobby(error: refusal, request)
        default: return .redirect(to: "/room/\(id)", type: .normal)
        }
    }

    /// The same page, which says that there is no such room; and so does the status. Nobody is to keep it: the room may come.
    private func pageOfNoRoom() async throws -> Response {
        guard let file = try await files.file(["room.html"]) else { throw Refusal(.notFound, "There is no such room.") }
        return Response(
            status: .notFound, headers: [.contentType: file.contentType, .cacheControl: "no-store"], body: .init(byteBuffer: file.bytes))
    }

    private func page(_ name: String, _ request: Request) async throws -> Response {
        guard let file = try await files.file([name]) else { throw Refusal(.notFound, "The browser client is not installed.") }
        return file.response(to: request)
    }
}

extension Response {
    /// Back to the lobby, which shows why.
    static func lobby(error refusal: Refusal, _ request: Request) -> Response {
        let text = request.prefersEnglish ? refusal.text : refusal.textbookText
        return .redirect(to: "/?error=" + (text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""), type: .normal)
    }
}

extension Request {
    /// Whether English is the first language that the browser asks for. Whoever says nothing gets the textbook's words.
    var prefersEnglish: Bool { headers[.acceptLanguage]?.hasPrefix("en") ?? false }
}

extension Refusal {
    /// What the textbook's application says, where it has words for it.
    fileprivate var textbookText: String {
        switch code {
        case .notFound: "존재하지 않는 방입니다."
        case .wrongPassword: "비밀번호가 틀렸습니다."
        case .full: "허용 인원이 초과하였습니다."
        default: text
        }
    }
}
