/// A translated text with places for values, in a small part of ICU's MessageFormat and a notation for Korean particles:
///
/// - `{name}`: a value, as text; whatever is in it stays text.
/// - `{n, plural, =0 {nobody} one {# person} other {# people}}`: by CLDR's plural categories; `#` is the number.
/// - `{은/는}`: the particle that fits what stands before it.
/// - `'{'` is a brace, `''` an apostrophe.
struct TextTemplate: Sendable, Equatable {
    indirect enum Part: Sendable, Equatable {
        case text(String)
        case argument(String)
        case particle(KoreanParticlePair)
        case plural(String, [Form])
        /// `#`
        case number
    }

    /// One form of a plural, for a number (`=0`) or a category.
    struct Form: Sendable, Equatable {
        let number: Double?
        let category: PluralCategory?
        let parts: [Part]
    }

    let parts: [Part]

    init(_ text: String) throws(Malformed) {
        var reader = TemplateReader(text)
        parts = try reader.readAll()
    }

    /// Text that stands for itself.
    init(literal text: String) { parts = [.text(text)] }

    /// What is wrong with a text, as the end of a sentence.
    struct Malformed: Error, Equatable {
        let message: String
    }

    // MARK: Filling

    /// - Parameter tag: the language, for the plural categories
    func filled(_ arguments: [String: String], tag: String) -> String {
        var result = ""
        Self.fill(parts, arguments, tag, number: nil, &result)
        return result
    }

    private static func fill(_ parts: [Part], _ arguments: [String: String], _ tag: String, number: String?, _ result: inout String) {
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .argument(let name): result += arguments[name] ?? "{\(name)}"
            case .number: result += number ?? "#"
            case .particle(let pair): result += pair.form(after: result)
            case .plural(let name, let forms):
                let value = arguments[name] ?? "{\(name)}"
                let operands = PluralRules.Operands(value)
                let category = operands.map { PluralRules.category(of: $0, in: tag) } ?? .other
                let form = forms.first { $0.number != nil && $0.number == operands?.n } ?? forms.first { $0.category == category }
                    ?? forms.first { $0.category == .other }
                if let form { fill(form.parts, arguments, tag, number: value, &result) }
            }
        }
    }

    // MARK: Looking through

    /// The names of the values.
    var arguments: Set<String> { Self.arguments(parts) }

    private static func arguments(_ parts: [Part]) -> Set<String> {
        parts.reduce(into: []) { names, part in
            switch part {
            case .argument(let name): names.insert(name)
            case .plural(let name, let forms):
                names.insert(name)
                for form in forms { names.formUnion(arguments(form.parts)) }
            case .text, .particle, .number: break
            }
        }
    }

    /// Of each plural, the categories it has a form for.
    var plurals: [(argument: String, categories: Set<PluralCategory>)] { Self.plurals(parts) }

    private static func plurals(_ parts: [Part]) -> [(argument: String, categories: Set<PluralCategory>)] {
        parts.flatMap { part in
            guard case .plural(let name, let forms) = part else { return [] as [(argument: String, categories: Set<PluralCategory>)] }
            return [(name, Set(forms.compactMap(\.category)))] + forms.flatMap { plurals($0.parts) }
        }
    }
}
