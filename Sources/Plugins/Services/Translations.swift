import LuaHost
import RoomEngine

/// A plugin's texts in several languages, from its `locales` folder.
struct Translations: Sendable {
    /// By language tag, then by key.
    let tables: [String: [String: String]]
    /// The server's language.
    let standard: String

    /// The text of a key in a language, with `{name}` replaced by `arguments`. Falls back to a tag's first part, to the
    /// server's language, to English, and to the key.
    func text(_ key: String, _ arguments: [String: String], locale: String) -> String {
        let short = String(locale.prefix { $0 != "-" && $0 != "_" })
        for tag in [locale, short, standard, "en"] {
            if let template = tables[tag]?[key] { return fill(template, arguments) }
        }
        return key
    }

    /// The text in the server's language and in every other there is.
    func all(_ key: String, _ arguments: [String: String]) -> LocalizedText {
        let standardText = text(key, arguments, locale: standard)
        var texts: [String: String] = [:]
        for (tag, table) in tables {
            if let template = table[key] { texts[tag] = fill(template, arguments) }
        }
        if texts.count == 1, texts.values.first == standardText { texts = [:] }
        return LocalizedText(standardText, texts: texts)
    }

    private func fill(_ template: String, _ arguments: [String: String]) -> String {
        guard template.contains("{") else { return template }
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = rest[rest.index(after: open)..<close]
            result += rest[..<open]
            result += arguments[String(name)] ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
