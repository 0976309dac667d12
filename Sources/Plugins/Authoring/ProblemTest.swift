import Foundation
import RoomEngine

/// A test that does again what a plugin has failed at: it fails until the mistake is mended.
package struct ProblemTest {
    /// Why there is none, for people.
    package struct Impossible: Error, CustomStringConvertible {
        package let description: String
    }

    package let name: String
    package let text: String

    package init(_ problem: PluginProblem) throws(Impossible) {
        guard let id = problem.id, let cause = problem.cause else {
            throw Impossible(description: "That error came about by no event of a room: write a test for it by hand.")
        }
        let firstLine = problem.message.split(separator: "\n").first.map(String.init) ?? problem.message
        let place = problem.file.flatMap { file in problem.line.map { "\(file):\($0): " } } ?? ""
        name = "\(id): \(firstLine.hasPrefix(place) ? String(firstLine.dropFirst(place.count)) : firstLine)"
        let person = cause.person ?? "Ann"
        let visitor = "t:user(\(Self.quoted(person))\(cause.isAdmin ? ", { admin = true }" : ""))"
        let room = cause.isOwner ? "t:room{ title = \(Self.quoted(cause.roomTitle)), owner = somebody }" : "t:room{ title = \(Self.quoted(cause.roomTitle)) }"
        var lines = ["  local somebody = \(visitor)", "  local room = \(room)"]
        switch cause.deed {
        case .said(let text): lines += ["  somebody:join(room)", "  somebody:say(\(Self.quoted(text)))"]
        case .showed(let gif, let caption):
            var fields = [
                "bytes = \(gif.bytes)", "width = \(gif.width)", "height = \(gif.height)", "frames = \(gif.frames)", "seconds = \(gif.seconds)",
                "flashes = \(gif.flashesPerSecond)",
            ]
            if let caption { fields.append("caption = \(Self.quoted(caption))") }
            lines += ["  somebody:join(room)", "  somebody:gif{ \(fields.joined(separator: ", ")) }"]
        case .entered: lines.append("  somebody:join(room)")
        case .left: lines += ["  somebody:join(room)", "  somebody:exit()"]
        case .other(let event): throw Impossible(description: "Tests have no words for '\(event)' yet: write a test for it by hand.")
        }
        text = "\n-- Written by 'plugin test-from \(id)': what made this plugin fail. It fails until that is mended.\n"
            + "test(\(Self.quoted(name)), function(t)\n\(lines.joined(separator: "\n"))\nend)\n"
    }

    /// A Lua string (Lua 5.4 manual §3.1).
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            default:
                if scalar.value < 32 || scalar.value == 127 { result += "\\u{\(String(scalar.value, radix: 16))}" } else { result.unicodeScalars.append(scalar) }
            }
        }
        return result + "\""
    }

    /// Adds it to the plugin's `test.lua`, which is made if need be.
    package func append(to files: PluginFiles) throws {
        guard files.isFolder else { throw Impossible(description: "\(files.id) is a single file: tests are in a folder's test.lua.") }
        let file = "\(files.path)/test.lua"
        let before = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        try (before + text).write(toFile: file, atomically: true, encoding: .utf8)
    }
}
