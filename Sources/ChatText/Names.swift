extension ChatText {
    /// The name as it is kept: without white space at its ends, and with one space where there was any inside. Nil if
    /// it is not a name:
    ///
    /// - nothing is left of it, or more than `maxCharacters` Unicode scalars are;
    /// - it has a control or noncharacter, or an invisible character (Unicode's Default_Ignorable_Code_Point, and the
    ///   blank U+2800), which would let two people have names that look the same. Joiners are fine where they join:
    ///   U+200D between emoji, U+200C and U+200D between Arabic or Indic letters (UAX #31 §2.3), and variation
    ///   selectors after emoji and in keycaps;
    /// - it begins with a combining mark, or has more than four in a row (UTS #39 §5.4).
    ///
    /// The normalization form stays as it came: Swift's `==` and hashing hold canonically equivalent strings for equal.
    package static func normalizedName(_ text: String, maxCharacters: Int) -> String? {
        var name = String.UnicodeScalarView()
        var count = 0
        var marks = 0
        var isAfterSpace = false
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar.properties.isWhitespace {
                isAfterSpace = !name.isEmpty
                continue
            }
            guard isAllowed(scalar, after: isAfterSpace ? " " : name.last, before: rest.first) else { return nil }
            marks = scalar.isMark ? marks + 1 : 0
            if marks > 4 || scalar.isMark && name.isEmpty { return nil }
            if isAfterSpace {
                name.append(" ")
                count += 1
                isAfterSpace = false
            }
            name.append(scalar)
            count += 1
            if count > maxCharacters { return nil }
        }
        return name.isEmpty ? nil : String(name)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar, after: Unicode.Scalar?, before: Unicode.Scalar?) -> Bool {
        switch scalar.value {
        case 0x20...0x7E:
            return true
        case 0x200C, 0x200D:
            guard let after, let before else { return false }
            let isBetweenEmoji = scalar == "\u{200D}" && after.isInEmoji && before.isInEmoji
            return isBetweenEmoji || after.isOfJoiningScript && before.isOfJoiningScript
        case 0xFE0E, 0xFE0F:
            guard let after else { return false }
            return after.value > 0x7F && after.properties.isEmoji || before == "\u{20E3}"
        case 0x2800:
            return false
        default:
            return scalar.properties.generalCategory != .control && !scalar.properties.isDefaultIgnorableCodePoint
                && !scalar.properties.isNoncharacterCodePoint && scalar.properties.generalCategory != .format
        }
    }
}

extension Unicode.Scalar {
    /// Unicode category M: a sign that goes onto the letter before it.
    var isMark: Bool {
        // The first there is: spares most letters the look-up.
        if value < 0x300 { return false }
        return switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// An emoji or what may end one before a joiner. Digits are emoji to Unicode (for keycaps), but not to a reader.
    fileprivate var isInEmoji: Bool { value > 0x7F && properties.isEmoji || value == 0xFE0F }

    /// Arabic to Sinhala: the blocks in whose writing the joiners choose between forms of letters.
    fileprivate var isOfJoiningScript: Bool { (0x0600...0x0DFF).contains(value) }
}
