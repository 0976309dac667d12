import LinearRegex
import LuaHost

extension APITable {
    static let regexes: [APIFunction] = [
        APIFunction(
            "roost.text.regex", ["pattern string", "options table?"], returns: "regex",
            "A regular expression that is matched in time linear in the text. Build it once, and keep it in a local."
        ) { call in
            let options = try call.options(1)
            guard call.plugin.regexes.count < Plugin.mostPatterns else {
                throw LuaHostError("too many regular expressions (\(Plugin.mostPatterns)): keep them in locals and build them once")
            }
            let pattern: LinearPattern
            do {
                pattern = try LinearPattern(try call.string(0), ignoresCase: try options.bool("ignore_case") ?? false)
            } catch let error as PatternError {
                throw LuaHostError("bad pattern: \(error)")
            }
            let number = call.plugin.nextNumber()
            call.plugin.regexes[number] = pattern
            return .values([Kind.regex.handle(number)])
        },
        APIFunction(
            "regex:find", ["text string", "init integer?"], returns: "integer?, integer?, string?",
            "Where the first match is, and what its groups captured; like string.find. A group that took no part is false."
        ) { call in
            try firstMatch(call) { [.int(Int64($1.range.lowerBound) + 1), .int(Int64($1.range.upperBound))] + captures($0, $1) }
        },
        APIFunction(
            "regex:match", ["text string", "init integer?"], returns: "string?, string?",
            "What the groups of the first match captured, or all of it if there are none; like string.match."
        ) { call in
            try firstMatch(call) { text, match in match.groups.count > 1 ? captures(text, match) : [piece(text, match.range)] }
        },
        APIFunction(
            "regex:all", ["text string", "most integer?"], returns: "table[]", "All matches, or so many: each with its text, place and groups."
        ) { call in
            let most = call[1].integer ?? 1_000
            guard (1...1_000).contains(most) else { throw LuaHostError("'most' is from 1 to 1000") }
            guard let pattern = pattern(call) else { return .values(LuaValue.gone) }
            let text = Array(try call.string(0).utf8)
            var found: [LuaValue] = []
            try eachMatch(call, pattern, text) { match in
                var table = LuaTable(array: captures(text, match))
                for (name, value) in [("text", piece(text, match.range)), ("first", .int(Int64(match.range.lowerBound) + 1)), ("last", .int(Int64(match.range.upperBound)))] {
                    table.pairs.append(.init(key: .string(name), value: value))
                }
                for (name, group) in pattern.names.sorted(by: { $0.key < $1.key }) {
                    if let range = match.groups[group] { table.pairs.append(.init(key: .string(name), value: piece(text, range))) }
                }
                found.append(.table(table))
                return found.count < most
            }
            return .values([.table(LuaTable(array: found))])
        },
        APIFunction(
            "regex:replace", ["text string", "replacement string"], returns: "string, integer",
            "The text with every match replaced, and how many there were. In the replacement %1 is a group, %0 the match, %% a percent sign."
        ) { call in
            guard let pattern = pattern(call) else { return .values(LuaValue.gone) }
            let text = Array(try call.string(0).utf8)
            let parts = try replacement(call, groups: pattern.groups)
            var result: [UInt8] = []
            var (end, count) = (0, 0)
            try eachMatch(call, pattern, text) { match in
                result += text[end..<match.range.lowerBound]
                for part in parts {
                    switch part {
                    case .text(let bytes): result += bytes
                    case .group(let group): if let range = match.groups[group] { result += text[range] }
                    }
                }
                (end, count) = (match.range.upperBound, count + 1)
                if result.count > longestResult { throw LuaHostError("the result is longer than \(longestResult >> 10) KiB") }
                return true
            }
            result += text[end...]
            return .values([.string(String(decoding: result, as: UTF8.self)), .int(Int64(count))])
        },
    ]

    private static func pattern(_ call: APICall) -> LinearPattern? { call.object.flatMap { call.plugin.regexes[$0.a] } }

    private static func firstMatch(_ call: APICall, _ values: ([UInt8], LinearPattern.Match) -> [LuaValue]) throws -> LuaAnswer {
        guard let pattern = pattern(call) else { return .values(LuaValue.gone) }
        let text = Array(try call.string(0).utf8)
        // As in string.find, a negative place counts from the end.
        let wanted = call[1].integer ?? 1
        var start = wanted > 0 ? Int(clamping: wanted) - 1 : wanted < 0 ? max(0, text.count + Int(clamping: wanted)) : 0
        guard start <= text.count else { return .values([.nil]) }
        while start < text.count, text[start] & 0xC0 == 0x80 { start += 1 }
        guard let match = try find(call, pattern, text, from: start) else { return .values([.nil]) }
        return .values(values(text, match))
    }

    /// Calls `body` with the matches from left to right, until it says that it has enough.
    private static func eachMatch(_ call: APICall, _ pattern: LinearPattern, _ text: [UInt8], _ body: (LinearPattern.Match) throws -> Bool) throws {
        var start = 0
        while start <= text.count, let match = try find(call, pattern, text, from: start) {
            guard try body(match) else { return }
            start = match.range.upperBound
            if match.range.isEmpty {
                start += 1
                while start < text.count, text[start] & 0xC0 == 0x80 { start += 1 }
            }
        }
    }

    /// The plugin's time passes while it is looked for.
    private static func find(_ call: APICall, _ pattern: LinearPattern, _ text: [UInt8], from start: Int) throws(LuaHostError) -> LinearPattern.Match? {
        do {
            return try pattern.find(in: text, from: start) { !call.plugin.isOutOfTime }
        } catch {
            throw LuaHostError("the time is over")
        }
    }

    private static func captures(_ text: [UInt8], _ match: LinearPattern.Match) -> [LuaValue] {
        match.groups.dropFirst().map { $0.map { piece(text, $0) } ?? .bool(false) }
    }

    private static func piece(_ text: [UInt8], _ range: Range<Int>) -> LuaValue { .string(String(decoding: text[range], as: UTF8.self)) }

    private enum ReplacementPart {
        case text([UInt8])
        case group(Int)
    }

    private static func replacement(_ call: APICall, groups: Int) throws(LuaHostError) -> [ReplacementPart] {
        var parts: [ReplacementPart] = []
        var text: [UInt8] = []
        var rest = Array(try call.string(1).utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                text.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "%")?: text.append(byte)
            case let digit? where (0x30...0x39).contains(digit) && Int(digit - 0x30) <= groups:
                parts += [.text(text), .group(Int(digit - 0x30))]
                text = []
            default: throw LuaHostError("in the replacement '%' is followed by %, 0 or the number of one of the \(groups) groups")
            }
        }
        return parts + [.text(text)]
    }
}
