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
    /// What is kept, or an explanation that nothing is.
    func archive() throws(ConsoleError) -> any Archive {
        guard let archive = server.archive else { throw .failed("Nothing is kept: the server runs with --history none.") }
        return archive
    }
}
