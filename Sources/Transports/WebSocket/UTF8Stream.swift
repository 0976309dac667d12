/// Checks that bytes that arrive in pieces are UTF-8 (RFC 3629 §4), as far as they have come: a wrong byte is noticed at
/// once and not when the message is complete.
struct UTF8Stream {
    /// Continuation bytes that must follow, and what the first of them may be.
    private var missing = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// Whether the text may end here.
    var isComplete: Bool { missing == 0 }

    /// False if the bytes cannot be UTF-8, whatever follows.
    mutating func accepts(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        while at < bytes.count {
            if missing == 0 {
                at = skipASCII(bytes, from: at)
                if at == bytes.count { return true }
                guard begin(bytes[at]) else { return false }
            } else {
                guard (lowest...highest).contains(bytes[at]) else { return false }
                missing -= 1
                (lowest, highest) = (0x80, 0xBF)
            }
            at += 1
        }
        return true
    }

    private func skipASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var at = start
        while at + 8 <= bytes.count, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 { at += 8 }
        while at < bytes.count, bytes[at] < 0x80 { at += 1 }
        return at
    }

    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF:
            missing = 2
            if byte == 0xE0 { lowest = 0xA0 } // no overlong forms
            if byte == 0xED { highest = 0x9F } // no surrogates
        case 0xF0...0xF4:
            missing = 3
            if byte == 0xF0 { lowest = 0x90 }
            if byte == 0xF4 { highest = 0x8F } // nothing above U+10FFFF
        default: return false
        }
        return true
    }
}
