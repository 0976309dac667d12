import LuaHost
import RoomEngine

/// The arguments of a slash command, as its plugin has described them: `<who:user> [for:duration=10m] [why:text]`.
///
/// `<…>` must be given, `[…]` may be. The type follows the name: `word text int number duration user room color bool`, or
/// `choice(a|b)`; `word` if none is named. `=…` is what is used when nothing is given. A `text` takes the rest of the line.
struct CommandSpec: Equatable {
    enum Kind: Equatable {
        case word, text, int, number, duration, user, room, color, bool
        case choice([String])
    }

    struct Argument: Equatable {
        var name: String
        var kind: Kind
        var isRequired: Bool
        /// What is used when nothing is given.
        var standard: String?
    }

    let arguments: [Argument]

    struct Malformed: Error {
        let message: String
    }

    init(_ text: String) throws(Malformed) {
        var arguments: [Argument] = []
        for word in text.split(separator: " ") {
            let isRequired = word.hasPrefix("<") && word.hasSuffix(">")
            guard isRequired || word.hasPrefix("[") && word.hasSuffix("]"), word.count > 2 else {
                throw Malformed(message: "'\(word)' is neither <name:type> nor [name:type]")
            }
            let parts = word.dropFirst().dropLast().split(separator: "=", maxSplits: 1)
            let names = parts[0].split(separator: ":", maxSplits: 1)
            let kind = try Self.kind(names.count > 1 ? String(names[1]) : "word")
            let name = String(names[0])
            if arguments.contains(where: { $0.name == name }) { throw Malformed(message: "two arguments are named '\(name)'") }
            let standard = parts.count > 1 ? String(parts[1]) : nil
            // A person or a room may come and go; everything else can be told apart now.
            if let standard, kind != .user, kind != .room {
                do {
                    _ = try Self.constant(standard, kind, arguments.count)
                } catch {
                    throw Malformed(message: "what is used for '\(name)' cannot be: \(error.message)")
                }
            }
            arguments.append(Argument(name: name, kind: kind, isRequired: isRequired, standard: standard))
        }
        if let early = arguments.dropLast().first(where: { $0.kind == .text }) {
            throw Malformed(message: "'\(early.name)' takes the rest of the line, so it must come last")
        }
        if zip(arguments, arguments.dropFirst()).contains(where: { !$0.isRequired && $1.isRequired }) {
            throw Malformed(message: "what must be given comes before what may be")
        }
        self.arguments = arguments
    }

    private static func kind(_ text: String) throws(Malformed) -> Kind {
        switch text {
        case "word": return .word
        case "text": return .text
        case "int": return .int
        case "number": return .number
        case "duration": return .duration
        case "user": return .user
        case "room": return .room
        case "color": return .color
        case "bool": return .bool
        default:
            guard text.hasPrefix("choice("), text.hasSuffix(")") else {
                throw Malformed(message: "there is no argument type '\(text)'")
            }
            let values = text.dropFirst(7).dropLast().split(separator: "|").map(String.init)
            guard !values.isEmpty else { throw Malformed(message: "a choice needs something to choose from: choice(a|b)") }
            return .choice(values)
        }
    }

    /// `<who> [for] [why…]`
    var usage: String {
        arguments.map { argument in
            let name =
                switch argument.kind {
                case .text: argument.name + "…"
                case .choice(let values): values.joined(separator: "|")
                default: argument.name
                }
            return argument.isRequired ? "<\(name)>" : "[\(name)]"
        }.joined(separator: " ")
    }

    /// The usage behind a name, with the argument that is wrong marked.
    func marking(_ mistake: Mistake, after name: String) -> String {
        let words = usage.split(separator: " ").map(String.init)
        let marked = words.enumerated().map { $0 == mistake.argument ? "→\($1)←" : $1 }
        // What is too much has no place in the usage.
        return ([name] + marked + (mistake.argument >= words.count ? ["→…←"] : [])).joined(separator: " ")
    }

    /// What is wrong with what was typed: which argument, and why.
    struct Mistake: Error, Equatable {
        let argument: Int
        let message: String
    }

