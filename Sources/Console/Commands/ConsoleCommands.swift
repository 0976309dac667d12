import Plugins
import RoomEngine

/// Every command of the console.
enum ConsoleCommands {
    static let all: [ConsoleCommand] = [
        help, status, rooms, room, users, user, say, announce, tell, kick, mute, unmute, ban, unban, bans, role, slow, shield, plugins, plugin,
        hooks, timers, schedules, store, log, watch, why, held, approve, refuse, token, limits, metrics, config, close, shutdown,
        redact, purge, rollback, undo, reports, audit, backup, export, erase,
    ]

    static func named(_ name: String) -> ConsoleCommand? { all.first { $0.name == name } }
}

// MARK: What commands name

/// A room that was found, copied for showing.
struct RoomRow: Sendable {
    let info: RoomInfo
    let record: RoomRecord
    let head: Int64
    let waiting: Int
}

extension Invocation {
    /// The id of the room that a word names: by id, or by a title that only one has.
    func room(_ word: String) async throws -> RoomID {
        let found: [RoomID] = await server.ask { engine in
            if engine.rooms[RoomID(word)] != nil { return [RoomID(word)] }
            return engine.rooms.values.filter { $0.record.title.lowercased() == word.lowercased() }.map(\.id)
        }
        if found.count == 1 { return found[0] }
        if found.count > 1 { throw ConsoleError.failed("\(found.count) rooms have that title: use an id (\(found.map(\.text).sorted().joined(separator: ", "))).") }
        let titles = await server.ask { $0.rooms.values.flatMap { [$0.id.text, $0.record.title] } }
        let hint = nearest(word, in: titles).map { " Did you mean '\($0)'?" } ?? ""
        throw ConsoleError.failed("There is no room '\(word)'.\(hint)")
    }

    /// The id of the person that a word names: by id, or by a name that only one has.
    func person(_ word: String) async throws -> PersonID {
        let name = word.hasPrefix("@") ? String(word.dropFirst()) : word
        let found: [PersonID] = await server.ask { engine in
            if engine.people[PersonID(name)] != nil { return [PersonID(name)] }
            return engine.people.values.filter { $0.name.lowercased() == name.lowercased() }.map(\.id)
        }
        if found.count == 1 { return found[0] }
        if found.count > 1 { throw ConsoleError.failed("\(found.count) people are called '\(name)': use an id (\(found.map(\.text).sorted().joined(separator: ", "))).") }
        let names = await server.ask { $0.people.values.map(\.name) }
        let hint = nearest(name, in: names).map { " Did you mean '\($0)'?" } ?? ""
        throw ConsoleError.failed("Nobody here is called '\(name)'.\(hint)")
    }
}

enum Complete {
    @Sendable static func rooms(_ words: [String], _ server: any ConsoleServer) async -> [String] {
        words.isEmpty ? await server.ask { $0.rooms.keys.map(\.text) } : []
    }

    @Sendable static func people(_ words: [String], _ server: any ConsoleServer) async -> [String] {
        words.isEmpty ? await server.ask { $0.people.keys.map(\.text) } : []
    }

    @Sendable static func plugins(_ server: any ConsoleServer) async -> [String] {
        await server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return [] }
            let files = (try? PluginFiles.all(in: host.surroundings.folder)) ?? []
            return Set(host.plugins.keys.map(\.text)).union(files.map(\.id.text)).sorted()
        }
    }
}

/// Milliseconds since 1970, as how long ago.
func ago(_ milliseconds: Int64, _ now: Int64) -> String { words(forSeconds: Double(max(0, now - milliseconds)) / 1_000) + " ago" }
