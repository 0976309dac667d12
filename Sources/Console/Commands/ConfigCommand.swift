import Plugins
import RoomEngine

/// What a configuration that was read anew would change, or has changed.
package struct ConfigurationChange: Sendable {
    package var name: String
    package var before: String
    package var after: String
    /// It counts at once; anything else at the next start.
    package var isLive: Bool

    package init(name: String, before: String, after: String, isLive: Bool) {
        self.name = name
        self.before = before
        self.after = after
        self.isLive = isLive
    }
}

extension ConsoleCommands {
    static let config = ConsoleCommand(
        "config", "check | reload", "Reads the configuration anew: 'check' says what is wrong with it and what would change, 'reload' changes it.",
        examples: ["config check", "config reload"], complete: { words, _ in words.isEmpty ? ["check", "reload"] : [] }
    ) { call in
        let verb = try call.word(0, "'check' or 'reload'")
        guard ["check", "reload"].contains(verb) else { throw ConsoleError.usage("'\(verb)' is neither 'check' nor 'reload'") }
        let found = await call.server.readConfiguration(apply: verb == "reload")
        for problem in found.problems { call.output.line(problem) }
        if !found.changes.isEmpty {
            call.output.table(["Setting", "Before", "Now", "Counts"], found.changes.map { change in
                [change.name, change.before, change.after, change.isLive ? "at once" : "from the next start"]
            })
        }
        if !found.problems.isEmpty {
            throw ConsoleError.failed(found.isApplied ? "What is wrong was left as it was." : "The configuration has mistakes. Nothing was changed.")
        }
        if found.changes.isEmpty { return call.output.line("The configuration is fine, and the same as before.") }
        call.output.line(verb == "check" ? "The configuration is fine. 'config reload' puts it into effect." : "The configuration was read anew.")
    }
}

/// What came of reading the configuration anew.
package struct ConfigurationReading: Sendable {
    package var changes: [ConfigurationChange]
    /// A sentence each.
    package var problems: [String]
    package var isApplied: Bool

    package init(changes: [ConfigurationChange], problems: [String], isApplied: Bool) {
        self.changes = changes
        self.problems = problems
        self.isApplied = isApplied
    }
}
