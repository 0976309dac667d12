extension ChatText {
    /// The columns a text takes in a terminal with a fixed-width font: two for wide and fullwidth characters (UAX #11)
    /// and emoji, none for combining marks, zero-width and control characters, one for the others. Counted by grapheme
    /// clusters, so that a family of emoji is one picture. Lines are not told apart: a line feed, and a tab, are 0.
    package static func width(_ text: String) -> Int {
        if let width = text.readUTF8(asciiWidth) { return width }
        return text.reduce(0) { $0 + width($1) }
    }

    private static func asciiWidth(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var width = 0
        for byte in bytes {
            if byte >= 0x80 { return nil }
            if byte >= 0x20, byte != 0x7F { width += 1 }
        }
        return width
    }

    private static func width(_ cluster: Character) -> Int {
        var width = 0
        var isEmoji = false
        for scalar in cluster.unicodeScalars {
            // VARIATION SELECTOR-16 asks for the picture where there is a text form too, and pictures are wide.
            if scalar.properties.isEmojiPresentation || scalar == "\u{FE0F}" { isEmoji = true }
            width += columns(scalar)
        }
        return isEmoji ? 2 : width
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20...0x7E, 0xAD: return 1
        // Vowels and final consonants of Hangul in letters: they go into the square that the first consonant opened.
        case 0x1160...0x11FF, 0xD7B0...0xD7FB: return 0
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark, .lineSeparator, .paragraphSeparator: return 0
        default: return isWide(scalar.value) ? 2 : 1
        }
    }

    private static func isWide(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = wideRanges.count
        while low < high {
            let middle = (low + high) / 2
            if wideRanges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        return low < wideRanges.count && wideRanges[low].contains(scalar)
    }

    /// East_Asian_Width W and F of Unicode 16 (EastAsianWidth.txt) without what is wide as an emoji, which the standard
    /// library knows. Ascending; gaps that are not assigned are closed where both their sides are wide.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x303E, 0x3041...0x3247,
        0x3250...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DF2, 0x1AFF0...0x1B2FF, 0x1D300...0x1D376, 0x1F200...0x1F265,
        0x20000...0x3FFFD,
    ]
}
