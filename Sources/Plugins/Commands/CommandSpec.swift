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
            arguments.append(
                Argument(name: String(names[0]), kind: kind, isRequired: isRequired, standard: parts.count > 1 ? String(parts[1]) : nil))
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
            return .choice(text.dropFirst(7).dropLast().split(separator: "|").map(String.init))
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

    /// What is wrong with what was typed: which argument, and why.
    struct Mistake: Error, Equatable {
        let argument: Int
        let message: String
    }

    /// The arguments by name. What was not given and has no standard value is left out.
    func parse(_ text: String, in room: Room, _ engine: Engine) throws(Mistake) -> LuaTable {
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

    private static func value(_ text: String, _ kind: Kind, _ room: Room, _ engine: Engine, _ index: Int) throws(Mistake) -> LuaValue {
        func mistake(_ message: String) -> Mistake { Mistake(argument: index, message: message) }
        switch kind {
        case .word, .text: return .string(text)
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
        case .room:
            guard let found = engine.rooms[RoomID(text)] else { throw mistake("there is no room '\(text)'") }
            return .room(found)
        case .user:
            switch find(text, in: room) {
            case .success(let person): return .user(person)
            case .failure(let error): throw mistake(error.message)
            }
        }
    }

    /// A person in the room, by id or by name, with or without an @.
    private static func find(_ text: String, in room: Room) -> Result<Person, Malformed> {
        let name = text.hasPrefix("@") ? String(text.dropFirst()) : text
        if let member = room.members[PersonID(name)] { return .success(member.person) }
        let named = room.members.values.filter { $0.person.name.lowercased() == name.lowercased() }
        switch named.count {
        case 1: return .success(named[0].person)
        case 0:
            let hint = nearest(name, in: room.members.values.map(\.person.name)).map { "; did you mean \($0)?" } ?? ""
            return .failure(Malformed(message: "nobody here is called '\(name)'\(hint)"))
        default: return .failure(Malformed(message: "\(named.count) people here are called '\(name)': use an id"))
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
