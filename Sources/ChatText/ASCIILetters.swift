/// What an ASCII character is to a `LetterReader`. Looked up rather than worked out, because most characters are ASCII.
struct ASCIILetter: Sendable {
    /// The character when it is folded.
    var letter: UInt8
    var kind: ScalarKind
    /// Whether it is another letter, or none, in the other reading.
    var isAmbiguous: Bool

    /// All 128, for a way of folding and a reading.
    static func table(_ folding: Matcher.Folding, _ reading: Leet.Reading) -> [ASCIILetter] {
        switch (folding, reading) {
        case (.none, _): exact
        case (.case, _): small
        case (.confusables, .letters): asLetters
        case (.confusables, .signs): asSigns
        }
    }

    private static let exact = table { $0 }
    private static let small = table { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    private static let asLetters = lookAlikes(.letters)
    private static let asSigns = lookAlikes(.signs)

    private static func table(_ fold: (UInt8) -> UInt8) -> [ASCIILetter] {
        (UInt8(0)..<0x80).map { ASCIILetter(letter: fold($0), kind: ScalarKind(UInt32($0)), isAmbiguous: false) }
    }

    private static func lookAlikes(_ reading: Leet.Reading) -> [ASCIILetter] {
        (UInt32(0)..<0x80).map { scalar in
            let kind = ScalarKind(scalar)
            let letter = Leet.letter(for: scalar, reading)
            return ASCIILetter(
                letter: UInt8(letter ?? scalar),
                // A sign that is a letter is not skipped as a separator any more, yet it is no part of a word for those
                // next to it: "@darn" is "darn" too.
                kind: kind == .separator && letter != nil ? .symbol : kind,
                isAmbiguous: Leet.isAmbiguous(scalar))
        }
    }
}
