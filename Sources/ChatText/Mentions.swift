extension ChatText {
    /// Somebody named in a message with "@".
    package struct Mention: Sendable, Equatable {
        /// The name as it was written, without "@".
        package var name: String
    }

    /// The names mentioned in a text, in order, as often as they are there.
    ///
    /// A mention is "@" where no word goes on (so not in `ann@example.com`), and then letters, marks and digits of any
    /// script, `_`, `-` and `.`; dots and hyphens at the end are punctuation. Names with spaces in them cannot be
    /// mentioned.
    package static func mentions(in text: String) -> [Mention] {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return [] }
        var mentions: [Mention] = []
        var isInWord = false
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "@", !isInWord else {
                isInWord = isInName(scalar) || scalar == "@"
                continue
            }
            var name = rest.prefix(while: isInName)
            rest = rest[name.endIndex...]
            while let last = name.last, last == "." || last == "-" { name.removeLast() }
            if !name.isEmpty { mentions.append(Mention(name: String(name))) }
            isInWord = true
        }
        return mentions
    }

    private static func isInName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
        case "\0"..."\u{7F}": false
        default: scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal || scalar.isMark
        }
    }
}
