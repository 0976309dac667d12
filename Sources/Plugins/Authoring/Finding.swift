/// A mistake that was found without running what it is in.
package struct Finding: Sendable, Equatable {
    /// As messages call it, e.g. `Plugins/guard/init.lua`.
    package var file: String
    /// From 1.
    package var line: Int
    /// Characters before it in the line; nil if it is about the whole line.
    package var column: Int?
    package var message: String
    /// A warning is fine to live with.
    package var isWarning = false
    /// The line itself.
    package var excerpt: String

    /// `file:line: message`, with the line and a caret below.
    package var text: String {
        var lines = ["\(file):\(line): \(isWarning ? "warning: " : "")\(message)"]
        let number = "\(line)"
        if !excerpt.isEmpty { lines.append("  \(number) | \(excerpt.replacing("\t", with: "    "))") }
        if let column, !excerpt.isEmpty {
            let tabs = excerpt.prefix(column).count { $0 == "\t" }
            lines.append(String(repeating: " ", count: number.count + 5 + column + 3 * tabs) + "^")
        }
        return lines.joined(separator: "\n")
    }
}

/// A text file with its lines.
struct SourceText {
    let file: String
    let text: String
    private let starts: [Int]
    private let bytes: [UInt8]

    init(file: String, text: String) {
        self.file = file
        self.text = text
        let bytes = Array(text.utf8)
        self.bytes = bytes
        starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
    }

    /// - Parameter offset: in bytes
    func finding(_ offset: Int, _ message: String, isWarning: Bool = false) -> Finding {
        let line = starts.lastIndex { $0 <= offset } ?? 0
        let before = String(decoding: bytes[starts[line]..<min(offset, bytes.count)], as: UTF8.self)
        return Finding(
            file: file, line: line + 1, column: before.count, message: message, isWarning: isWarning, excerpt: excerpt(line + 1))
    }

    func finding(line: Int, _ message: String, isWarning: Bool = false) -> Finding {
        Finding(file: file, line: line, column: nil, message: message, isWarning: isWarning, excerpt: excerpt(line))
    }

    /// About the first place where `quoted` stands in quotes, after the first of `section`; else about the first line.
    func finding(quoted: String, after section: String? = nil, _ message: String, isWarning: Bool = false) -> Finding {
        let start = section.flatMap { text.firstRange(of: "\"\($0)\"")?.upperBound } ?? text.startIndex
        guard let range = text[start...].firstRange(of: "\"\(quoted)\"") ?? text.firstRange(of: "\"\(quoted)\"") else {
            return finding(line: 1, message, isWarning: isWarning)
        }
        return finding(text.utf8.distance(from: text.startIndex, to: range.lowerBound), message, isWarning: isWarning)
    }

    private func excerpt(_ line: Int) -> String {
        guard starts.indices.contains(line - 1) else { return "" }
        let end = line < starts.count ? starts[line] - 1 : bytes.count
        return String(decoding: bytes[starts[line - 1]..<max(end, starts[line - 1])], as: UTF8.self)
    }
}
