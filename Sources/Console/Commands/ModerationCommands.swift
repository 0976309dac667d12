import Plugins
import RoomEngine

extension ConsoleCommands {
    static let kick = ConsoleCommand("kick", "WHO [ROOM] [WHY]", "Asks somebody to leave a room, or every room they are in.", examples: ["kick ann k3v9t2 \"too loud\""], complete: whoThenRoom) { call in
        let target = try await target(call)
        await call.server.ask { engine in
            for room in target.rooms { engine.kick(target.person, from: room, reason: target.rest.joined(separator: " "), by: "console") }
        }
        call.output.line("Kicked from \(list(target.rooms)).")
    }

    static let mute = ConsoleCommand("mute", "WHO [ROOM] [FOR] [WHY]", "Somebody cannot speak in a room for a while, or for good.", examples: ["mute ann 10m", "mute ann k3v9t2 1h spam"], complete: whoThenRoom) { call in
        try await restrict(.mute, call)
    }

    static let ban = ConsoleCommand("ban", "WHO [ROOM] [FOR] [WHY]", "Keeps somebody out of a room for a while, or for good.", examples: ["ban ann 1d", "ban u_5mq0c2vd9x k3v9t2"], complete: whoThenRoom) { call in
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
        let rest: [String]
    }

    @Sendable private static func whoThenRoom(_ words: [String], _ server: any ConsoleServer) async -> [String] {
        words.count < 2 ? await (words.isEmpty ? Complete.people([], server) : Complete.rooms([], server)) : []
    }

    /// `WHO [ROOM] …`: without a room, every room the person is in.
    private static func target(_ call: Invocation) async throws -> Target {
        let person = try await call.person(try call.word(0, "a person"))
        if call.words.count > 1, let room = try? await call.room(call.words[1]) {
            return Target(person: person, rooms: [room], rest: Array(call.words.dropFirst(2)))
        }
        let rooms = await call.server.ask { $0.people[person]?.rooms ?? [] }
        if rooms.isEmpty { throw ConsoleError.failed("They are in no room: name one.") }
        return Target(person: person, rooms: rooms, rest: Array(call.words.dropFirst()))
    }

    private static func restrict(_ kind: Restriction.Kind, _ call: Invocation) async throws {
        let target = try await target(call)
        let time = target.rest.first.flatMap(seconds(in:))
        let reason = target.rest.dropFirst(time == nil ? 0 : 1).joined(separator: " ")
        await call.server.ask { engine in
            for room in target.rooms { engine.restrict(kind, target.person, in: room, seconds: time, reason: reason, by: "console") }
        }
        let done = kind == .ban ? "Banned from" : "Muted in"
        call.output.line("\(done) \(list(target.rooms)) \(time.map { "for " + words(forSeconds: $0) } ?? "for good").")
    }

    /// Those who are banned are not here, so their ids are looked for among the restrictions.
    private static func lift(_ kind: Restriction.Kind, _ call: Invocation) async throws {
        let who = try call.word(0, "a person")
        let wanted: RoomID? = if call.words.count > 1 { try await call.room(call.words[1]) } else { nil }
        let lifted: [RoomID] = await call.server.ask { engine in
            var lifted: [RoomID] = []
            for room in engine.rooms.values where wanted == nil || room.id == wanted {
                let restrictions = kind == .ban ? room.bans : room.mutes
                for restriction in restrictions.values where restriction.person.text == who || restriction.name.lowercased() == who.lowercased() {
                    engine.lift(kind, restriction.person, in: room.id)
                    lifted.append(room.id)
                }
            }
            return lifted
        }
        if lifted.isEmpty { throw ConsoleError.failed("'\(who)' is not \(kind == .ban ? "banned" : "muted").") }
        call.output.line("\(kind == .ban ? "Unbanned from" : "Unmuted in") \(list(lifted)).")
    }

    private static func list(_ rooms: [RoomID]) -> String { rooms.map(\.text).sorted().joined(separator: ", ") }
}
