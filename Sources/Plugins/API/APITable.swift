import LuaHost
import RoomEngine

/// The plugin API, whole: every function and attribute, from which registration, checks, editor types and the reference
/// are made.
enum APITable {
    static let functions: [APIFunction] =
        registering + verdicts + events + users + rooms + time + scheduling + storing + iterators + text + regexes + colors + json + crypto
        + logging + commands + console + settings + http + between + measuring

    /// Where each function is put. One whose name is also the beginning of others' (`roost.room`, `roost.room.create`) is what
    /// the table with those does when it is called.
    static let places: [String] = functions.map { function in
        functions.contains { $0.path.hasPrefix(function.path + ".") } ? function.path + ".__call" : function.path
    }

    /// What can be read of a handle, by kind and name.
    static let attributes: [Kind: [String: APIAttribute]] = Dictionary(
        grouping: userAttributes + roomAttributes + responseAttributes + consoleAttributes, by: \.kind
    ).mapValues { Dictionary(uniqueKeysWithValues: $0.map { ($0.name, $0) }) }

    /// Everything that can be asked of something by name, for suggestions: of `chat` its fields and an event's methods, of
    /// `user` its attributes and methods.
    static func names(of what: String) -> [String] {
        let methods = { (kind: Kind) in functions.filter { $0.receiver == kind }.map(\.shortName).filter { !$0.hasPrefix("__") } }
        if let row = EventTable.rows.firstIndex(where: { $0.kind.name == what }) { return EventTable.rows[row].allFields + methods(.event) }
        guard let kind = Kind.allCases.first(where: { $0.name == what }) else { return [] }
        return (attributes[kind].map { Array($0.keys) } ?? []) + methods(kind)
    }
}

/// Something that can be read of a handle.
struct APIAttribute: Sendable {
    let kind: Kind
    let name: String
    /// As the editor's types have it.
    let type: String
    let summary: String
    /// Nil from a handle whose subject is gone.
    let get: @Sendable (Plugin, LuaObject) -> LuaValue

    init(_ kind: Kind, _ name: String, _ type: String, _ summary: String, get: @escaping @Sendable (Plugin, LuaObject) -> LuaValue) {
        self.kind = kind
        self.name = name
        self.type = type
        self.summary = summary
        self.get = get
    }
}
