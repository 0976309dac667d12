import Plugins
import RoomEngine

/// Taking things out of rooms, and putting them back.
extension ConsoleCommands {
    static let redact = ConsoleCommand(
        "redact", "MESSAGE [WHY]", "Deletes a message; 'undo' puts it back for a while.", examples: ["redact k3v9t2:42 --yes", "redact k3v9t2:42 \"somebody's address\" --yes"]
    ) { call in
        let name = try call.word(0, "a message, such as k3v9t2:42,")
        let parts = name.split(separator: ":")
        guard parts.count == 2, let seq = Int64(parts[1]) else { throw ConsoleError.usage("'\(name)' is no message: a room's id, a colon and the message's number") }
        let room = try await call.room(String(parts[0]))
        let why = call.text(from: 1)
        try call.confirm("delete message \(seq) of \(room)")
        let removal = try await removal(call) { $0.redact(seq, in: room, why: why.isEmpty ? nil : why, then: $1) }
        report(removal, call)
    }

    static let purge = ConsoleCommand(
        "purge", "WHO [SINCE]", "Deletes what somebody has said, all of it or since so long ago, in every room; 'undo' puts it back for a while.",
        examples: ["purge ann --yes", "purge u_5mq0c2vd9x 2h --yes"], complete: Complete.people
    ) { call in
        let person = try await subject(call)
        let time = try time(call, at: 1)
        try call.confirm("delete everything that \(person) has said \(time.map { "in the last \(words(forSeconds: $0))" } ?? "so far"), in every room")
        let removal = try await removal(call) { engine, then in engine.purge(person, since: engine.since(time), then: then) }
        report(removal, call)
    }

    static let rollback = ConsoleCommand(
        "rollback", "WHO since TIME",
        "Takes back what somebody has done since: messages written or changed, reactions, topics, and their mutes and bans; 'undo' puts it back for a while.",
        examples: ["rollback ann since 10m --yes"], complete: Complete.people
    ) { call in
        let person = try await subject(call)
        guard try call.word(1, "'since' and a time") == "since" else { throw ConsoleError.usage("'since' is missing") }
        guard let time = try time(call, at: 2) else { throw ConsoleError.usage("a time such as 10m is missing") }
        try call.confirm("take back everything that \(person) has done in the last \(words(forSeconds: time)), in every room")
        let removal = try await removal(call) { engine, then in engine.rollBack(person, since: engine.since(time), then: then) }
        report(removal, call)
    }

    static let undo = ConsoleCommand("undo", "[ID]", "Puts back what redact, purge or rollback took out, or lists what can be put back.", examples: ["undo", "undo x_5mq0c2"], complete: undoable) { call in
        guard let id = call.words.first else {
            let rows: [[String]] = await call.server.ask { $0.undos.map { [$0.id, $0.what, words(forSeconds: Double($0.seconds))] } }
            if rows.isEmpty { return call.output.line("There is nothing to put back.") }
            return call.output.table(["Id", "What", "Left"], rows)
        }
        let removal = try await removal(call) { $0.undo(id, then: $1) }
        call.output.line("Put back: \(list(removal)).")
    }

    static let reports = ConsoleCommand(
        "reports", "[ROOM] | close ID", "Messages that people want a moderator to look at; 'close' takes one off the list.",
        examples: ["reports", "reports k3v9t2", "reports close r_5mq0c2vd"], complete: reported
    ) { call in
        if call.words.first == "close" {
            let id = try call.word(1, "a report's id; 'reports' lists them")
            if let refusal = await call.server.await({ $0.closeReport(id, then: $1) }) { throw ConsoleError.failed(refusal.text) }
            return call.output.line("Closed.")
        }
        let room: RoomID? = if let word = call.words.first { try await call.room(word) } else { nil }
        let rows: [[String]] = await call.server.ask { engine in
            let now = engine.clock.now.wall
            return engine.reports.values.filter { room == nil || $0.room == room }.sorted { ($0.at, $0.id) < ($1.at, $1.id) }.map {
                [$0.id, "\($0.room):\($0.seq)", $0.author.name, $0.text, $0.name, $0.why, ago($0.at, now)]
            }
        }
        if rows.isEmpty { return call.output.line("Nothing is reported.") }
        call.output.table(["Id", "Message", "From", "Text", "Reported by", "Why", "When"], rows)
    }

    // MARK: What the words mean

    /// A person who is here or, by their id, one who is not.
    private static func subject(_ call: Invocation) async throws -> PersonID {
        let word = try call.word(0, "a person")
        return word.hasPrefix("u_") ? PersonID(word) : try await call.person(word)
    }

    /// Seconds, if a time is given at that place.
    private static func time(_ call: Invocation, at index: Int) throws(ConsoleError) -> Double? {
        guard call.words.indices.contains(index) else { return nil }
        guard let time = seconds(in: call.words[index]) else { throw .usage("'\(call.words[index])' is no time such as 10m or 2h") }
        return time
    }

    private static func removal(
        _ call: Invocation, _ act: @escaping @Sendable (Engine, @escaping (Result<Removal, Refusal>) -> Void) -> Void
    ) async throws -> Removal {
        switch await call.server.await({ act($0, $1) }) as Result<Removal, Refusal> {
        case .success(let removal): return removal
        case .failure(let refusal): throw ConsoleError.failed(refusal.text)
        }
    }

    private static func report(_ removal: Removal, _ call: Invocation) {
        guard let undo = removal.undo else { return call.output.line("There was nothing to take out.") }
        call.output.line("Taken out: \(list(removal)). 'undo \(undo)' puts it back, for 10 minutes and until the server ends.")
    }

    private static func list(_ removal: Removal) -> String {
        let parts = [
            (removal.messages, "message"), (removal.reactions, "reaction"), (removal.topics, "topic"), (removal.restrictions, "mute or ban"),
        ].filter { $0.0 > 0 }
        return parts.map { $0.0 == 1 ? "1 \($0.1)" : $0.1 == "mute or ban" ? "\($0.0) mutes and bans" : "\($0.0) \($0.1)s" }.joined(separator: ", ")
    }

    @Sendable private static func undoable(_ words: [String], _ server: any ConsoleServer) async -> [String] {
        words.isEmpty ? await server.ask { $0.undos.map(\.id) } : []
    }

    @Sendable private static func reported(_ words: [String], _ server: any ConsoleServer) async -> [String] {
        if words.first == "close" { return await server.ask { Array($0.reports.keys) } }
        return words.isEmpty ? await ["close"] + Complete.rooms([], server) : []
    }
}

extension Engine {
    /// Milliseconds since 1970, so many seconds ago; the beginning, if none are given.
    fileprivate func since(_ seconds: Double?) -> Int64 { seconds.map { clock.now.wall - Int64($0 * 1_000) } ?? 0 }
}
