import Plugins
import RoomEngine

extension ConsoleCommands {
    static let kick = ConsoleCommand(
        "kick", "WHO [in ROOM] [because WHY]", "Asks somebody to leave a room, or every room they are in.",
        examples: ["kick ann", "kick ann in k3v9t2 because too loud", "kick ann k3v9t2 \"too loud\""], complete: whoThenRoom
    ) { call in
        let target = try await target(call, takesTime: false)
        for room in target.rooms {
            await call.server.await { engine, answer in
                engine.kick(target.person, from: room, reason: target.reason, by: "console") { answer(()) }
            }
        }
        call.output.line("Kicked from \(list(target.rooms)).")
    }

    static let mute = ConsoleCommand(
        "mute", "WHO [in ROOM] [for TIME] [because WHY]", "Somebody cannot speak in a room, or in every room they are in, for a while or for good.",
        examples: ["mute ann 10m", "mute ann in k3v9t2 for 1h because spam", "mute ann k3v9t2 1h spam"], complete: whoThenRoom
    ) { call in
        try await restrict(.mute, call)
    }

    static let ban = ConsoleCommand(
        "ban", "WHO [in ROOM] [for TIME] [because WHY]", "Keeps somebody out of a room, or of every room they are in, for a while or for good.",
        examples: ["ban ann 1d", "ban u_5mq0c2vd9x in k3v9t2", "ban ann k3v9t2 1d spam"], complete: whoThenRoom
    ) { call in
        try await restrict(.ban, call)
    }

    static let unmute = ConsoleCommand("unmute", "WHO [ROOM]", "Lets somebody speak again.", examples: ["unmute ann"], complete: whoThenRoom) { call in
        try await lift(.mute, call)
    }

    static let unban = ConsoleCommand("unban", "WHO [ROOM]", "Lets somebody in again.", examples: ["unban u_5mq0c2vd9x"], complete: whoThenRoom) { call in
        try await lift(.ban, call)
    }

    static let bans = ConsoleCommand("bans", "[ROOM]", "Who is banned or muted, and until when.", complete: Complete.rooms) { call in
        let id: RoomID? = if let word = call.words.first { try await call.room(word) } else { nil }
        let rows: [[String]] = await call.server.ask { engine in
            let now = engine.clock.now.wall
            return engine.rooms.values.filter { id == nil || $0.id == id }.flatMap { Array($0.bans.values) + Array($0.mutes.values) }
                .filter { !$0.isOver(at: now) }.sorted { ($0.room.text, $0.at) < ($1.room.text, $1.at) }.map {
                    let left = $0.until.map { "for " + words(forSeconds: Double($0 - now) / 1_000) } ?? "for good"
                    return [$0.kind.rawValue, $0.room.text, $0.person.text, $0.name, left, $0.by, $0.reason]
                }
        }
        if rows.isEmpty { return call.output.line("Nobody is banned or muted.") }
        call.output.table(["Kind", "Room", "Id", "Name", "Left", "By", "Why"], rows)
    }

    // MARK: Who, where

    private struct Target: Sendable {
        let person: PersonID
        let rooms: [RoomID]
        let seconds: Double?
        let reason: String
    }

    @Sendable private static func whoThenRoom(_ words: [String], _ server: any ConsoleServer) async -> [String] {
        if words.isEmpty { return await Complete.people([], server) }
        return words.count == 1 || words.last == "in" ? await Complete.rooms([], server) + ["in", "for", "because"] : []
    }

