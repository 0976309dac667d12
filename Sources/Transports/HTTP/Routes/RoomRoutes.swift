import HTTPTypes
import Hummingbird
import JSONText
import RoomEngine

/// The rooms over HTTP: the lobby, creating and removing, and sending for clients without a WebSocket.
struct RoomRoutes {
    let rooms: RoomLoop
    let events: EventRoutes

    func add(to routes: RouterGroup<RoostContext>) {
        routes.get("rooms") { request, context in
            request.wantsEventStream ? try await events.stream([.lobby(watch: true)], context) : await list()
        }
        routes.post("room") { request, context in try await create(request, context) }
        routes.delete("room/:id") { _, context in
            _ = try await perform(.remove(room(context)), context)
            return Response(status: .noContent)
        }
        routes.post("room/:id/join") { request, context in
            let form = try await request.decode(as: JoinForm.self, context: context)
            let seen = form.epoch.flatMap { epoch in form.seq.map { Position(epoch: epoch, seq: $0) } }
            return try await respond(.join(.init(room: room(context), password: form.password, seen: seen)), request, context)
        }
        routes.post("room/:id/exit") { request, context in try await respond(.exit(room(context)), request, context) }
        routes.post("room/:id/chat") { request, context in
            let form = try await request.decode(as: ChatForm.self, context: context)
            guard let text = form.text ?? form.chat else { throw Refusal(.badRequest, "The field 'text' is missing.", field: "text") }
            // Browsers end the lines of a form's text with both.
            let lines = text.replacing("\r\n", with: "\n")
            let chat = Command.Chat(room: try room(context), text: lines, cid: try checked(form.cid), replyTo: form.replyTo)
            return try await respond(.chat(chat), request, context)
        }
        routes.post("room/:id/whisper") { request, context in
            let form = try await request.decode(as: WhisperForm.self, context: context)
            let command = Command.whisper(room: try room(context), to: PersonID(form.to), text: form.text, cid: try checked(form.cid))
            return try await respond(command, request, context)
        }
        ModerationRoutes(perform: respond).add(to: routes)
        routes.post("room/:id/edit") { request, context in
            let form = try await request.decode(as: EditForm.self, context: context)
            let lines = form.text.replacing("\r\n", with: "\n")
            let edit = Command.Edit(room: try room(context), of: form.of, text: lines, cid: try checked(form.cid))
            return try await respond(.edit(edit), request, context)
        }
        routes.post("room/:id/delete") { request, context in
            let form = try await request.decode(as: DeleteForm.self, context: context)
            let deletion = Command.Deletion(room: try room(context), of: form.of, why: form.why, cid: try checked(form.cid))
            return try await respond(.delete(deletion), request, context)
        }
        routes.post("room/:id/react") { request, context in
            let form = try await request.decode(as: ReactForm.self, context: context)
            let reaction = Command.React(
                room: try room(context), of: form.of, emoji: form.emoji, on: form.on ?? true, cid: try checked(form.cid))
            return try await respond(.react(reaction), request, context)
        }
        routes.post("room/:id/report") { request, context in
            let form = try await request.decode(as: ReportForm.self, context: context)
            return try await respond(.report(.init(room: try room(context), of: form.of, why: form.why ?? "")), request, context)
        }
        routes.post("room/:id/typing") { request, context in
            let form = try await request.decode(as: TypingForm.self, context: context)
            let visitor = try context.person()
            rooms.tell(
                .typing(room: try room(context), on: form.on ?? true), for: visitor.person, address: visitor.address, locale: visitor.locale)
            return Response(status: .noContent)
        }
        routes.get("room/:id/history") { request, context in
            guard let before = request.uri.queryParameters["before"].flatMap({ Int64($0) }) else {
                throw Refusal(.badRequest, "'before' is the number of an event.", field: "before")
            }
            let limit = request.uri.queryParameters["limit"].map { Int($0) ?? 0 } ?? 50
            guard (1...200).contains(limit) else { throw Refusal(.badRequest, "'limit' is 1 to 200.", field: "limit") }
            let answer = try await perform(.history(room: room(context), before: before, limit: limit), context)
            return jsonResponse { $0.message(answer) }
        }
        routes.post("name") { request, context in
            let form = try await request.decode(as: NameForm.self, context: context)
            let answer = try await perform(.name(form.name), context)
            return jsonResponse { $0.message(answer) }
        }
    }

