/// What a scalar is to whoever looks for words.
enum ScalarKind: Sendable {
    /// Letters that join into words, Hangul syllables too.
    case letter
    /// Letters of scripts that put no spaces between words: Han, kana, Thai and its neighbours. Where a word ends there
    /// takes a dictionary (UAX #29 §4), so each of them counts as a word.
    case unspacedLetter
    /// Hangul letters by themselves, as in ㅋㅋ or ㅂㅏㅂㅗ.
    case consonant, vowel
    case digit
    /// Goes onto what is before it and is never the beginning of anything.
    case mark
    case space
    /// Punctuation, invisible characters, and symbols that are none of a picture.
    case separator
    /// Emoji and other pictures.
    case symbol

    @inline(__always)
    init(_ scalar: UInt32) {
        switch scalar {
        case 0x61...0x7A, 0x41...0x5A: self = .letter
        case 0x30...0x39: self = .digit
        case 0x09...0x0D, 0x20: self = .space
        case 0..<0x80: self = .separator
        case 0xAC00...0xD7A3: self = .letter
        default: self = Self.other(scalar)
        }
    }

    private static func other(_ scalar: UInt32) -> ScalarKind {
        switch scalar {
        case 0x1160...0x11FF, 0xD7B0...0xD7FB: return .mark
        case 0x3131...0x314E, 0x3165...0x3186, 0xFFA1...0xFFBE: return .consonant
        case 0x314F...0x3163, 0x3187...0x318E, 0xFFC2...0xFFDC: return .vowel
        case 0xFE00...0xFE0F: return .separator
        default: break
        }
        guard let properties = Unicode.Scalar(scalar)?.properties else { return .separator }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
            return isUnspaced(scalar) ? .unspacedLetter : .letter
        case .decimalNumber, .otherNumber: return .digit
        case .nonspacingMark, .spacingMark, .enclosingMark: return .mark
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return .space
        case .otherSymbol, .privateUse, .unassigned: return .symbol
        default: return .separator
        }
    }

    private static func isUnspaced(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x3007, 0x3040...0x30FF, 0x31F0...0x31FF,
            0x3400...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
            true
        default: false
        }
    }

    /// Whether this and what comes right after it (no mark: those are part of it) are one word. Hangul letters by
    /// themselves are joined only as consonant and vowel: in 바보ㅋㅋ the word ends before the laughter.
    @inline(__always)
    func joins(_ next: ScalarKind) -> Bool {
        switch (self, next) {
        case (.letter, .letter), (.letter, .digit), (.digit, .letter), (.digit, .digit), (.consonant, .vowel): true
        default: false
        }
    }
}
