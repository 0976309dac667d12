/// What a Range header asks for, once the size is known (RFC 9110 §14.2).
package enum ByteRanges: Equatable, Sendable {
    /// Nothing, nothing that can be understood, or more than is reasonable: the header is ignored and all is sent.
    case whole
    /// One part: 206 with ``contentRange(_:of:)``.
    case part(Range<Int>)
    /// Some parts, in the order they were asked for: 206 as `multipart/byteranges` (§14.6), see ``MultipartRanges``.
    case parts([Range<Int>])
    /// Nothing of it is there: 416 with ``unsatisfied(size:)``.
    case unsatisfiable

    /// More parts than any reader needs are more likely an attempt to make the answer much larger than the file (§17.15).
    package static let mostParts = 5

    /// - Parameters:
    ///   - values: the Range headers' values. More than one is no valid header.
    ///   - size: of the file, in bytes. An empty one has no parts: it is sent as it is.
    package init(_ values: [String], size: Int) {
        guard values.count == 1, size > 0, let specs = Self.specs(values[0]), specs.count <= Self.mostParts else {
            self = .whole
            return
        }
        let parts = specs.compactMap { $0.resolved(size: size) }
        let sorted = parts.sorted { $0.lowerBound < $1.lowerBound }
        if zip(sorted, sorted.dropFirst()).contains(where: { $0.overlaps($1) }) {
            self = .whole
        } else if parts.count > 1 {
            self = .parts(parts)
        } else {
            self = parts.first.map { .part($0) } ?? .unsatisfiable
        }
    }

    /// `Content-Range` of a part (§14.4).
    package static func contentRange(_ part: Range<Int>, of size: Int) -> String {
        "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
    }

    /// `Content-Range` of a 416 (§15.5.17).
    package static func unsatisfied(size: Int) -> String {
        "bytes */\(size)"
    }

    /// §14.1.2.
    private enum Spec {
        /// `first-last`, both included, or `first-`.
        case from(Int, through: Int)
        /// `-length`
        case last(Int)

        func resolved(size: Int) -> Range<Int>? {
            switch self {
            case .from(let first, let last): first < size ? first..<min(last, size - 1) + 1 : nil
            case .last(let length): length > 0 ? max(0, size - length)..<size : nil
            }
        }
    }

    /// Nil for another unit and for what does not follow the grammar.
    private static func specs(_ value: String) -> [Spec]? {
        let value = value.utf8.trimmed
        guard value.count > 6, Substring(value.prefix(6)).lowercased() == "bytes=" else { return nil }
        var specs: [Spec] = []
        for element in value.dropFirst(6).split(separator: UInt8(ascii: ",")) {
            let element = element.trimmed
            if element.isEmpty { continue }
            guard let spec = spec(element) else { return nil }
            specs.append(spec)
        }
        return specs.isEmpty ? nil : specs
    }

    private static func spec(_ text: Substring.UTF8View) -> Spec? {
        guard let dash = text.firstIndex(of: UInt8(ascii: "-")) else { return nil }
        let first = text[..<dash], last = text[text.index(after: dash)...]
        if first.isEmpty { return number(last).map { .last($0) } }
        guard let start = number(first) else { return nil }
        if last.isEmpty { return .from(start, through: .max) }
        guard let end = number(last), start <= end else { return nil }
        return .from(start, through: end)
    }

    /// A number too large to count is larger than any file.
    private static func number(_ digits: Substring.UTF8View) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(Substring(digits)) ?? .max
    }
}

/// The bytes around the parts of a `multipart/byteranges` answer (RFC 9110 §14.6).
package struct MultipartRanges: Equatable, Sendable {
    /// What comes before each part's bytes.
    package let heads: [String]
    /// What comes behind the last.
    package let tail: String
    /// The answer's own `Content-Type`.
    package let contentType: String
    /// The answer's `Content-Length`.
    package let contentLength: Int

    /// - Parameters:
    ///   - boundary: a line that is not in the file; some 20 random letters will do
    ///   - type: the file's `Content-Type`, if it has one
    package init(_ parts: [Range<Int>], size: Int, boundary: String, type: String?) {
        heads = parts.enumerated().map { index, part in
            var lines = [index == 0 ? "--\(boundary)" : "\r\n--\(boundary)"]
            if let type { lines.append("Content-Type: \(type)") }
            lines.append("Content-Range: \(ByteRanges.contentRange(part, of: size))")
            return lines.joined(separator: "\r\n") + "\r\n\r\n"
        }
        tail = "\r\n--\(boundary)--\r\n"
        contentType = "multipart/byteranges; boundary=\(boundary)"
        contentLength = parts.reduce(0) { $0 + $1.count } + heads.reduce(0) { $0 + $1.utf8.count } + tail.utf8.count
    }
}
