/// A set of Unicode scalars: ranges, and properties that scalars have.
struct ScalarSet: Sendable {
    /// A property, or that it is missing.
    struct Property: Sendable {
        let isMissing: Bool
        let has: @Sendable (Unicode.Scalar) -> Bool
    }

    private let ranges: [ClosedRange<UInt32>]
    private let properties: [Property]
    private let isNegated: Bool
    private let ignoresCase: Bool
    /// Whether it contains each of the first 128, worked out beforehand.
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    init(ranges: [ClosedRange<UInt32>], properties: [Property] = [], isNegated: Bool = false, ignoresCase: Bool = false) {
        self.ranges = Self.merged(ranges)
        self.properties = properties
        self.isNegated = isNegated
        self.ignoresCase = ignoresCase
        for scalar in UInt32(0)..<64 where looksUp(scalar) { ascii.low |= 1 << scalar }
        for scalar in UInt32(64)..<128 where looksUp(scalar) { ascii.high |= 1 << (scalar - 64) }
    }

    func contains(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return ascii.low >> scalar & 1 == 1 }
        if scalar < 128 { return ascii.high >> (scalar - 64) & 1 == 1 }
        return looksUp(scalar)
    }

    private func looksUp(_ scalar: UInt32) -> Bool {
        var isIn = holds(scalar)
        if !isIn, ignoresCase { isIn = Self.otherCases(of: scalar).contains(where: holds) }
        return isIn != isNegated
    }

    private func holds(_ scalar: UInt32) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        if low < ranges.count, ranges[low].contains(scalar) { return true }
        guard !properties.isEmpty, let scalar = Unicode.Scalar(scalar) else { return false }
        return properties.contains { $0.has(scalar) != $0.isMissing }
    }

    private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// The same letter in another case, where that is one scalar (Unicode's simple case mappings, nearly).
    static func otherCases(of scalar: UInt32) -> [UInt32] {
        guard let properties = Unicode.Scalar(scalar)?.properties else { return [] }
        return [properties.lowercaseMapping, properties.uppercaseMapping].compactMap { mapping in
            let scalars = mapping.unicodeScalars
            guard scalars.count == 1, let other = scalars.first?.value, other != scalar else { return nil }
            return other
        }
    }
}

extension ScalarSet.Property {
    static func generalCategories(_ categories: Set<Unicode.GeneralCategory>, isMissing: Bool = false) -> Self {
        .init(isMissing: isMissing) { categories.contains($0.properties.generalCategory) }
    }

    /// `\d`: digits of every script (Nd).
    static func digit(isMissing: Bool) -> Self { .generalCategories([.decimalNumber], isMissing: isMissing) }
    /// `\s`: White_Space.
    static func space(isMissing: Bool) -> Self { .init(isMissing: isMissing) { $0.properties.isWhitespace } }
    /// `\w`: what words are made of (UTS #18, annex C).
    static func word(isMissing: Bool) -> Self { .init(isMissing: isMissing) { isWordScalar($0) } }

    /// Of `\p{…}`: a general category such as `L`, `Lu` or `Nd`, or a property.
    static func named(_ name: String, isMissing: Bool) -> Self? {
        if let categories = UnicodeCategories.byName[name] { return .generalCategories(categories, isMissing: isMissing) }
        return switch name {
        case "Alphabetic": .init(isMissing: isMissing) { $0.properties.isAlphabetic }
        case "Uppercase": .init(isMissing: isMissing) { $0.properties.isUppercase }
        case "Lowercase": .init(isMissing: isMissing) { $0.properties.isLowercase }
        case "White_Space": .space(isMissing: isMissing)
        case "Emoji": .init(isMissing: isMissing) { $0.properties.isEmoji }
        case "Emoji_Presentation": .init(isMissing: isMissing) { $0.properties.isEmojiPresentation }
        case "Ideographic": .init(isMissing: isMissing) { $0.properties.isIdeographic }
        default: nil
        }
    }
}

func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
        return (0x30...0x39).contains(scalar.value) || (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value) || scalar == "_"
    }
    if scalar.properties.isAlphabetic { return true }
    return switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    default: false
    }
}

/// Unicode's general categories by the names that patterns have for them (UAX #44, table 12).
enum UnicodeCategories {
    static let byName: [String: Set<Unicode.GeneralCategory>] = {
        let single: [String: Unicode.GeneralCategory] = [
            "Lu": .uppercaseLetter, "Ll": .lowercaseLetter, "Lt": .titlecaseLetter, "Lm": .modifierLetter, "Lo": .otherLetter,
            "Mn": .nonspacingMark, "Mc": .spacingMark, "Me": .enclosingMark, "Nd": .decimalNumber, "Nl": .letterNumber,
            "No": .otherNumber, "Pc": .connectorPunctuation, "Pd": .dashPunctuation, "Ps": .openPunctuation,
            "Pe": .closePunctuation, "Pi": .initialPunctuation, "Pf": .finalPunctuation, "Po": .otherPunctuation,
            "Sm": .mathSymbol, "Sc": .currencySymbol, "Sk": .modifierSymbol, "So": .otherSymbol, "Zs": .spaceSeparator,
            "Zl": .lineSeparator, "Zp": .paragraphSeparator, "Cc": .control, "Cf": .format, "Cs": .surrogate, "Co": .privateUse,
            "Cn": .unassigned,
        ]
        var result: [String: Set<Unicode.GeneralCategory>] = [:]
        for (name, category) in single {
            result[name] = [category]
            result[String(name.prefix(1)), default: []].insert(category)
        }
        return result
    }()
}
