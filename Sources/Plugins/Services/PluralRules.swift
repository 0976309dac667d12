/// The plural categories of CLDR.
enum PluralCategory: String, Sendable, CaseIterable {
    case zero, one, two, few, many, other
}

/// Which plural category a number belongs to in a language, by CLDR 47's `plurals.xml`.
///
/// A table of our own: Foundation on Linux keeps ICU's to itself, and a library of ICU would be one more thing to install
/// for thirty lines of rules. Languages that are not here are treated as CLDR's root: everything is `other`.
enum PluralRules {
    /// A number as it is written, in CLDR's terms.
    struct Operands {
        /// The absolute value.
        let n: Double
        /// Its whole part.
        let i: Int64
        /// How many digits of a fraction are written, and which.
        let v: Int, f: Int64

        /// Nil if the text is no number.
        init?(_ text: String) {
            let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
            let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard let number = Double(digits), number.isFinite, let whole = Int64(parts[0]) else { return nil }
            n = number
            i = whole
            v = parts.count > 1 ? parts[1].count : 0
            f = parts.count > 1 ? Int64(parts[1]) ?? 0 : 0
        }

        /// Whether it is whole and its remainder lies in a range.
        fileprivate func ends(_ range: ClosedRange<Int64>, by modulus: Int64) -> Bool { f == 0 && range.contains(i % modulus) }
        fileprivate var isPlainOne: Bool { i == 1 && v == 0 }
        /// As in "2 millions de": French, Spanish, Italian, Portuguese.
        fileprivate var isMillions: Bool { i != 0 && i % 1_000_000 == 0 && v == 0 }
    }

    private enum Family {
        case german, one, danish, french, spanish, italian, hindi, russian, croatian, polish, czech, romanian, arabic, hebrew, lithuanian
    }

    private static let families: [String: Family] = [
        "en": .german, "de": .german, "nl": .german, "sv": .german, "fi": .german, "et": .german, "sw": .german, "pt-pt": .italian,
        "nb": .one, "no": .one, "nn": .one, "el": .one, "hu": .one, "tr": .one, "bg": .one, "eo": .one, "ka": .one, "kk": .one, "uz": .one, "az": .one,
        "da": .danish, "fr": .french, "pt": .french, "es": .spanish, "it": .italian, "ca": .italian, "hi": .hindi, "bn": .hindi, "fa": .hindi,
        "ru": .russian, "uk": .russian, "hr": .croatian, "sr": .croatian, "bs": .croatian, "pl": .polish, "cs": .czech, "sk": .czech,
        "ro": .romanian, "ar": .arabic, "he": .hebrew, "lt": .lithuanian,
    ]

    private static func family(_ tag: String) -> Family? {
        families[tag.lowercased()] ?? families[String(tag.lowercased().prefix { $0 != "-" && $0 != "_" })]
    }

    /// The category of a number in the language of a tag such as `ko` or `pt-BR`.
    static func category(of number: Operands, in tag: String) -> PluralCategory {
        switch family(tag) {
        case nil: .other
        case .german?: number.isPlainOne ? .one : .other
        case .one?: number.n == 1 ? .one : .other
        case .danish?: number.n == 1 || number.f != 0 && number.i <= 1 ? .one : .other
        case .french?: number.i <= 1 ? .one : number.isMillions ? .many : .other
        case .spanish?: number.n == 1 ? .one : number.isMillions ? .many : .other
        case .italian?: number.isPlainOne ? .one : number.isMillions ? .many : .other
        case .hindi?: number.i == 0 || number.n == 1 ? .one : .other
        case .russian?: slavic(number, one: { $0.ends(1...1, by: 10) && !$0.ends(11...11, by: 100) })
        case .polish?: slavic(number, one: \.isPlainOne)
        case .croatian?: croatian(number)
        case .czech?: number.v != 0 ? .many : number.i == 1 ? .one : (2...4).contains(number.i) ? .few : .other
        case .romanian?:
            number.isPlainOne ? .one : number.v != 0 || number.n == 0 || number.n != 1 && number.ends(1...19, by: 100) ? .few : .other
        case .arabic?: arabic(number)
        case .hebrew?: number.isPlainOne || number.i == 0 && number.v != 0 ? .one : number.i == 2 && number.v == 0 ? .two : .other
        case .lithuanian?:
            if number.f != 0 { .many } else if number.ends(11...19, by: 100) { .other } else { number.ends(1...1, by: 10) ? .one : number.ends(2...9, by: 10) ? .few : .other }
        }
    }

    private static func slavic(_ number: Operands, one: (Operands) -> Bool) -> PluralCategory {
        if number.v != 0 { return .other }
        if one(number) { return .one }
        return number.ends(2...4, by: 10) && !number.ends(12...14, by: 100) ? .few : .many
    }

    private static func croatian(_ number: Operands) -> PluralCategory {
        let last = number.v == 0 ? number.i : number.f
        if last % 10 == 1, last % 100 != 11 { return .one }
        return (2...4).contains(last % 10) && !(12...14).contains(last % 100) ? .few : .other
    }

    private static func arabic(_ number: Operands) -> PluralCategory {
        if number.n == 0 { return .zero }
        if number.n == 1 { return .one }
        if number.n == 2 { return .two }
        return number.ends(3...10, by: 100) ? .few : number.ends(11...99, by: 100) ? .many : .other
    }

    /// All the categories that a language has, those of fractions and of millions too.
    static func known(in tag: String) -> Set<PluralCategory> {
        switch family(tag) {
        case .french?, .spanish?, .italian?: [.one, .many, .other]
        case .czech?, .lithuanian?: [.one, .few, .many, .other]
        default: categories(in: tag)
        }
    }

    /// The categories that a language has for whole numbers below a million; `other` is always among them.
    static func categories(in tag: String) -> Set<PluralCategory> {
        switch family(tag) {
        case nil: [.other]
        case .german?, .one?, .danish?, .french?, .spanish?, .italian?, .hindi?: [.one, .other]
        case .russian?, .polish?: [.one, .few, .many, .other]
        case .croatian?, .czech?, .romanian?, .lithuanian?: [.one, .few, .other]
        case .arabic?: Set(PluralCategory.allCases)
        case .hebrew?: [.one, .two, .other]
        }
    }
}
