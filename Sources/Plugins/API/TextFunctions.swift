import ChatText
import LuaHost

extension APITable {
    static let text: [APIFunction] = [
        APIFunction("roost.text.fold", ["text string"], returns: "string", "The text with look-alikes made equal.") { call in
            .values([.string(ChatText.fold(try call.string(0)))])
        },
        APIFunction("roost.text.links", ["text string"], returns: "link[]", "The links in a text.") { call in
            .values([.table(LuaTable(array: links(try call.string(0))))])
        },
        APIFunction("roost.text.mentions", ["text string"], returns: "string[]", "The names mentioned in a text with @.") { call in
            .values([.table(LuaTable(array: mentions(try call.string(0))))])
        },
        APIFunction("roost.text.width", ["text string"], returns: "integer", "Columns it takes in a terminal.") { call in
            .values([.int(Int64(ChatText.width(try call.string(0))))])
        },
        APIFunction("roost.text.graphemes", ["text string"], returns: "integer", "Characters, as people count them.") { call in
            .values([.int(Int64(ChatText.graphemes(try call.string(0))))])
        },
        APIFunction("roost.text.truncate", ["text string", "n integer"], returns: "string", "At most n characters of it, with … where it was cut.") { call in
            .values([.string(ChatText.truncate(try call.string(0), to: max(0, Int(clamping: call[1].integer ?? 0))))])
        },
        APIFunction(
            "roost.text.matcher", ["words table", "options table?"], returns: "matcher", "Finds any of many words in a text, in linear time."
        ) { call in
            var words: [String] = []
            for value in call[0].table!.array {
                guard let word = value.string else { throw LuaHostError("the words must be strings") }
                words.append(word)
            }
            let options = try call.options(1)
            guard call.plugin.matchers.count < Plugin.mostPatterns else { throw LuaHostError("too many matchers (\(Plugin.mostPatterns)): keep them in locals and build them once") }
            let fold = try options.string("fold") ?? "none"
            guard let folding = Matcher.Folding(rawValue: fold) else { throw LuaHostError("'fold' is \"none\", \"case\" or \"confusables\"") }
            let matcher = Matcher(
                words: words,
                options: .init(
                    folding: folding, wholeWord: try options.bool("whole_word") ?? false,
                    allow: try options.list("allow")?.compactMap(\.string) ?? [], ignoresSeparators: try options.bool("separators") ?? false))
            let number = call.plugin.nextNumber()
            call.plugin.matchers[number] = matcher
            return .values([Kind.matcher.handle(number)])
        },
        APIFunction("matcher:find", ["text string"], returns: "string?, integer?, integer?", "The first word that is in the text, and where.") { call in
            guard let object = call.object, let matcher = call.plugin.matchers[object.a] else { return .values(LuaValue.gone) }
            guard let match = matcher.find(try call.string(0)) else { return .values([.nil]) }
            return .values([.string(match.word), .int(Int64(match.range.lowerBound) + 1), .int(Int64(match.range.upperBound))])
        },
    ]

    static func links(_ text: String) -> [LuaValue] {
        ChatText.links(in: text).map { .table(LuaTable(["url": .string($0.url), "host": .string($0.host)])) }
    }

    static func mentions(_ text: String) -> [LuaValue] { ChatText.mentions(in: text).map { .string($0.name) } }
}
