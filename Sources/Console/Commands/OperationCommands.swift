import Plugins
import RoomEngine

extension ConsoleCommands {
    static let log = ConsoleCommand(
        "log", "[PLUGIN] [LEVEL] [--follow]", "The last log lines; with --follow, those to come, until Ctrl-C.", examples: ["log guard warning", "log --follow"],
        complete: { words, server in words.isEmpty ? await Complete.plugins(server) + ["debug", "info", "warning", "error"] : ["debug", "info", "warning", "error"] }
    ) { call in
        let levels = ["debug", "info", "warning", "error"]
        let filter = LogFilter(plugin: call.words.first { !levels.contains($0) }, level: call.words.first { levels.contains($0) })
        for line in call.server.recentLog(filter, limit: call.options.contains("all") ? .max : 40) { call.output.line(line) }
        guard call.options.contains("follow") else { return }
        for await line in call.server.followLog(filter) {
            try Task.checkCancellation()
            call.output.line(line)
        }
    }

    static let close = ConsoleCommand(
        "close", "CONNECTION [CODE]", "Ends one connection; 'user WHO' lists them. The code says whether the client comes back (docs/protocol.md): 1008 if nothing is said.",
        examples: ["close 4711", "close 4711 1001"]
    ) { call in
        let word = try call.word(0, "a connection")
        guard let number = UInt64(word) else { throw ConsoleError.usage("'\(word)' is not the number of a connection") }
        var code = Closing.Code.policy
        if call.words.count > 1 {
            guard let given = UInt16(call.words[1]).flatMap(Closing.Code.init) else {
                throw ConsoleError.usage("'\(call.words[1])' is not a code; there are \(Closing.Code.allCases.map { "\($0.rawValue)" }.joined(separator: ", "))")
            }
            code = given
        }
        let closing = Closing(code, "The operator has ended the connection.")
        guard await call.server.ask({ $0.close(ConnectionID(number), closing) }) else { throw ConsoleError.failed("There is no connection \(number).") }
        call.output.line("Closed.")
    }

    static let shutdown = ConsoleCommand("shutdown", "[TIME] [MESSAGE]", "Ends the server. People are told, and come back when it is up again.", examples: ["shutdown --yes", "shutdown 10s \"New version\" --yes"]) { call in
        let time = call.words.first.flatMap(seconds(in:))
        let reason = call.text(from: time == nil ? 0 : 1)
        let (people, rooms) = await call.server.ask { engine in
            (engine.people.values.filter { !$0.connections.isEmpty }.count, engine.rooms.values.filter { $0.count > 0 }.count)
        }
        if people > 0 { try call.confirm("end the server for \(people) people in \(rooms) rooms") }
        let message = reason.isEmpty ? "The server is shutting down." : reason
        if let time, time > 0 {
            await call.server.ask { engine in
                for room in engine.rooms.values where room.count > 0 {
                    engine.system(LocalizedText("\(message) (in \(words(forSeconds: time)))"), key: nil, in: room.id, origin: .console("console"))
                }
            }
        }
        call.server.shutDown(after: time ?? 0, reason: message)
        call.output.line(time.map { "Ending in \(words(forSeconds: $0))." } ?? "Ending.")
    }
}
