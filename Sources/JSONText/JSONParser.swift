/// Where a text is not JSON.
package struct JSONSyntaxError: Error, Equatable {
    /// In bytes.
    package let offset: Int
}

/// Reads JSON text (RFC 8259).
///
/// Not `JSONDecoder`: that takes `[1,]` for JSON, tries one Swift type after the other for a value of any shape and throws an
/// error for each that does not fit, and has to be given a copy. Every message of every client passes here.
struct JSONParser {
    /// How deep arrays and objects may nest: values are walked by recursion.
    static let maxDepth = 100

    private let bytes: ArraySlice<UInt8>
    private var index: Int

    /// - Parameter bytes: UTF-8, nothing but one value and white space
    static func parse(_ bytes: ArraySlice<UInt8>) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, index: bytes.startIndex)
        let value = try parser.value(depth: 0)
        guard parser.next() == nil else { throw parser.error }
        return value
    }

    private var error: JSONSyntaxError { JSONSyntaxError(offset: index) }

    /// The next byte that is not white space.
    private mutating func next() -> UInt8? {
        while index < bytes.endIndex {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            case let byte: return byte
            }
        }
        return nil
    }

    private mutating func expect(_ byte: UInt8) throws(JSONSyntaxError) {
        guard next() == byte else { throw error }
        index += 1
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < Self.maxDepth, let first = next() else { throw error }
        switch first {
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        var values: [JSONValue] = []
        index += 1
        if next() == UInt8(ascii: "]") {
            index += 1
            return values
        }
        while true {
            values.append(try value(depth: depth))
            if next() == UInt8(ascii: ",") {
                index += 1
            } else {
                try expect(UInt8(ascii: "]"))
                return values
            }
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        index += 1
        if next() == UInt8(ascii: "}") {
            index += 1
            return fields
        }
        while true {
            guard next() == UInt8(ascii: "\"") else { throw error }
            let name = try string()
            try expect(UInt8(ascii: ":"))
            fields[name] = try value(depth: depth)
            if next() == UInt8(ascii: ",") {
                index += 1
            } else {
                try expect(UInt8(ascii: "}"))
                return fields
            }
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let rest = bytes[index...].prefix(word.utf8CodeUnitCount)
        guard word.withUTF8Buffer({ rest.elementsEqual($0) }) else { throw error }
        index += rest.count
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = index
        take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        let isWhole = index
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole == index, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw error }
        return Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
    }

    @discardableResult
    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.endIndex, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = index
        while index < bytes.endIndex, (0x30...0x39).contains(bytes[index]) { index += 1 }
        guard index > start else { throw error }
    }

    // MARK: Strings

    /// Most strings have nothing escaped and are taken as they are.
    private mutating func string() throws(JSONSyntaxError) -> String {
        index += 1
        let start = index
        while index < bytes.endIndex, bytes[index] >= 0x20 {
            if bytes[index] == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if bytes[index] == UInt8(ascii: "\"") {
                index += 1
                return String(decoding: bytes[start..<index - 1], as: UTF8.self)
            }
            index += 1
        }
        throw error
    }

    private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var text = Array(bytes[start..<index])
        while index < bytes.endIndex, bytes[index] >= 0x20 {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
        }
        throw error
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        guard index < bytes.endIndex else { throw error }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += Array(String(try scalar()).utf8)
        default: throw error
        }
    }

    /// A `\u` escape or two. Half a surrogate pair, which JavaScript writes when a text was cut in the middle of an emoji, becomes
    /// U+FFFD: a Swift string cannot hold it, and it is no reason to refuse all of it.
    private mutating func scalar() throws(JSONSyntaxError) -> Character {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        let afterFirst = index
        if UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
            let second = try hexadecimal()
            if UTF16.isTrailSurrogate(second) {
                return Character(UTF16.decode(UTF16.EncodedScalar([first, second])))
            }
        }
        index = afterFirst
        return "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt16 {
        let digits = bytes[index...].prefix(4)
        guard digits.count == 4, digits.allSatisfy(isHexadecimal),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw error }
        index += 4
        return unit
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20) }
}
