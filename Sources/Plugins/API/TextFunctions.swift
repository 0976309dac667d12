import ChatText
import LuaHost

extension APITable {
    static let text: [APIFunction] = [
        APIFunction("roost.text.fold", ["text string"], returns: "string", "The text with look-alikes made equal.") { call in
            .values([.string(try bounded(ChatText.fold(try call.string(0))))])
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
            let plugin = call.plugin
            guard plugin.matchers.count < Plugin.mostMatchers else {
                throw LuaHostError("too many matchers (\(Plugin.mostMatchers)): keep them in locals and build them once")
            }
            // They are not in Lua's memory, and take some dozen times as much as their words.
            let allowed = try options.list("allow")?.compactMap(\.string) ?? []
            let bytes = (words + allowed).reduce(0) { $0 + $1.utf8.count }
            guard plugin.matchers.values.reduce(bytes, { $0 + $1.bytes }) <= Plugin.mostMatcherBytes else {
                throw LuaHostError("the words of all matchers come to more than \(Plugin.mostMatcherBytes >> 10) KiB")
            }
            let fold = try options.string("fold") ?? "none"
            guard let folding = Matcher.Folding(rawValue: fold) else { throw LuaHostError("'fold' is \"none\", \"case\" or \"confusables\"") }
            let matcher = Matcher(
                words: words,
                options: .init(
                    folding: folding, wholeWord: try options.bool("whole_word") ?? false,
                    allow: allowed, ignoresSeparators: try options.bool("separators") ?? false))
            let number = plugin.nextNumber()
            plugin.matchers[number] = (matcher, bytes)
            return .values([Kind.matcher.handle(number)])
        },
        APIFunction("matcher:find", ["text string"], returns: "string?, integer?, integer?", "The first word that is in the text, and where.") { call in
            guard let object = call.object, let matcher = call.plugin.matchers[object.a]?.matcher else { return .values(LuaValue.gone) }
            let match = matcher.find(try call.string(0)) { !call.plugin.isOutOfTime }
            if call.plugin.isOutOfTime { throw LuaHostError("the time is over") }
            guard let match else { return .values([.nil]) }
            return .values([.string(match.word), .int(Int64(match.range.lowerBound) + 1), .int(Int64(match.range.upperBound))])
        },
    ]

    /// Bytes of a text that a function may make.
    static let longestResult = 1 << 20

    static func bounded(_ text: String) throws(LuaHostError) -> String {
        guard text.utf8.count <= longestResult else { throw LuaHostError("the result is longer than \(longestResult >> 10) KiB") }
        return text
    }

    static func links(_ text: String) -> [LuaValue] {
        ChatText.links(in: text).map { .table(LuaTable(["url": .string($0.url), "host": .string($0.host)])) }
    }

    static func mentions(_ text: String) -> [LuaValue] { ChatText.mentions(in: text).map { .string($0.name) } }
}
