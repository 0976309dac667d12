import Foundation

/// Compares a plugin's translations with one another.
struct LocaleCheck {
    let files: PluginFiles
    let locales: [String: [String: String]]

    /// English is what the others are measured by; without it, the first.
    func run() -> [Finding] {
        let tags = locales.keys.sorted()
        guard tags.count > 1, let standard = tags.contains("en") ? "en" : tags.first, let expected = locales[standard] else { return [] }
        var findings: [Finding] = []
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
                let missing = Self.places(text).subtracting(Self.places(translated)), extra = Self.places(translated).subtracting(Self.places(text))
                for name in missing.sorted() { findings.append(source.finding(quoted: key, "'\(key)' does not say {\(name)}", isWarning: true)) }
                for name in extra.sorted() {
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

    /// The names in braces.
    private static func places(_ text: String) -> Set<String> { Set(text.matches(of: /\{([^{}]+)\}/).map { String($0.output.1) }) }
}
