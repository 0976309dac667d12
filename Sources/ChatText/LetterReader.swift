/// One step of a folded text, on which words are compared.
struct Letter: Sendable {
    struct Traits: OptionSet, Sendable {
        let rawValue: UInt8
        /// One word with the letter before it: no match of whole words begins here.
        static let joined = Traits(rawValue: 1)
        /// Belongs to the letter before it, as a mark does or the vowel of a Hangul syllable: no match at all begins
        /// here, nor ends right before.
        static let continues = Traits(rawValue: 2)
        /// White space was left out between the letter before it and this one.
        static let spaced = Traits(rawValue: 4)
        /// A letter, and a digit, in the text as it was written.
        static let letter = Traits(rawValue: 8)
        static let digit = Traits(rawValue: 16)
    }

    /// The folded scalar.
    var scalar: UInt32
    /// Where the text it was made of is, in UTF-8 bytes.
    var start: UInt32
    var end: UInt32
    var traits: Traits
}

/// Reads a text into letters: folds it, leaves out what does not count, and notes what stood where.
struct LetterReader {
    let folding: Matcher.Folding
    let ignoresSeparators: Bool

    private(set) var letters: [Letter] = []
    /// Whether the other reading may give other letters.
    private(set) var isAmbiguous = false

    private let ascii: [ASCIILetter]
    private let confusables = Confusables.shared
    private var previous = ScalarKind.space
    private var isSpaced = false
    /// Where the scalar that is being read is.
    private var start: UInt32 = 0
    private var end: UInt32 = 0

    init(folding: Matcher.Folding, ignoresSeparators: Bool, reading: Leet.Reading) {
        self.folding = folding
        self.ignoresSeparators = ignoresSeparators
        ascii = ASCIILetter.table(folding, reading)
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        letters.reserveCapacity(bytes.count)
        var offset = 0
        while offset < bytes.count {
            let (scalar, length) = bytes.scalar(at: offset)
            start = UInt32(truncatingIfNeeded: offset)
            end = UInt32(truncatingIfNeeded: offset + length)
            if scalar < 0x80 {
                takeASCII(Int(scalar))
            } else {
                takeOther(scalar)
            }
            offset += length
        }
    }

    @inline(__always)
    private mutating func takeASCII(_ scalar: Int) {
        let entry = ascii[scalar]
        if entry.isAmbiguous { isAmbiguous = true }
        take(UInt32(entry.letter), entry.kind)
    }

    private mutating func takeOther(_ scalar: UInt32) {
        switch folding {
        case .none: take(scalar, ScalarKind(scalar))
        case .case: takeSmall(scalar)
        case .confusables: takeLookAlike(scalar)
        }
    }

    private mutating func takeSmall(_ scalar: UInt32) {
        let kind = ScalarKind(scalar)
        guard kind == .letter || kind == .symbol, let properties = Unicode.Scalar(scalar)?.properties,
            properties.changesWhenLowercased
        else { return take(scalar, kind) }
        var isFirst = true
        for small in properties.lowercaseMapping.unicodeScalars {
            take(small.value, isFirst ? kind : .mark)
            isFirst = false
        }
    }

    private mutating func takeLookAlike(_ scalar: UInt32) {
        if let letters = Hangul.letters(of: scalar) {
            var kind = ScalarKind(scalar)
            for letter in letters {
                take(letter, kind)
                kind = .mark
            }
            return
        }
        var folded: (first: UInt32, rest: [UInt32])?
        confusables.fold(scalar) { if folded == nil { folded = ($0, []) } else { folded?.rest.append($0) } }
        guard let folded else {
            // What was dropped is a part of the letter it stood on.
            if letters.last?.end == start, ScalarKind(scalar) == .mark { letters[letters.count - 1].end = end }
            return
        }
        if folded.first < 0x80 { takeASCII(Int(folded.first)) } else { take(folded.first, ScalarKind(folded.first)) }
        for scalar in folded.rest { take(scalar, .mark) }
    }

    @inline(__always)
    private mutating func take(_ scalar: UInt32, _ kind: ScalarKind) {
        if ignoresSeparators, kind == .space || kind == .separator {
            isSpaced = isSpaced || kind == .space
            previous = kind
            return
        }
        var traits: Letter.Traits = []
        if kind == .mark {
            traits = [.joined, .continues]
        } else {
            if previous.joins(kind) { traits.insert(.joined) }
            if isSpaced, !letters.isEmpty { traits.insert(.spaced) }
            switch kind {
            case .digit: traits.insert(.digit)
            case .letter, .unspacedLetter, .consonant, .vowel: traits.insert(.letter)
            default: break
            }
            previous = kind
            isSpaced = false
        }
        letters.append(Letter(scalar: scalar, start: start, end: end, traits: traits))
    }
}
