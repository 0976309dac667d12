import Synchronization

/// The lines that an operator types one after the other: commands, and after `plugin repl ID` Lua, until `exit`.
///
/// Called for one line at a time.
package final class ConsoleLines: Sendable {
    /// Carries a command out: gets the line and what takes its output, and returns its exit status.
    package typealias Run = @Sendable (String, @escaping @Sendable (String) -> Void) async -> Int32

    private struct Repl {
        /// What makes a command of the code.
        var command: String
        var plugin: String
        /// What was typed so far of code that goes over several lines.
        var code = ""
    }

    private let run: Run
    private let write: @Sendable (String) -> Void
    private let repl = Mutex<Repl?>(nil)

    package init(run: @escaping Run, write: @escaping @Sendable (String) -> Void) {
        self.run = run
        self.write = write
    }

    /// What stands before the next line.
    package var prompt: String {
        repl.withLock { repl in repl.map { $0.code.isEmpty ? "\($0.plugin)> " : "\($0.plugin)>> " } ?? "roost> " }
    }

    /// Whether the next line is Lua.
    package var isLua: Bool { repl.withLock { $0 != nil } }

    package func take(_ line: String) async {
        if let now = repl.withLock({ $0 }) { return await take(line, in: now) }
        guard let begun = Self.begins(line) else { return _ = await run(line, write) }
        repl.withLock { $0 = begun }
        write("Lua in the state of \(begun.plugin): its globals, not its locals. 'exit' leaves.")
    }

    private func take(_ line: String, in now: Repl) async {
        let word = line.drop { $0.isWhitespace }
        if word == "exit" { return repl.withLock { $0 = nil } }
        if now.code.isEmpty, word.isEmpty { return }
        let code = now.code.isEmpty ? line : now.code + "\n" + line
        let said = Mutex<[String]>([])
        let status = await run("\(now.command) \(code)") { line in said.withLock { $0.append(line) } }
        // An empty line ends what is never complete.
        let goesOn = status == ConsoleInterpreter.incomplete && !word.isEmpty
        repl.withLock { $0?.code = goesOn ? code : "" }
        if !goesOn { for line in said.withLock({ $0 }) { write(line) } }
    }

    /// `plugin repl ID`, with or without `--shadow`, and no code.
    private static func begins(_ line: String) -> Repl? {
        let words = line.split { $0.isWhitespace }.map(String.init)
        guard words.starts(with: ["plugin", "repl"]) else { return nil }
        let rest = words.dropFirst(2).filter { $0 != "--shadow" }
        guard rest.count == 1, let plugin = rest.first, !plugin.hasPrefix("-") else { return nil }
        return Repl(command: words.contains("--shadow") ? "plugin repl --shadow \(plugin)" : "plugin repl \(plugin)", plugin: plugin)
    }
}
