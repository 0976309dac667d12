import LuaHost
import RoomEngine

/// One function of the plugin API: a row of the table from which registration, checks, editor types and the reference are
/// made.
struct APIFunction: Sendable {
    /// `roost.log.info`, or `user:mute` for a method, or `timer:__call` for a metamethod.
    let path: String
    /// The kind of the object that a method is called on.
    let receiver: Kind?
    /// The name without what it belongs to.
    let shortName: String
    let arguments: [Argument]
    /// What it returns, as the editor's types have it.
    let returns: String
    /// Without it, a call is an error.
    let permission: Permission?
    let summary: String
    let call: @Sendable (APICall) throws -> LuaAnswer

    init(
        _ path: String, _ arguments: [Argument] = [], returns: String = "nil", permission: Permission? = nil, _ summary: String,
        call: @escaping @Sendable (APICall) throws -> LuaAnswer
    ) {
        self.path = path
        receiver = path.firstIndex(of: ":").flatMap { colon in Kind.allCases.first { $0.name == path[..<colon] } }
        shortName = String(path[path.index(after: path.lastIndex { $0 == "." || $0 == ":" } ?? path.startIndex)...])
        self.arguments = arguments
        self.returns = returns
        self.permission = permission
        self.summary = summary
        self.call = call
    }

    /// An argument: `"key string"`, `"options table?"`, `"... any"`.
    struct Argument: Sendable, ExpressibleByStringLiteral {
        let name: String
        let type: String
        let isOptional: Bool
        let isRest: Bool
        private let alternatives: [String]

        init(stringLiteral text: String) {
            let words = text.split(separator: " ", maxSplits: 1)
            name = String(words[0])
            isOptional = words[1].hasSuffix("?")
            type = String(isOptional ? words[1].dropLast() : words[1])
            isRest = name == "..."
            alternatives = type.split(separator: "|").map(String.init)
        }

        func accepts(_ value: LuaValue) -> Bool {
            if value == .nil { return isOptional || type == "any" }
            return alternatives.contains { $0 == "any" || Self.matches(value, $0) }
        }

        private static func matches(_ value: LuaValue, _ type: String) -> Bool {
            switch value {
            case .string, .bytes: type == "string"
            case .int, .number: type == "number" || type == "integer" && value.integer != nil
            case .bool: type == "boolean"
            case .table: type == "table"
            case .function: type == "function"
            case .object(let object): Kind(rawValue: object.kind).map { $0.name == type } ?? false
            case .nil: false
            }
        }
    }

    /// Checks permission and arguments, and calls.
    func invoke(_ plugin: Plugin, _ values: [LuaValue]) throws(LuaHostError) -> LuaAnswer {
        if let permission, !plugin.may(permission) { throw plugin.missing(permission, for: path) }
        var given = values[...]
        var object: LuaObject?
        if let receiver {
            guard let handle = given.first?.handle(receiver) else {
                throw LuaHostError("call '\(shortName)' with a colon: \(receiver.name):\(shortName)(…)")
            }
            object = handle
            given = given.dropFirst()
        }
        let rest = arguments.last?.isRest ?? false
        for (index, argument) in arguments.enumerated() {
            if argument.isRest { break }
            let value = index < given.count ? given[given.startIndex + index] : .nil
            if !argument.accepts(value) { throw wrong(index, argument, value) }
        }
        if !rest, given.count > arguments.count {
            throw LuaHostError("too many arguments to '\(shortName)' (\(arguments.count) expected, got \(given.count))")
        }
        do {
            return try call(APICall(plugin: plugin, function: self, object: object, arguments: given))
        } catch let error as LuaHostError {
            throw error
        } catch {
            throw LuaHostError("\(error)")
        }
    }

    func wrong(_ index: Int, _ argument: Argument, _ value: LuaValue) -> LuaHostError {
        let got = value.object.flatMap { Kind(rawValue: $0.kind)?.name } ?? value.typeName
        return LuaHostError("bad argument #\(index + 1) to '\(shortName)' (\(argument.type) expected, got \(got))")
    }
}

/// A call of an API function, its arguments checked.
struct APICall {
    let plugin: Plugin
    let function: APIFunction
    /// What a method was called on.
    let object: LuaObject?
    let arguments: ArraySlice<LuaValue>