    private struct NewRoomForm: Decodable {
        var title: String
        var max: Int?
        var password: String?
    }

    private struct JoinForm: Decodable {
        var password: String?
        var epoch: String?
        var seq: Int64?
    }

    private struct ChatForm: Decodable {
        var text: String?
        /// What the textbook's client calls the text.
        var chat: String?
        var cid: String?
        var replyTo: Int64?

        enum CodingKeys: String, CodingKey {
            case text, chat, cid
            case replyTo = "reply_to"
        }
    }

    private struct WhisperForm: Decodable {
        var to: String
        var text: String
        var cid: String?
    }

    private struct EditForm: Decodable {
        var of: Int64
        var text: String
        var cid: String?
    }

    private struct DeleteForm: Decodable {
        var of: Int64
        var why: String?
        var cid: String?
    }

    private struct ReactForm: Decodable {
        var of: Int64
        var emoji: String
        var on: Bool?
        var cid: String?
    }

    private struct ReportForm: Decodable {
        var of: Int64
        var why: String?
    }

    private struct TypingForm: Decodable {
        var on: Bool?
    }

    private struct NameForm: Decodable {
        var name: String
    }

    private func list() async -> Response {
        let listing = await rooms.ask(\.listing)
        return jsonResponse { json in
            json.object { json in
                json.name("rooms")
                json.array { json in for room in listing { json.room(room) } }
            }
        }
    }

    private func create(_ request: Request, _ context: RoostContext) async throws -> Response {
        let answer: Message
        do {
            let form = try await request.decode(as: NewRoomForm.self, context: context)
            answer = try await perform(.create(NewRoom(title: form.title, max: form.max ?? 10, password: form.password)), context)
        } catch let refusal as Refusal where isForm(request) {
            return .lobby(error: refusal, request)
        }
        guard case .created(_, let room) = answer else { throw Refusal(.unavailable, "The room could not be made.") }
        if isForm(request) { return .redirect(to: "/room/\(room.id)", type: .normal) }
        var response = jsonResponse(.created) { $0.room(room) }
        response.headers[.location] = "/room/\(room.id)"
        return response
    }

    /// Carries a command out. A form that was sent is answered by going to the room, everything else by JSON.
    private func respond(_ command: Command, _ request: Request, _ context: RoostContext) async throws -> Response {
        let answer = try await perform(command, context)
        if isForm(request) { return .redirect(to: "/room/\(try room(context))", type: .normal) }
        return jsonResponse { $0.message(answer) }
    }

    private func perform(_ command: Command, _ context: RoostContext) async throws -> Message {
        let visitor = try context.person()
        let answer = await rooms.perform(command, for: visitor.person, address: visitor.address, locale: visitor.locale)
        if case .refused(_, let refusal) = answer { throw refusal }
        return answer
    }

    private func isForm(_ request: Request) -> Bool {
        request.headers[.contentType]?.hasPrefix("application/x-www-form-urlencoded") == true
            && request.headers[.accept]?.contains("text/html") == true
    }
}

/// The room that a route's `:id` names.
func room(_ context: RoostContext) throws -> RoomID { RoomID(try context.parameters.require("id")) }

/// A client's name for its message, if it is one.
func checked(_ cid: String?) throws -> String? {
    guard let cid, !cid.isEmpty else { return nil }
    if cid.utf8.count > 64 { throw Refusal(.badRequest, "'cid' is 1 to 64 bytes.", field: "cid") }
    return cid
}
