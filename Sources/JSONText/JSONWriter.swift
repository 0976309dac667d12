/// Writes JSON text (RFC 8259), field after field, in the order it is told.
///
/// Messages are written with it rather than with an encoder because `type` comes first in the native protocol, and because
/// they are written straight into the bytes of a frame. Commas and quotes are its business; balance is the caller's.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    /// Forgets what was written and keeps the memory.
    package mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    // MARK: Structure

    package mutating func object(_ body: (inout JSONWriter) -> Void) { bracket(0x7B, 0x7D, body) }
    package mutating func array(_ body: (inout JSONWriter) -> Void) { bracket(0x5B, 0x5D, body) }

    /// The name of the next field. Names are our own and need no escaping.
    package mutating func name(_ name: StaticString) {
        comma()
        bytes.append(0x22)
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(0x22)
        bytes.append(0x3A)
        needsComma = false
    }

    package mutating func name(_ name: String) {
        string(name)
        bytes.append(0x3A)
        needsComma = false
    }

    // MARK: Values

    package mutating func string(_ text: String) {
        comma()
        bytes.append(0x22)
        var text = text
        text.withUTF8 { utf8 in
            if utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
                for byte in utf8 { escape(byte) }
            } else {
                bytes.append(contentsOf: utf8)
            }
        }
        bytes.append(0x22)
    }

    package mutating func integer(_ number: some BinaryInteger) { plain(String(number)) }

    /// JSON has no NaN and no infinities: they become null.
    package mutating func number(_ number: Double) {
        if let integer = Int64(exactly: number) { return self.integer(integer) }
        plain(number.isFinite ? "\(number)" : "null")
    }

    package mutating func bool(_ flag: Bool) { plain(flag ? "true" : "false") }
    package mutating func null() { plain("null") }

    // MARK: Fields

    package mutating func field(_ name: StaticString, _ text: String) {
        self.name(name)
        string(text)
    }

    package mutating func field(_ name: StaticString, _ text: String?) {
        if let text { field(name, text) }
    }

    package mutating func field(_ name: StaticString, _ number: some BinaryInteger) {
        self.name(name)
        integer(number)
    }

    package mutating func field(_ name: StaticString, _ number: (some BinaryInteger)?) {
        if let number { field(name, number) }
    }

    package mutating func field(_ name: StaticString, _ value: Double) {
        self.name(name)
        number(value)
    }

    package mutating func field(_ name: StaticString, _ flag: Bool) {
        self.name(name)
        bool(flag)
    }

    // MARK: Bytes

    private mutating func comma() {
        if needsComma { bytes.append(0x2C) }
        needsComma = true
    }

    private mutating func plain(_ text: String) {
        comma()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func bracket(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
        comma()
        bytes.append(open)
        needsComma = false
        body(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5C: bytes += [0x5C, byte]
        case 0x0A: bytes += [0x5C, 0x6E]
        case 0x0D: bytes += [0x5C, 0x72]
        case 0x09: bytes += [0x5C, 0x74]
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes += [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: bytes.append(byte)
        }
    }
}
