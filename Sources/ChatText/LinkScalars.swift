/// What a scalar can be in and around a link.
extension Unicode.Scalar {
    var isASCIILetterOrDigit: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    /// Letters and digits of any script (names may be international, RFC 5890), hyphens, dots, and the `_` of some old
    /// hosts.
    var isInHost: Bool {
        if value < 0x80 { return isASCIILetterOrDigit || self == "-" || self == "." || self == "_" }
        return properties.isAlphabetic || properties.numericType == .decimal || isMark
    }

    /// Hangul, Han and kana, which are written without a space behind a word of Latin letters.
    var isCJK: Bool {
        switch value {
        case 0x1100...0x11FF, 0x3040...0x318F, 0x3400...0x9FFF, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }

    /// White space, controls, and what RFC 3986 leaves out of addresses for others to put around them.
    var endsLink: Bool {
        switch self {
        case "\0"..." ", "\u{7F}", "<", ">", "\"", "`", "|", "\\", "^", "{", "}": true
        case "\0"..."\u{7F}": false
        case "「", "」", "『", "』", "《", "》", "〈", "〉", "【", "】", "“", "”", "‘", "’", "«", "»": true
        default: properties.isWhitespace
        }
    }

    /// What in front of a name makes it a part of something else: an e-mail address, a path, a tag, another link.
    var isNotBeforeLink: Bool {
        switch self {
        case "@", "/", "\\", "#", "$", "%", "&", "+": true
        default: false
        }
    }

    /// What may follow a host: a path, a query or a fragment.
    var beginsPath: Bool { self == "/" || self == "?" || self == "#" }

    /// Ends a sentence or emphasis rather than a link.
    var isPunctuationAfterLink: Bool {
        switch self {
        case ".", ",", ":", ";", "!", "?", "'", "\"", "*", "~", "…", "。", "、", "，", "．", "！", "？", "：", "；", "·": true
        default: false
        }
    }

    /// The bracket that this one closes.
    var openingBracket: Unicode.Scalar? {
        switch self {
        case ")": "("
        case "]": "["
        case "）": "（"
        case "］": "［"
        default: nil
        }
    }
}
