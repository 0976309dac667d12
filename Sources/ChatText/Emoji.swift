extension ChatText {
    /// The text if it is one emoji as UTS #51 has it (a picture, a flag, a keycap, or several joined into one), in the form that
    /// shows as a picture; nil if it is anything else.
    ///
    /// `❤` and `❤️` are the same reaction: a character that shows as text by itself gets the variation selector that it lacks.
    package static func emoji(_ text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        // The longest sequences there are, families with skin tones and flags of regions, have at most 14.
        guard let first = scalars.first, scalars.count <= 16, text.count == 1, !scalars.contains(textSelector) else { return nil }
        if isRegion(first) { return scalars.count == 2 && isRegion(scalars[1]) ? text : nil }
        // Digits, # and * are part of keycaps alone.
        if first.isASCII { return scalars.count >= 2 && scalars.last == keycap && "0123456789#*".unicodeScalars.contains(first) ? text : nil }
        guard first.properties.isEmoji, scalars.dropFirst().allSatisfy(mayFollow) else { return nil }
        if first.properties.isEmojiPresentation || scalars.contains(emojiSelector) { return text }
        if scalars.count > 1 { return scalars.contains { $0.properties.isEmojiModifier || $0.properties.isEmojiPresentation } ? text : nil }
        return text + String(Character(emojiSelector))
    }

    private static let textSelector: Unicode.Scalar = "\u{FE0E}"
    private static let emojiSelector: Unicode.Scalar = "\u{FE0F}"
    private static let keycap: Unicode.Scalar = "\u{20E3}"

    private static func isRegion(_ scalar: Unicode.Scalar) -> Bool { (0x1F1E6...0x1F1FF).contains(scalar.value) }

    /// Joiners, selectors, skin tones, tags of regional flags, and the other pictures of a sequence.
    private static func mayFollow(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{200D}" || scalar == emojiSelector || (0xE0020...0xE007F).contains(scalar.value)
            || scalar.properties.isEmojiModifier || scalar.properties.isEmoji && !scalar.isASCII
    }
}
