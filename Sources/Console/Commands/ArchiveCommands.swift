import Plugins
import RoomEngine

extension ConsoleCommands {
    static let backup = ConsoleCommand(
        "backup", "FOLDER", "Copies everything that is kept into a new folder, while people go on talking.",
        examples: ["backup /var/backups/roost-monday"]
    ) { call in
        let path = try call.word(0, "a folder that is not there yet")
        if call.words.count > 1 { throw ConsoleError.usage("'\(call.words[1])' is one word too many; quote a path with spaces") }
        call.output.line(try await call.archive().backUp(to: path))
    }

    static let export = ConsoleCommand(
        "export", "room ID FILE | user ID FILE", "Writes what is kept of a room, or about a person, to a new file: a line of JSON each.",
        examples: ["export room k3v9t2 /tmp/tea.jsonl", "export user u_5mq0c2vd9x /tmp/ann.jsonl"],
        complete: { words, server in
            if words.isEmpty { return ["room", "user"] }
            return words.count == 1 ? await (words[0] == "room" ? Complete.rooms : Complete.people)([], server) : []
        }
    ) { call in
        let kind = try call.word(0, "'room' or 'user'")
        let name = try call.word(1, "an id")
        let path = try call.word(2, "a file that is not there yet")
        switch kind {
        case "room":
            let id = try await call.room(name)
            guard let info = await call.server.ask({ $0.rooms[id]?.info }) else { throw ConsoleError.failed("The room is gone.") }
            call.output.line(try await call.archive().export(room: info, to: path))
        case "user": call.output.line(try await call.archive().export(person: try await call.keptPerson(name).id, to: path))
        default: throw ConsoleError.usage("'\(kind)' is neither 'room' nor 'user'")
        }
    }

    static let erase = ConsoleCommand(
        "erase", "user ID", "Forgets a person: their name, words and GIFs, and what plugins keep of them. It cannot be undone.",
        examples: ["erase user u_5mq0c2vd9x --yes"],
        complete: { words, server in words.isEmpty ? ["user"] : await Complete.people(Array(words.dropFirst()), server) }
    ) { call in
        guard try call.word(0, "'user'") == "user" else { throw ConsoleError.usage("'\(call.words[0])' cannot be erased; a person can") }
        let person = try await call.keptPerson(try call.word(1, "an id"))
        try call.confirm("erase \(person.name) (\(person.id)): whatever they wrote, in every room, and everything else about them, for good")
        call.output.line(try await call.archive().erase(person.id))
    }

    static let audit = ConsoleCommand(
        "audit", "[WHO] [WHAT] [SINCE]", "Who did what, of operators, moderators and plugins: the last lines, or those of so long ago.",
        examples: ["audit", "audit guard mute 2h", "audit * shutdown"],
        complete: { words, server in words.isEmpty ? await Complete.plugins(server) + ["console", "*"] : [] }
    ) { call in
        var words = call.words
        let time = words.last.flatMap(seconds(in:))
        if time != nil { words.removeLast() }
        if words.count > 2 { throw ConsoleError.usage("'\(words[2])' is one word too many") }
        let wanted = words.map { $0 == "*" ? nil : $0 }
        let now = await call.server.ask { $0.clock.now.wall }
        let limit = call.options.contains("all") ? 100_000 : call.output.limit
        let lines = try await call.archive().audit(
            by: wanted.first ?? nil, what: wanted.count > 1 ? wanted[1] : nil, since: time.map { now - Int64($0 * 1_000) } ?? 0, limit: limit)
        if lines.isEmpty { return call.output.line("Nothing like that has been noted.") }
        call.output.table(["When", "By", "What"], lines.map { [ago($0.at, now), $0.by, $0.what] })
    }
}

extension Invocation {
    /// A person who is here, by name or id, or of whom something is kept, by id.
    func keptPerson(_ word: String) async throws -> PersonRecord {
        if let kept = try await archive().person(PersonID(word)) { return kept }
        let id = try await person(word)
        guard let kept = try await archive().person(id) else { throw ConsoleError.failed("Nothing is kept of \(id): they have never been in a room.") }
        return kept
    }

    /// What is kept, or an explanation that nothing is.
    func archive() throws(ConsoleError) -> any Archive {
        guard let archive = server.archive else { throw .failed("Nothing is kept: the server runs with --history none.") }
        return archive
    }
}
