import Foundation

/// Compares a plugin's translations with one another.
struct LocaleCheck {
    let files: PluginFiles
    let locales: [String: [String: String]]

    /// English is what the others are measured by; without it, the first.
    func run() -> [Finding] {
        let tags = locales.keys.sorted()
        var findings = tags.flatMap(plurals)
        guard tags.count > 1, let standard = tags.contains("en") ? "en" : tags.first, let expected = locales[standard] else { return findings }
        for tag in tags where tag != standard {
            guard let given = locales[tag] else { continue }
            let source = source(tag)
            for key in Set(expected.keys).subtracting(given.keys).sorted() {
                findings.append(source.finding(line: 1, "'\(key)' is missing, which locales/\(standard).json has"))
            }
            for key in Set(given.keys).subtracting(expected.keys).sorted() {
                findings.append(source.finding(quoted: key, "'\(key)' is not in locales/\(standard).json"))
            }
            for (key, text) in expected.sorted(by: { $0.key < $1.key }) {
                guard let translated = given[key] else { continue }
                let (own, other) = (Self.arguments(translated), Self.arguments(text))
                for name in other.subtracting(own).sorted() { findings.append(source.finding(quoted: key, "'\(key)' does not say {\(name)}", isWarning: true)) }
                for name in own.subtracting(other).sorted() {
                    findings.append(source.finding(quoted: key, "'\(key)' says {\(name)}, which locales/\(standard).json does not"))
                }
            }
        }
        return findings
    }

    private func source(_ tag: String) -> SourceText {
        let data = FileManager.default.contents(atPath: "\(files.path)/locales/\(tag).json") ?? Data()
        return SourceText(file: "\(files.root)/\(files.id)/locales/\(tag).json", text: String(decoding: data, as: UTF8.self))
    }

    /// Plurals that lack a form of their language, or have one that it does not know.
    private func plurals(_ tag: String) -> [Finding] {
        let source = source(tag), needed = PluralRules.categories(in: tag)
        return (locales[tag] ?? [:]).sorted { $0.key < $1.key }.flatMap { key, text -> [Finding] in
            ((try? TextTemplate(text))?.plurals ?? []).flatMap { argument, categories -> [Finding] in
                let missing = PluralCategory.allCases.filter { needed.contains($0) && !categories.contains($0) }
                let idle = PluralCategory.allCases.filter { !PluralRules.known(in: tag).contains($0) && categories.contains($0) }
                return missing.map { source.finding(quoted: key, "'\(key)' has no form '\($0.rawValue)' of {\(argument), plural}, which \(tag) needs") }
                    + idle.map { source.finding(quoted: key, "'\(key)' has a form '\($0.rawValue)' of {\(argument), plural}, which \(tag) never uses", isWarning: true) }
            }
        }
    }

    /// The names of the values that a text has places for.
    static func arguments(_ text: String) -> Set<String> { (try? TextTemplate(text))?.arguments ?? [] }
}