    /// `WHO [in ROOM] [for TIME] [because WHY]`. The small words may be left out where it is clear what is meant; without a
    /// room, it is every room the person is in.
    private static func target(_ call: Invocation, takesTime: Bool) async throws -> Target {
        let person = try await call.person(try call.word(0, "a person"))
        var rest = call.words.dropFirst()
        var room: RoomID?
        if rest.first == "in" {
            rest.removeFirst()
            guard let word = rest.popFirst() else { throw ConsoleError.usage("a room is missing after 'in'") }
            room = try await call.room(word)
        } else if let word = rest.first, let meant = try await self.room(meantBy: word, call) {
            rest.removeFirst()
            room = meant
        }
        var time: Double?
        if takesTime, rest.first == "for" {
            rest.removeFirst()
            time = rest.popFirst().flatMap(seconds(in:))
            if time == nil { throw ConsoleError.usage("'for' is followed by a time such as 10m") }
        } else if takesTime, let word = rest.first, let given = seconds(in: word) {
            rest.removeFirst()
            time = given
        }
        if rest.first == "because" { rest.removeFirst() }
        let rooms = if let room { [room] } else { await call.server.ask { $0.people[person]?.rooms ?? [] } }
        if rooms.isEmpty { throw ConsoleError.failed("They are in no room: name one.") }
        return Target(person: person, rooms: rooms, seconds: time, reason: rest.joined(separator: " "))
    }

    /// The room that a word names, if it names one. A word that nearly does is an error: nobody is to be banned from every
    /// room because of a slip.
    private static func room(meantBy word: String, _ call: Invocation) async throws -> RoomID? {
        if ["for", "because"].contains(word) || seconds(in: word) != nil { return nil }
        let (found, names) = await call.server.ask { engine in
            let named = engine.rooms.values.filter { $0.id.text == word || $0.record.title.lowercased() == word.lowercased() }
            return (named.map(\.id), engine.rooms.values.flatMap { [$0.id.text, $0.record.title] })
        }
        if found.count == 1 { return found[0] }
        if found.count > 1 { return try await call.room(word) }
        let hint = nearest(word, in: names)
        guard hint != nil || looksLikeRoom(word) else { return nil }
        let meant = hint.map { " Did you mean '\($0)'?" } ?? ""
        throw ConsoleError.failed("There is no room '\(word)'.\(meant) If it is the reason, write: because \(word)")
    }

    /// Six letters and digits with no vowels among them, as ids of rooms are.
    private static func looksLikeRoom(_ word: String) -> Bool {
        word.count == 6 && word.contains(where: \.isNumber) && word.allSatisfy { "0123456789bcdfghjkmnpqrstvwxyz".contains($0) }
    }

    private static func restrict(_ kind: Restriction.Kind, _ call: Invocation) async throws {
        let target = try await target(call, takesTime: true)
        for room in target.rooms {
            await call.server.await { engine, answer in
                engine.restrict(kind, target.person, in: room, seconds: target.seconds, reason: target.reason, by: "console") { answer(()) }
            }
        }
        let done = kind == .ban ? "Banned from" : "Muted in"
        call.output.line("\(done) \(list(target.rooms)) \(target.seconds.map { "for " + words(forSeconds: $0) } ?? "for good").")
    }

    /// Those who are banned are not here, so their ids are looked for among the restrictions.
    private static func lift(_ kind: Restriction.Kind, _ call: Invocation) async throws {
        let who = try call.word(0, "a person")
        let wanted: RoomID? = if call.words.count > 1 { try await call.room(call.words[1]) } else { nil }
        let found: [Restriction] = await call.server.ask { engine in
            engine.rooms.values.filter { wanted == nil || $0.id == wanted }.flatMap { (kind == .ban ? $0.bans : $0.mutes).values }
                .filter { $0.person.text == who || $0.name.lowercased() == who.lowercased() }
        }
        if found.isEmpty { throw ConsoleError.failed("'\(who)' is not \(kind == .ban ? "banned" : "muted").") }
        for restriction in found {
            await call.server.await { engine, answer in
                engine.lift(kind, restriction.person, in: restriction.room, by: "console") { answer(()) }
            }
        }
        call.output.line("\(kind == .ban ? "Unbanned from" : "Unmuted in") \(list(found.map(\.room))).")
    }

    private static func list(_ rooms: [RoomID]) -> String { rooms.map(\.text).sorted().joined(separator: ", ") }
}
