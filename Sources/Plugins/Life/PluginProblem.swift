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

    /// - Parameter context: what was going on, e.g. `in a handler of 'chat'`
    init(_ failure: LuaFailure, of plugin: Plugin, context: String, budget: LuaBudget) {
        self.plugin = plugin.id
        generation = plugin.generation
        let words =
            switch failure.kind {
            case .time: "ran longer than its \(budget.milliseconds) ms"
            case .memory: "kept asking for memory beyond its \(plugin.manifest.memory >> 20) MiB"
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

    /// A mistake found before any code ran.
    package init(plugin: PluginID, generation: Int, message: String, file: String? = nil) {
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

        /// The place that a message begins with, as in `guard/init.lua:31: …`.
        init?(_ message: String) {
            guard let colon = message.firstRange(of: ".lua:") else { return nil }
            let digits = message[colon.upperBound...].prefix { $0.isNumber }
            let source = message[..<message.index(before: colon.upperBound)]
            guard let line = Int(digits), !source.contains(where: { $0.isWhitespace }) else { return nil }
            self.init(source: String(source), line: line)
        }
    }

    private static func placed(_ message: String, _ place: Place?) -> String {
        guard let place, !message.hasPrefix(place.source) else { return message }
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
