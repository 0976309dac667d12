extension ChatText {
    /// Why a text cannot be a message; nil if it can. The first thing wrong is named.
    ///
    /// - `maxCharacters` counts Unicode scalars. Grapheme clusters would have to be found first, on every message, and
    ///   one of them may hold any number of bytes (a letter under a thousand accents); scalars are at most four bytes
    ///   each, so the limit bounds memory too.
    /// - Embeddings, overrides and isolates (U+202A–U+202E, U+2066–U+2069) are refused: they show a text in another
    ///   order than it is in, which hides words and link targets ("Trojan Source", CVE-2021-42574). The marks U+200E,
    ///   U+200F and U+061C, which writers of Arabic and Hebrew need, are fine.
    /// - A text in which nothing can be seen, such as spaces and zero-width characters, is empty.
    ///
    /// This is on the way of every message: one pass over the UTF-8, eight bytes at a time where it is plain ASCII,
    /// without allocating.
    package static func problem(inMessage text: String, maxCharacters: Int) -> TextProblem? {
        text.readUTF8 { bytes in
            // A scalar is at most four bytes, so this many bytes are too many scalars. Spares reading a flood to its
            // end.
            if bytes.count / 4 > maxCharacters { return .tooLong }
            return problem(in: bytes, maxCharacters: maxCharacters)
        }
    }

    private static func problem(in bytes: UnsafeBufferPointer<UInt8>, maxCharacters: Int) -> TextProblem? {
        let raw = UnsafeRawBufferPointer(bytes)
        var offset = 0
        var characters = 0
        var isVisible = false
        while offset < bytes.count {
            if offset + 8 <= bytes.count {
                let eight = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if isPrintableASCII(eight) {
                    if eight != everyByte * 0x20 { isVisible = true }
                    characters += 8
                    offset += 8
                    continue
                }
            }
            let (scalar, length) = bytes.scalar(at: offset)
            if let problem = problem(with: scalar) { return problem }
            if !isVisible { isVisible = shows(scalar) }
            characters += 1
            offset += length
        }
        if characters > maxCharacters { return .tooLong }
        return isVisible ? nil : .empty
    }

    private static let everyByte: UInt64 = 0x0101_0101_0101_0101

    /// Whether all eight bytes are from 0x20 to 0x7E. The usual tricks for "a byte is zero" and "a byte is less than n"
    /// on a whole register.
    @inline(__always)
    private static func isPrintableASCII(_ bytes: UInt64) -> Bool {
        let lessThanSpace = (bytes &- everyByte &* 0x20) & ~bytes
        let delete = bytes ^ (everyByte &* 0x7F)
        let isDelete = (delete &- everyByte) & ~delete
        return (bytes | lessThanSpace | isDelete) & (everyByte &* 0x80) == 0
    }

    @inline(__always)
    private static func problem(with scalar: UInt32) -> TextProblem? {
        switch scalar {
        case 0x09, 0x0A, 0x20...0x7E: nil
        case 0...0x9F: .control
        case 0x202A...0x202E, 0x2066...0x2069: .direction
        case 0xFDD0...0xFDEF: .control
        default: scalar & 0xFFFE == 0xFFFE ? .control : nil
        }
    }

    private static func shows(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return scalar > 0x20 }
        guard let scalar = Unicode.Scalar(scalar) else { return false }
        // U+2800 is the braille pattern without dots: a symbol by its category, and blank.
        return !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint && scalar != "\u{2800}"
    }
}
