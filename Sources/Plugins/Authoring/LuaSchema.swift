import RoomEngine

/// What a plugin's code can name: globals, and what is in the values that the API hands out. Made from the API table, the
/// event table and the sandbox itself.
struct LuaSchema {
    /// A function that can be called.
    struct Callable {
        var path: String
        var arguments: [APIFunction.Argument]
        var returns: String
        var permission: Permission?
        var isMethod: Bool
        var options: [APIOption]
    }

    struct Member {
        /// What it is, as the editor's types have it; nil if that is not known.
        var type: String?
        var callable: Callable?
    }

    /// Values of a type have these members and no others. Types that are not here may have anything.
    private(set) var types: [String: [String: Member]] = [:]
    private(set) var globals: [String: Member] = [:]

    /// - Parameters:
    ///   - settings: the names in `roost.config`
    ///   - isTest: whether it is about a `test.lua`
    init(_ facts: SandboxFacts, settings: [String], isTest: Bool) {
        for (name, names) in facts.globals {
            globals[name] = Member(type: names.isEmpty ? nil : Self.library(name))
            if !names.isEmpty { types[Self.library(name)] = Dictionary(uniqueKeysWithValues: names.map { ($0, Member()) }) }
        }
        if isTest { addTests() } else { addAPI(settings) }
    }

    /// The type of a library's table, e.g. of `string` or `roost.text`.
    static func library(_ path: String) -> String { "library \(path)" }
    static func event(_ name: String) -> String { "event \(name)" }

    private mutating func addAPI(_ settings: [String]) {
        globals["roost"] = Member(type: Self.library("roost"))
        for function in APITable.functions {
            let callable = Callable(
                path: function.path, arguments: function.arguments, returns: function.returns, permission: function.permission,
                isMethod: function.receiver != nil, options: APITable.options[function.path] ?? [])
            if let receiver = function.receiver {
                types[receiver.name, default: [:]][function.shortName] = Member(callable: callable)
            } else {
                add(callable)
            }
        }
        for (kind, attributes) in APITable.attributes {
            for (name, attribute) in attributes { types[kind.name, default: [:]][name] = Member(type: attribute.type) }
        }
        types[Self.library("roost")]?["store"] = Member(type: Kind.store.name)
        types[Self.library("roost")]?["config"] = Member(type: Kind.config.name)
        types[Self.library("roost")]?["keep"] = Member()
        types[Kind.config.name] = Dictionary(uniqueKeysWithValues: settings.map { ($0, Member()) })
        for record in EventDescription.records {
            types[record.name] = Dictionary(uniqueKeysWithValues: record.fields.map { ($0.name, Member(type: $0.type)) })
        }
        let methods = types.removeValue(forKey: Kind.event.name) ?? [:]
        for row in EventTable.rows {
            let fields = row.allFields.map { ($0, Member(type: row.description(of: $0).type)) }
            types[Self.event(row.typeName)] = methods.merging(fields) { $1 }
        }
    }

    /// Puts `roost.text.fold` where its path says.
    private mutating func add(_ callable: Callable) {
        let parts = callable.path.split(separator: ".").map(String.init)
        for depth in parts.indices.dropFirst() {
            // A table may also be a function: roost.room, roost.room.create.
            let holder = Self.library(parts[..<depth].joined(separator: "."))
            if depth == parts.count - 1 {
                types[holder, default: [:]][parts[depth], default: Member()].callable = callable
            } else {
                types[holder, default: [:]][parts[depth], default: Member()].type = Self.library(parts[...depth].joined(separator: "."))
            }
        }
    }

    private mutating func addTests() {
        for signature in TestSignature.all {
            let parts = signature.path.split(separator: ":").map(String.init)
            let callable = Callable(
                path: signature.path, arguments: signature.arguments, returns: signature.returns, permission: nil, isMethod: parts.count == 2,
                options: [])
            if parts.count == 2 {
                types[parts[0], default: [:]][parts[1]] = Member(callable: callable)
            } else {
                globals[parts[0]] = Member(callable: callable)
            }
        }
        for (kind, attributes) in TestSignature.attributes {
            for attribute in attributes { types[kind, default: [:]][attribute.name] = Member(type: attribute.type) }
        }
    }

    // MARK: Asking

    /// The members of a type, if it has these and no others. Strings have those of their library.
    func members(of type: String) -> [String: Member]? {
        type == "string" ? types[Self.library("string")] : types[type]
    }

    /// Gives the call of a slash command a type of its own, in which the arguments are those of its specification.
    mutating func addCommand(_ name: String, arguments: [String: String]) -> String {
        let type = Self.event("/\(name)"), given = "arguments of /\(name)"
        types[given] = arguments.mapValues { Member(type: $0) }
        types[type] = types[Self.event("/command")]?.merging(["args": Member(type: given)]) { $1 }
        return type
    }

    /// The methods of that name, whatever has them: for receivers that nobody knows.
    func methods(named name: String) -> [Callable] {
        types.values.compactMap { $0[name]?.callable }.filter(\.isMethod)
    }

    /// How messages speak of values of a type.
    static func words(_ type: String) -> String {
        if type.hasPrefix("library ") { return String(type.dropFirst(8)) }
        if type.hasPrefix("arguments of ") { return String(type.dropFirst(13)) }
        let name = type.hasPrefix("event ") ? String(type.dropFirst(6)) : type
        if name.hasPrefix("/") { return "a call of \(name)" }
        switch type {
        case Kind.config.name: return "this plugin's \"config\""
        case "t": return "t"
        default: return ("aeio".contains(name.first ?? " ") ? "an " : "a ") + name.replacing("_", with: " ")
        }
    }
}

extension EventRow {
    /// The event's name; of the call of a slash command, `/command`.
    var typeName: String { phases.isEmpty ? "/\(kind.name)" : kind.name }
}
