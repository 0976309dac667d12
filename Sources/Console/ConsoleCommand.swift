import Plugins
import RoomEngine

/// A command of the console: one row of ``ConsoleCommands``.
package struct ConsoleCommand: Sendable {
    let name: String
    /// What follows the name, e.g. `WHO [FOR] [WHY]`.
    let usage: String
    let summary: String
    let examples: [String]
    /// Candidates for the word that is being typed, after the words before it.
    let complete: @Sendable ([String], any ConsoleServer) async -> [String]
    let run: @Sendable (Invocation) async throws -> Void

    init(
        _ name: String, _ usage: String = "", _ summary: String, examples: [String] = [],
        complete: @escaping @Sendable ([String], any ConsoleServer) async -> [String] = { _, _ in [] },
        run: @escaping @Sendable (Invocation) async throws -> Void
    ) {
        self.name = name
        self.usage = usage
        self.summary = summary
        self.examples = examples
        self.complete = complete
        self.run = run
    }

    var fullUsage: String { usage.isEmpty ? name : "\(name) \(usage)" }
}

/// Why a command was not carried out.
enum ConsoleError: Error {
    /// It was typed wrong; the usage follows.
    case usage(String)
    case failed(String)
    /// What was typed goes on in a line that has not come yet.
    case incomplete(String)
    /// It would do this; `--yes` does it.
    case needsYes(String)
}

/// One command as it was typed, and where its output goes.
package struct Invocation: Sendable {
    let command: ConsoleCommand
    /// The words after the name, without options.
    let words: [String]
    /// Everything after the name, as typed.
    let rest: String
    let options: Set<String>
    let server: any ConsoleServer
    let output: Output
    /// Who typed it.
    let by: String

    /// The word at a place, or the usage.
    func word(_ index: Int, _ what: String) throws(ConsoleError) -> String {
        guard words.indices.contains(index) else { throw .usage("\(what) is missing") }
        return words[index]
    }

    /// The words from a place on, as one text.
    func text(from index: Int) -> String { words.dropFirst(index).joined(separator: " ") }

    /// Asks before something that cannot be taken back.
    func confirm(_ what: String) throws(ConsoleError) {
        if !options.contains("yes") { throw .needsYes(what) }
    }
}

/// What a command has to say: text for people, or JSON for programs.
package final class Output: Sendable {
    package let isJSON: Bool
    /// Lines beyond this are cut, unless everything is asked for with `--all`.
    let limit: Int
    private let write: @Sendable (String) -> Void

    package init(isJSON: Bool, limit: Int, write: @escaping @Sendable (String) -> Void) {
        self.isJSON = isJSON
        self.limit = limit
        self.write = write
    }

    func line(_ text: String) {
        if isJSON {
            write(JSONLine.object([("line", text)]))
        } else {
            write(text)
        }
    }

    /// A line that is meant for programs as it is.
    func raw(_ line: String) { write(line) }

    /// A table; in JSON an object per row.
    /// - Parameter isWhole: all rows are what was asked for, however many there are
    func table(_ columns: [String], _ rows: [[String]], isWhole: Bool = false) {
        if isJSON {
            for row in rows { write(JSONLine.object(zip(columns, row).map { ($0.lowercased().replacing(" ", with: "_"), $1) })) }
            return
        }
        let widths = columns.indices.map { column in ([columns] + rows).map { displayWidth($0[column]) }.max()! }
        let limit = isWhole ? rows.count : limit
        for row in [columns] + rows.prefix(limit) {
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - displayWidth($0)) }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            write(line)
        }
        if rows.count > limit { write("… \(rows.count - limit) more; --all shows them") }
    }

    /// Names and values, one a line; in JSON one object.
    func fields(_ fields: [(String, String)]) {
        if isJSON { return write(JSONLine.object(fields.map { ($0.0.lowercased().replacing(" ", with: "_"), $0.1) })) }
        let width = fields.map { displayWidth($0.0) }.max() ?? 0
        for (name, value) in fields { write(name + String(repeating: " ", count: width - displayWidth(name) + 2) + value) }
    }
}
