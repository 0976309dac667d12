import Plugins
import RoomEngine

extension ConsoleCommands {
    static let role = ConsoleCommand(
        "role", "list [ROOM] | grant WHO moderator|owner in ROOM | grant WHO admin | revoke WHO in ROOM | revoke WHO admin",
        "Who may do what: a room's moderators and its owner, and admins, who stand above every room.",
        examples: ["role list", "role grant ann moderator in k3v9t2", "role revoke ann in k3v9t2", "role grant ann admin"],
        complete: { words, server in
            switch words.count {
            case 0: ["list", "grant", "revoke"]
            case 1: words[0] == "list" ? await Complete.rooms([], server) : await Complete.people([], server)
            case 2: words[0] == "grant" ? ["moderator", "owner", "admin"] : ["in", "admin"]
            default: await Complete.rooms([], server)
            }
        }
    ) { call in
        switch try call.word(0, "'list', 'grant' or 'revoke'") {
        case "list": try await list(call)
        case "grant": try await grant(call)
        case "revoke": try await revoke(call)
        case let word: throw ConsoleError.usage("'\(word)' is none of list, grant and revoke")
        }
    }

    private static func list(_ call: Invocation) async throws {
        let wanted: RoomID? = if call.words.count > 1 { try await call.room(call.words[1]) } else { nil }
        let rows: [[String]] = await call.server.ask { engine in
            let rooms = engine.rooms.values.filter { wanted == nil || $0.id == wanted }.sorted { $0.id.text < $1.id.text }
            let admins = engine.people.values.filter { $0.isAdmin && wanted == nil }.map { ["admin", "every room", $0.id.text, $0.name] }
            return admins.sorted { $0[3] < $1[3] }
                + rooms.flatMap { room in
                    (room.record.owner.map { [["owner", room.id.text, $0.id, $0.name]] } ?? [])
                        + room.moderators.sorted { $0.value < $1.value }.map { ["moderator", room.id.text, $0.key.text, $0.value] }
                }
        }
        if rows.isEmpty { return call.output.line("Nobody is more than a member.") }
        call.output.table(["Role", "Room", "Id", "Name"], rows)
    }

    private static func grant(_ call: Invocation) async throws {
        let person = try await call.person(try call.word(1, "a person"))
        let word = try call.word(2, "a role")
        if word == "admin" { return try await setAdmin(true, person, call) }
        guard let role = Role(rawValue: word), role == .moderator || role == .owner else {
            throw ConsoleError.usage("'\(word)' is none of moderator, owner and admin")
        }
        try await give(role, person, 3, call)
    }

    private static func revoke(_ call: Invocation) async throws {
        let who = try call.word(1, "a person")
        if call.words.count > 2, call.words[2] == "admin" { return try await setAdmin(false, try await call.person(who), call) }
        // Moderators need not be here.
        let named: [PersonID] = await call.server.ask { engine in
            Set(engine.rooms.values.flatMap { room in room.moderators.filter { $0.key.text == who || $0.value.lowercased() == who.lowercased() }.keys }).map { $0 }
        }
        let person = named.count == 1 ? named[0] : try await call.person(who)
        try await give(.member, person, 2, call)
    }

    /// - Parameter index: of the word before the room, or of the room
    private static func give(_ role: Role, _ person: PersonID, _ index: Int, _ call: Invocation) async throws {
        let isMarked = call.words.indices.contains(index) && call.words[index] == "in"
        let id = try await call.room(try call.word(isMarked ? index + 1 : index, "a room"))
        let refusal: Refusal? = await call.server.await { engine, answer in
            engine.give(role, to: person, in: id, by: .console) { answer($0) }
        }
        if let refusal { throw ConsoleError.failed(refusal.text) }
        call.output.line("Done.")
    }

    private static func setAdmin(_ isAdmin: Bool, _ person: PersonID, _ call: Invocation) async throws {
        let refusal: Refusal? = await call.server.await { engine, answer in engine.setAdmin(isAdmin, person) { answer($0) } }
        if let refusal { throw ConsoleError.failed(refusal.text) }
        call.output.line(isAdmin ? "They are an admin now." : "They are no admin any more.")
    }
}
