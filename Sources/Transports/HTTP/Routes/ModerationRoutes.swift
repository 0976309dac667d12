import Hummingbird
import RoomEngine

/// What moderators and owners do, over HTTP: the native protocol's messages of the same names.
struct ModerationRoutes {
    /// Carries a command out and answers the request.
    let perform: @Sendable (Command, Request, RoostContext) async throws -> Response

    func add(to routes: RouterGroup<RoostContext>) {
        for kind in [Moderation.Kind.kick, .mute, .ban] {
            routes.post("room/:id/\(kind.rawValue)") { request, context in
                let form = try await request.decode(as: Form.self, context: context)
                let command = Command.moderate(
                    kind, room: try room(context), person: try form.person(), seconds: try checkedSeconds(form.seconds),
                    reason: try checkedReason(form.reason))
                return try await perform(command, request, context)
            }
        }
        for (name, kind) in [("unmute", Restriction.Kind.mute), ("unban", .ban)] {
            routes.post("room/:id/\(name)") { request, context in
                let form = try await request.decode(as: Form.self, context: context)
                return try await perform(.pardon(kind, room: room(context), person: form.person()), request, context)
            }
        }
        for (name, isApproved) in [("approve", true), ("refuse", false)] {
            routes.post("room/:id/\(name)") { request, context in
                let form = try await request.decode(as: Form.self, context: context)
                guard let id = form.id else { throw Refusal(.badRequest, "The field 'id' is missing.", field: "id") }
                let command = Command.review(room: try room(context), id: id, isApproved: isApproved, why: form.reason ?? "")
                return try await perform(command, request, context)
            }
        }
        routes.post("room/:id/role") { request, context in
            let form = try await request.decode(as: Form.self, context: context)
            guard let role = form.role else { throw Refusal(.badRequest, "The field 'role' is missing.", field: "role") }
            return try await perform(.role(try checkedRole(role), room: room(context), person: form.person()), request, context)
        }
        routes.post("room/:id/set") { request, context in
            let form = try await request.decode(as: SettingsForm.self, context: context)
            let change = RoomChange(title: form.title, max: form.max, topic: form.topic, slow: form.slow, locked: form.locked)
            return try await perform(.set(room(context), change), request, context)
        }
        routes.post("room/:id/restrictions") { request, context in
            try await perform(.restrictions(room(context)), request, context)
        }
    }

    private struct Form: Decodable {
        var member: String?
        var seconds: Double?
        var reason: String?
        var role: String?
        var id: String?

        func person() throws(Refusal) -> PersonID {
            guard let member else { throw Refusal(.badRequest, "The field 'member' is missing.", field: "member") }
            return PersonID(member)
        }
    }

    private struct SettingsForm: Decodable {
        var title: String?
        var max: Int?
        var topic: String?
        var slow: Int?
        var locked: Bool?
    }
}
