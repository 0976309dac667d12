import LuaHost
import RoomEngine

/// A plugin's texts in several languages, from its `locales` folder.
struct Translations: Sendable {
    /// By language tag in small letters, then by key.
    private let tables: [String: [String: TextTemplate]]
    /// The tags as the files are named.
    private let tags: [String: String]
    /// The server's language.
    private let standard: String

    /// - Parameter tables: by language tag, then by key; texts that are malformed stand for themselves
    init(tables: [String: [String: String]], standard: String) {
        let named = Dictionary(tables.keys.sorted().map { (Self.normal($0), $0) }, uniquingKeysWith: { first, _ in first })
        tags = named
        self.tables = named.mapValues { tag in
            (tables[tag] ?? [:]).mapValues { text in (try? TextTemplate(text)) ?? TextTemplate(literal: text) }
        }
        self.standard = standard
    }

    /// The text of a key in a language, with its places filled. Falls back from `zh-Hant-TW` to `zh-Hant` to `zh`, to the
    /// server's language, to English, and to the key.
    func text(_ key: String, _ arguments: [String: String], locale: String) -> String {
        for tag in Self.candidates(locale) + Self.candidates(standard) + ["en"] {
            if let template = tables[tag]?[key] { return template.filled(arguments, tag: tag) }
        }
        return key
    }

    /// The text in the server's language and in every other there is.
    func all(_ key: String, _ arguments: [String: String]) -> LocalizedText {
        let standardText = text(key, arguments, locale: standard)
        var texts: [String: String] = [:]
        for (tag, table) in tables {
            if let template = table[key] { texts[tags[tag] ?? tag] = template.filled(arguments, tag: tag) }
        }
        if texts.count == 1, texts.values.first == standardText { texts = [:] }
        return LocalizedText(standardText, texts: texts)
    }

    private static func normal(_ tag: String) -> String { tag.lowercased().replacing("_", with: "-") }

    /// A tag and those that it is a special case of.
    private static func candidates(_ locale: String) -> [String] {
        let parts = normal(locale).split(separator: "-")
        return parts.indices.reversed().map { parts[...$0].joined(separator: "-") }
    }
}