    /// The arguments by name. What was not given and has no standard value is left out.
    /// - Parameter room: where a person is looked for; everywhere, if nil
    func parse(_ text: String, in room: Room?, _ engine: Engine) throws(Mistake) -> LuaTable {
        var table = LuaTable()
        var rest = text[...]
        for (index, argument) in arguments.enumerated() {
            rest = rest.drop { $0.isWhitespace }
            var given: String?
            if argument.kind == .text {
                while rest.last?.isWhitespace == true { rest.removeLast() }
                given = rest.isEmpty ? nil : String(rest)
                rest = ""
            } else {
                given = Self.takeWord(&rest)
            }
            guard let value = given ?? argument.standard else {
                if argument.isRequired { throw Mistake(argument: index, message: "'\(argument.name)' is missing") }
                continue
            }
            let parsed = try Self.value(value, argument.kind, room, engine, index)
            table.pairs.append(.init(key: .string(argument.name), value: parsed))
        }
        if !rest.allSatisfy(\.isWhitespace) {
            throw Mistake(argument: arguments.count, message: "'\(rest.trimmed)' is too much")
        }
        return table
    }

    /// The next word; quotes keep words together.
    private static func takeWord(_ rest: inout Substring) -> String? {
        guard let first = rest.first else { return nil }
        if first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") {
            defer { rest = rest[rest.index(after: end)...] }
            return String(rest[rest.index(after: rest.startIndex)..<end])
        }
        let word = rest.prefix { !$0.isWhitespace }
        rest = rest[word.endIndex...]
        return String(word)
    }

    private static func value(_ text: String, _ kind: Kind, _ room: Room?, _ engine: Engine, _ index: Int) throws(Mistake) -> LuaValue {
        switch kind {
        case .room:
            guard let found = engine.rooms[RoomID(text)] else {
                throw Mistake(argument: index, message: "there is no room '\(text)'")
            }
            return .room(found)
        case .user:
            do throws(Malformed) {
                return .user(try find(text, among: room.map { $0.members.values.map(\.person) } ?? Array(engine.people.values)))
            } catch {
                throw Mistake(argument: index, message: error.message)
            }
        default: return try constant(text, kind, index)
        }
    }

    /// A value that means the same everywhere.
    private static func constant(_ text: String, _ kind: Kind, _ index: Int) throws(Mistake) -> LuaValue {
        func mistake(_ message: String) -> Mistake { Mistake(argument: index, message: message) }
        switch kind {
        case .word, .text, .user, .room: return .string(text)
        case .int:
            guard let integer = Int64(text) else { throw mistake("'\(text)' is not a whole number") }
            return .int(integer)
        case .number:
            guard let number = Double(text), number.isFinite else { throw mistake("'\(text)' is not a number") }
            return .number(number)
        case .duration:
            guard let seconds = seconds(in: text) else { throw mistake("'\(text)' is not a time such as 30s, 10m or 2h") }
            return .number(seconds)
        case .bool:
            switch text.lowercased() {
            case "yes", "on", "true", "1": return .bool(true)
            case "no", "off", "false", "0": return .bool(false)
            default: throw mistake("'\(text)' is neither yes nor no")
            }
        case .color:
            let color = text.hasPrefix("#") ? text : "#" + text
            guard Color(color) != nil else { throw mistake("'\(text)' is not a colour such as #7984d2") }
            return .string(color.lowercased())
        case .choice(let values):
            guard values.contains(text) else { throw mistake("'\(text)' is not one of \(values.joined(separator: ", "))") }
            return .string(text)
        }
    }

    /// A person, by id or by name, with or without an @.
    private static func find(_ text: String, among people: [Person]) throws(Malformed) -> Person {
        let name = text.hasPrefix("@") ? String(text.dropFirst()) : text
        if let person = people.first(where: { $0.id.text == name }) { return person }
        let named = people.filter { $0.name.lowercased() == name.lowercased() }
        switch named.count {
        case 1: return named[0]
        case 0:
            let hint = nearest(name, in: people.map(\.name)).map { "; did you mean \($0)?" } ?? ""
            throw Malformed(message: "nobody here is called '\(name)'\(hint)")
        default: throw Malformed(message: "\(named.count) people here are called '\(name)': use an id")
        }
    }
}

extension CommandSpec.Kind {
    /// What a specification and the protocol call it.
    var name: String { if case .choice = self { "choice" } else { "\(self)" } }
    var choices: [String] { if case .choice(let values) = self { values } else { [] } }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
