import LuaHost
import RoomEngine

/// An error of a plugin, as its author wants to read it: file, line, the line itself, a caret, a hint, the traceback.
package struct PluginProblem: Error, Sendable {
    package let plugin: PluginID
    package let generation: Int
    package let message: String
    package let file: String?
    package let line: Int?
    package let text: String
    /// What the console knows it by, e.g. `x12`; nil for what was found before any code ran.
    package private(set) var id: String?
    /// Milliseconds since 1970.
    package private(set) var at: Int64 = 0
    /// What it was about, if that can be done again in a test.
    package private(set) var cause: ProblemCause?
    /// What it asks for and has not been granted, if that is what is wrong.
    package private(set) var ungranted: Set<String> = []

    /// An error of a run.
    /// - Parameter id: what the console knows it by
    init(_ failure: LuaFailure, of plugin: Plugin, _ run: Run, id: String, budget: LuaBudget) {
        let cause = ProblemCause(run)
        self.init(failure, of: plugin, context: run.description + (cause.map { ": \($0)" } ?? ""), budget: budget)
        self.id = id
        self.cause = cause
        at = plugin.host.engine.clock.now.wall
    }

    /// - Parameter context: what was going on, e.g. `while loading`
    init(_ failure: LuaFailure, of plugin: Plugin, context: String, budget: LuaBudget) {
        self.plugin = plugin.id
        generation = plugin.generation
        let words =
            switch failure.kind {
            case .time: "ran longer than its \(budget.milliseconds) ms"
            case .memory: "kept asking for memory beyond its \(plugin.manifest.memory >> 20) MiB"
            case .lost:
                "was busy in a way that nothing could interrupt, such as collecting tables with weak keys that hold one another: its state was given up"
            case .error: failure.message
            }
        let place = Place(failure.message) ?? failure.source.flatMap { source in failure.line.map { Place(source: source, line: $0) } }
        file = place?.source
        line = place?.line
        message = words

        var lines = ["\(plugin.version): \(Self.placed(words, place))"]
        if let place, let source = plugin.files.line(place.line, of: place.source) {
            let number = "\(place.line)"
            lines.append("  \(number) | \(source.replacing("\t", with: "    "))")
            if let (column, hint) = Self.hint(failure, source) {
                lines.append(String(repeating: " ", count: number.count + 5 + column) + "^ " + hint)
            }
        }
        lines.append("  \(context)")
        if !failure.traceback.isEmpty {
            // The host's own frames say nothing to a plugin's author.
            lines += failure.traceback.split(separator: "\n").filter { $0 != "\t[C]: in ?" }.map { "  " + $0.replacing("\t", with: "  ") }
        }
        text = lines.joined(separator: "\n")
    }

    /// A version that asks for more than its plugin was granted.
    init(plugin: PluginID, generation: Int, ungranted: Set<String>, words: [String]) {
        self.init(
            plugin: plugin, generation: generation,
            message: "this version wants to \(words.joined(separator: ", ")), which the one before did not: "
                + "'plugin grant \(plugin) all' allows it, or name one of: \(ungranted.sorted().joined(separator: ", "))")
        self.ungranted = ungranted
    }

    /// A mistake found before any code ran.
    package init(plugin: PluginID, generation: Int = 0, message: String, file: String? = nil) {
        self.plugin = plugin
        self.generation = generation
        self.message = message
        self.file = file
        line = nil
        text = "\(plugin): \(file.map { "\($0): " } ?? "")\(message)"
    }

    private struct Place {
        var source: String
        var line: Int

        init(source: String, line: Int) {
            self.source = source
            self.line = line
        }

        /// The place that a message begins with, as in `guard/init.lua:31: …`; the last of several, which is where the error
        /// came from when it has passed through coroutines.
        init?(_ message: String) {
            guard let colon = message.firstRange(of: ".lua:") else { return nil }
            let digits = message[colon.upperBound...].prefix { $0.isNumber }
            let source = message[..<message.index(before: colon.upperBound)]
            guard let line = Int(digits), !source.contains(where: { $0.isWhitespace }) else { return nil }
            let rest = message[digits.endIndex...]
            if rest.hasPrefix(": "), let inner = Place(String(rest.dropFirst(2))) {
                self = inner
            } else {
                self.init(source: String(source), line: line)
            }
        }
    }

    private static func placed(_ message: String, _ place: Place?) -> String {
        guard let place, !message.contains("\(place.source):\(place.line):") else { return message }
        return "\(place.source):\(place.line): \(message)"
    }

    /// Where in the line a field stands that does not exist, and what was probably meant.
    private static func hint(_ failure: LuaFailure, _ source: String) -> (column: Int, hint: String)? {
        guard let missing = failure.missing, failure.message.contains("'\(missing.name)'") else { return nil }
        let expanded = source.replacing("\t", with: "    ")
        guard let range = expanded.firstRange(of: missing.name) else { return nil }
        let column = expanded.distance(from: expanded.startIndex, to: range.lowerBound)
        if missing.of.hasPrefix("an event") { return (column, "this event is over: keep what you need of it in a local") }
        let candidates = APITable.names(of: missing.of)
        let guess = nearest(missing.name, in: candidates).map { "; did you mean '\($0)'?" } ?? ""
        return (column, "a \(missing.of) has no '\(missing.name)'\(guess)")
    }
}
