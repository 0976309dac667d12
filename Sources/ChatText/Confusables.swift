/// What becomes of a scalar, other than Hangul and ASCII, when text is folded so that look-alikes are equal.
///
/// The parts of UTS #39 (confusables), UAX #15 (compatibility forms) and Unicode's names that matter to keep banned
/// words out of a chat, not all of them: the table `ConfusableTable` for other scripts, and the names in the Unicode
/// data for Latin letters. A name is a better source than a list by hand there: "LATIN SMALL LETTER E WITH ACUTE",
/// "MATHEMATICAL BOLD SMALL E" and "CIRCLED LATIN SMALL LETTER E" say themselves what they look like, and names never
/// change.
struct Confusables: Sendable {
    /// Built when first used (about 3,500 names are read, a few milliseconds), then only read.
    static let shared = Confusables()

    enum Outcome {
        /// As it was, in lower case at most.
        case same
        case removed
        case scalar(UInt32)
        case scalars([UInt32])
    }

    /// 0: the same; up to 0x10FFFF: that scalar; `removed`; above: an index into `expansions`.
    private var map = ScalarMap()
    private var expansions: [[UInt32]] = []
    private static let removed: UInt32 = 0x11_0000

    subscript(scalar: UInt32) -> Outcome {
        if scalar >= ConfusableTable.firstIgnorable { return scalar <= 0xE0FFF ? .removed : .same }
        let value = map[scalar]
        if value == 0 { return .same }
        if value < Self.removed { return .scalar(value) }
        return value == Self.removed ? .removed : .scalars(expansions[Int(value - Self.removed - 1)])
    }

    /// Folds a scalar that is neither ASCII nor Hangul, and hands out what it becomes: nothing, one scalar or a few.
    /// They may be ASCII digits.
    func fold(_ scalar: UInt32, _ take: (UInt32) -> Void) {
        switch self[scalar] {
        case .removed: return
        case .scalar(let folded): take(folded)
        case .scalars(let folded): folded.forEach(take)
        case .same:
            guard let properties = Unicode.Scalar(scalar)?.properties, properties.changesWhenLowercased else {
                return take(scalar)
            }
            // Goes no deeper: small letters do not change when they are made small.
            for small in properties.lowercaseMapping.unicodeScalars { fold(small.value, take) }
        }
    }

    private init() {
        for block in ConfusableTable.latinBlocks {
            for value in block {
                if let letter = Unicode.Scalar(value)?.latinLookAlike { map[value] = letter }
            }
        }
        for (scalar, letter) in ConfusableTable.letters { map[scalar] = letter.value }
        for (index, scalar) in ConfusableTable.halfwidthKana.unicodeScalars.enumerated() {
            map[0xFF61 + UInt32(index)] = scalar.value
        }
        for value in UInt32(0xFF01)...0xFF5E { map[value] = value - 0xFEE0 }
        for range in ConfusableTable.removed {
            for value in range { map[value] = Self.removed }
        }
        for (scalar, text) in ConfusableTable.expansions { expand(scalar, to: text.unicodeScalars.map(\.value)) }
        // Voiced kana are taken apart, so that カ with a mark, ｶ with a halfwidth mark, and ガ are one.
        for kana in ConfusableTable.voiceable.unicodeScalars { expand(kana.value + 1, to: [kana.value, 0x3099]) }
        for kana in ConfusableTable.halfVoiceable.unicodeScalars { expand(kana.value + 2, to: [kana.value, 0x309A]) }
    }

    private mutating func expand(_ scalar: UInt32, to scalars: [UInt32]) {
        expansions.append(scalars)
        map[scalar] = Self.removed + UInt32(expansions.count)
    }
}

extension Unicode.Scalar {
    /// The small ASCII letter, or the ASCII digit, that this scalar is a form of by its name or numeric value.
    fileprivate var latinLookAlike: UInt32? {
        if properties.numericType == .decimal || properties.numericType == .digit, let value = properties.numericValue {
            return 0x30 + UInt32(value)
        }
        guard let words = properties.name?.split(separator: " "),
            words.contains(where: Self.latinFamilies.contains)
        else { return nil }
        guard let letter = words.prefix(while: { $0 != "WITH" }).last, letter.utf8.count == 1 else { return nil }
        return letter.utf8.first.map { UInt32($0 | 0x20) }
    }

    private static let latinFamilies: Set<Substring> = [
        "LATIN", "MODIFIER", "MATHEMATICAL", "SCRIPT", "BLACK-LETTER", "DOUBLE-STRUCK", "CIRCLED", "SQUARED",
        "PARENTHESIZED", "REGIONAL",
    ]
}