    subscript(_ index: Int) -> LuaValue {
        let at = arguments.startIndex + index
        return at < arguments.endIndex ? arguments[at] : .nil
    }

    var host: PluginHost { plugin.host }
    var engine: Engine { plugin.host.engine }

    /// A string argument. Lua strings that are not UTF-8 are refused: nobody else could read them.
    func string(_ index: Int) throws(LuaHostError) -> String {
        if case .string(let text) = self[index] { return text }
        throw LuaHostError("bad argument #\(index + 1) to '\(function.shortName)' (text that is not UTF-8)")
    }

    /// The bytes of a string argument.
    func bytes(_ index: Int) -> [UInt8] {
        switch self[index] {
        case .string(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        default: []
        }
    }

    func function(_ index: Int) -> LuaFunction { self[index].function! }

    /// A table argument that is the options of the table ``APITable/options``. Other names are errors, so that a slip is
    /// noticed, and so are options that the plugin may not use, unless they are false.
    func options(_ index: Int) throws(LuaHostError) -> Options {
        let table = self[index].table ?? LuaTable()
        let options = table.pairs.isEmpty ? [] : APITable.options[function.path] ?? []
        for pair in table.pairs {
            let name = pair.key.string ?? "?"
            guard let option = options.first(where: { $0.name == name }) else {
                let known = options.map(\.name)
                let hint = nearest(name, in: known).map { "; did you mean '\($0)'?" } ?? "; there are: \(known.joined(separator: ", "))"
                throw LuaHostError("'\(function.shortName)' has no option '\(name)'\(hint)")
            }
            if let permission = option.permission, pair.value != .bool(false), !plugin.may(permission) {
                throw plugin.missing(permission, for: "\(name) = \(pair.value.display)")
            }
        }
        return Options(table: table, function: function)
    }

    /// The person that the method was called on, or nil if they are gone.
    var person: Person? { object.flatMap { engine.person(number: $0.a) } }
    var room: Room? { object.flatMap { engine.room(number: $0.a) } }
}

/// Options by name, with their types checked as they are read.
struct Options {
    let table: LuaTable
    let function: APIFunction

    func string(_ name: String) throws(LuaHostError) -> String? { try read(name, "string", \.string) }
    func number(_ name: String) throws(LuaHostError) -> Double? { try read(name, "number", \.double) }
    func integer(_ name: String) throws(LuaHostError) -> Int64? { try read(name, "integer", \.integer) }
    func bool(_ name: String) throws(LuaHostError) -> Bool? { try read(name, "boolean", \.bool) }
    func list(_ name: String) throws(LuaHostError) -> [LuaValue]? { try read(name, "table", \.table?.array) }

    /// A room, by handle or id.
    func room(_ name: String, _ engine: Engine) throws(LuaHostError) -> Room? {
        switch table[name] {
        case .nil: return nil
        case .string(let id): return engine.rooms[RoomID(id)]
        case let value:
            guard let handle = value.handle(.room) else { throw wrong(name, "room", value) }
            return engine.room(number: handle.a)
        }
    }

    /// A person, or nil if nobody is given.
    func person(_ name: String, _ engine: Engine) throws(LuaHostError) -> Person? {
        let value = table[name]
        if value == .nil { return nil }
        guard let handle = value.handle(.user) else { throw wrong(name, "user", value) }
        guard let person = engine.person(number: handle.a) else { throw LuaHostError("'\(name)' is gone") }
        return person
    }

    func strings(_ name: String) throws(LuaHostError) -> [String]? {
        guard let values = try list(name) else { return nil }
        let texts = values.compactMap(\.string)
        guard texts.count == values.count else { throw LuaHostError("'\(name)' is a list of strings") }
        return texts
    }

    /// - Parameter get: the value, if it is of the type
    func value<T>(_ name: String, _ type: String, _ get: (LuaValue) -> T?) throws(LuaHostError) -> T? { try read(name, type, get) }

    private func read<T>(_ name: String, _ type: String, _ get: (LuaValue) -> T?) throws(LuaHostError) -> T? {
        let value = table[name]
        if value == .nil { return nil }
        guard let result = get(value) else { throw wrong(name, type, value) }
        return result
    }

    private func wrong(_ name: String, _ type: String, _ value: LuaValue) -> LuaHostError {
        LuaHostError("option '\(name)' of '\(function.shortName)' is a \(type), not a \(value.typeName)")
    }
}
