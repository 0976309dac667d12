import Plugins
import RoomEngine

extension ConsoleCommands {
    static let watch = ConsoleCommand(
        "watch", "[ROOM] [where NAME=VALUE …]", "What happens and what is refused, live, until Ctrl-C. Names: event, verdict, user, by, text.",
        examples: ["watch", "watch k3v9t2", "watch where verdict=drop by=guard"],
        complete: { words, server in
            if words.contains("where") { return Sight.names.map { $0 + "=" } }
            return await Complete.rooms(words, server) + ["where"]
        }
    ) { call in
        var rest = call.words[...]
        let room: RoomID? = if let word = rest.first, word != "where" { try await call.room(word) } else { nil }
        if room != nil { rest.removeFirst() }
        let conditions = try conditions(rest)
        let (sights, news) = AsyncStream.makeStream(of: Sight.self, bufferingPolicy: .bufferingNewest(1_000))
        let number = await call.server.ask { engine in (engine.hooks as? PluginHost)?.watch { news.yield($0) } }
        guard let number else { throw ConsoleError.failed("This server has no plugins to watch.") }
        for await sight in sights where room == nil || sight.room == room {
            guard conditions.allSatisfy({ sight.fits($0.name, $0.value) }) else { continue }
            call.output.line(sight.line)
        }
        await call.server.ask { ($0.hooks as? PluginHost)?.stopWatching(number) }
    }

    private static func conditions(_ words: ArraySlice<String>) throws -> [(name: String, value: String)] {
        guard let first = words.first else { return [] }
        guard first == "where" else { throw ConsoleError.usage("'\(first)' is not expected") }
        return try words.dropFirst().map { word in
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ConsoleError.usage("'\(word)' is no NAME=VALUE") }
            guard Sight.names.contains(parts[0]) else {
                let hint = nearest(parts[0], in: Sight.names).map { "; did you mean '\($0)'?" } ?? "; there are \(Sight.names.joined(separator: ", "))"
                throw ConsoleError.failed("Nothing that is watched has a '\(parts[0])'\(hint)")
            }
            return (parts[0], parts[1])
        }
    }
}

extension Sight {
    fileprivate static let names = ["event", "verdict", "user", "by", "text"]

    /// Whether a field is as wanted; of a text, whether that is in it.
    fileprivate func fits(_ name: String, _ value: String) -> Bool {
        switch name {
        case "event": event == value
        case "verdict": verdict == value
        case "user": user?.lowercased() == value.lowercased()
        case "by": by == value
        default: text.lowercased().contains(value.lowercased())
        }
    }

    fileprivate var line: String {
        [room?.text ?? "-", event, user ?? "-", verdict + (by.map { " by \($0)" } ?? ""), text, trace ?? ""].filter { !$0.isEmpty }.joined(separator: "  ")
    }
}
