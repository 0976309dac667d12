import Foundation
import JSONText
import LuaHost
import RoomEngine

/// What a plugin says of itself in `plugin.json`, read before any of its code.
package struct Manifest: Sendable, Equatable {
    package var id: PluginID
    package var version = "0"
    package var entry = "init.lua"
    package var title: [String: String] = [:]
    /// The events it may hook; nil for those that its permissions make sense of.
    package var hooks: [String]?
    package var permissions = Permission.everyday
    /// Where its requests may go.
    package var hosts: [AllowedHost] = []
    /// Bytes its store may take.
    package var store = 256 << 10
    /// Bytes of Lua memory.
    package var memory = 16 << 20
    /// Time a handler has before what it decides happens.
    package var deadline = LuaBudget.milliseconds(50)
    /// Its handlers fail closed.
    package var isSafety = false
    package var settings: [String: Setting] = [:]
    package var mode = Mode.live
    /// A new version must pass its own tests before it takes over.
    package var testsBeforeReload = false

    /// Whether what it decides and does counts.
    package enum Mode: String, Sendable, Codable { case live, shadow }

    /// A setting that admins may change.
    package struct Setting: Sendable, Equatable {
        package enum Kind: String, Sendable, CaseIterable {
            case bool, int, number, string, duration
            case list = "list<string>"
        }

        package var kind: Kind
        package var standard: JSONValue
        package var least: Double?
        package var most: Double?
        package var help: String
    }

    /// What is wrong with a manifest: the key, and what was expected.
    package struct Problem: Error, CustomStringConvertible, Equatable {
        package let description: String
    }

    /// Of a plugin that is a single file.
    package init(id: PluginID) { self.id = id }

    /// Reads `plugin.json`. Mistakes name the key and say what was expected there.
    package init(id: PluginID, json: Data) throws(Problem) {
        let root: JSONValue
        do {
            root = try JSONValue(parsing: json)
        } catch {
            throw Problem(description: "not valid JSON: \(error)")
        }
        self.init(id: id)
        let fields = try Fields(root, at: "", known: ManifestKey.all.map(\.name))
        if let named = try fields.string("id"), named != id.text {
            throw Problem(description: "\"id\" is \"\(named)\", but the folder is named \"\(id)\"")
        }
        if let api = try fields.integer("api", 1...1_000), api != 1 {
            throw Problem(description: "\"api\" is \(api), but this server speaks version 1")
        }
        version = try fields.string("version") ?? version
        entry = try fields.string("entry") ?? entry
        guard entry.hasSuffix(".lua"), !entry.hasPrefix("/"), !entry.split(separator: "/").contains("..") else {
            throw Problem(description: "\"entry\" must be a .lua file of the plugin's own folder, not \"\(entry)\"")
        }
        if let titles = try fields.object("title") { title = titles.compactMapValues(\.string) }
        hooks = try fields.strings("hooks")
        for name in hooks ?? [] where EventTable.index(named: name) == nil && !PluginEvents.isName(name) {
            throw Problem(description: "\"hooks\" names the event \"\(name)\", which does not exist\(suggestion(name, EventTable.names))")
        }
        isSafety = try fields.bool("safety") ?? false
        if let name = try fields.string("mode") {
            guard let mode = Mode(rawValue: name) else { throw Problem(description: "\"mode\" must be \"live\" or \"shadow\", not \"\(name)\"") }
            self.mode = mode
        }
        testsBeforeReload = try fields.bool("test_before_reload") ?? false
        if let wanted = try fields.object("permissions") { try readPermissions(wanted) }
        if let limits = try fields.fields("limits", known: ["memory", "deadline_ms"]) {
            memory = try limits.size("memory") ?? memory
            if let milliseconds = try limits.integer("deadline_ms", 1...10_000) { deadline = .milliseconds(milliseconds) }
        }
        if let settings = try fields.object("config") {
            for (name, value) in settings { self.settings[name] = try Setting(value, at: "config.\(name)") }
        }
    }

    private mutating func readPermissions(_ wanted: [String: JSONValue]) throws(Problem) {
        permissions = []
        store = 0
        for (group, value) in wanted {
            let key = "permissions.\(group)"
            switch group {
            case "store":
                guard let size = value.string.flatMap(bytes(in:)) else {
                    throw Problem(description: "\"\(key)\" must be a size such as \"256KiB\", not \(value.typeName)")
                }
                store = size
            case "console", "alert":
                guard let isGranted = value.bool else { throw Problem(description: "\"\(key)\" must be true or false, not \(value.typeName)") }
                if isGranted, let permission = Permission(rawValue: group) { permissions.insert(permission) }
            case "http":
                hosts = try Self.hosts(value, at: key)
                if !hosts.isEmpty { permissions.insert(.http) }
            default:
                let known = Permission.allCases.map(\.rawValue).filter { $0.hasPrefix(group + ".") }
                if known.isEmpty {
                    let groups = Set(Permission.allCases.map { String($0.rawValue.prefix { $0 != "." }) } + ["store"])
                    throw Problem(description: "\"\(key)\" is not a permission\(suggestion(group, groups))")
                }
                guard let names = value.array else { throw Problem(description: "\"\(key)\" must be a list, not \(value.typeName)") }
                for name in names {
                    guard let permission = Permission(rawValue: "\(group).\(name.string ?? "?")") else {
                        let rest = known.map { String($0.dropFirst(group.count + 1)) }
                        throw Problem(
                            description: "\"\(key)\" names \"\(name.string ?? "?")\"; there are: \(rest.joined(separator: ", "))")
                    }
                    permissions.insert(permission)
                }
            }
        }
    }
}

extension Manifest {
    private static func hosts(_ value: JSONValue, at key: String) throws(Problem) -> [AllowedHost] {
        guard let names = value.array else { throw Problem(description: "\"\(key)\" must be a list of hosts, not \(value.typeName)") }
        var hosts: [AllowedHost] = []
        for name in names {
            guard let text = name.string, let host = AllowedHost(text) else {
                throw Problem(
                    description: "\"\(key)\" names \(name.text.prefix(60)), which is no host such as \"api.example.com\", \"*.example.org\", "
                        + "\"example.com:8443\" or \"http://example.net\"")
            }
            hosts.append(host)
        }
        return hosts
    }
}

extension Manifest.Setting {
    fileprivate init(_ value: JSONValue, at key: String) throws(Manifest.Problem) {
        let fields = try Fields(value, at: key, known: ["type", "default", "min", "max", "help"])
        guard let name = try fields.string("type"), let kind = Kind(rawValue: name) else {
            let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Manifest.Problem(description: "\"\(key).type\" must be one of: \(kinds)")
        }
        self.kind = kind
        least = try fields.number("min")
        most = try fields.number("max")
        help = try fields.string("help") ?? ""
        standard = .null
        guard let given = value["default"] else { throw Manifest.Problem(description: "\"\(key).default\" is missing") }
        standard = given
        if let problem = problem(with: given) { throw Manifest.Problem(description: "\"\(key).default\" \(problem)") }
    }

    /// What is wrong with a value for this setting, as the end of a sentence that begins with its name.
    package func problem(with value: JSONValue) -> String? {
        let isRight =
            switch kind {
            case .bool: value.bool != nil
            case .int: value.integer != nil
            case .number: value.double != nil
            case .string: value.string != nil
            case .duration: value.double != nil || value.string.flatMap(seconds(in:)) != nil
            case .list: value.array?.allSatisfy { $0.string != nil } ?? false
            }
        if !isRight { return "must be of type \(kind.rawValue), not \(value.typeName)" }
        if let number = value.double {
            if let least, number < least { return "must be at least \(JSONValue.number(least).text)" }
            if let most, number > most { return "must be at most \(JSONValue.number(most).text)" }
        }
        return nil
    }
}

/// The fields of a JSON object, with mistakes that say where they are.
private struct Fields {
    let fields: [String: JSONValue]
    let path: String

    init(_ value: JSONValue, at path: String, known: [String]) throws(Manifest.Problem) {
        guard let fields = value.object else {
            throw Manifest.Problem(description: "\(path.isEmpty ? "the manifest" : "\"\(path)\"") must be an object, not \(value.typeName)")
        }
        self.fields = fields
        self.path = path.isEmpty ? "" : path + "."
        for name in fields.keys.sorted() where !known.contains(name) {
            throw Manifest.Problem(description: "unknown key \"\(self.path)\(name)\"\(suggestion(name, known))")
        }
    }

    func string(_ name: String) throws(Manifest.Problem) -> String? { try read(name, "a string", \.string) }
    func bool(_ name: String) throws(Manifest.Problem) -> Bool? { try read(name, "true or false", \.bool) }
    func number(_ name: String) throws(Manifest.Problem) -> Double? { try read(name, "a number", \.double) }
    func object(_ name: String) throws(Manifest.Problem) -> [String: JSONValue]? { try read(name, "an object", \.object) }

    func integer(_ name: String, _ range: ClosedRange<Int64>) throws(Manifest.Problem) -> Int64? {
        try read(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") { value in
            value.integer.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func strings(_ name: String) throws(Manifest.Problem) -> [String]? {
        try read(name, "a list of strings") { value in
            guard let values = value.array else { return nil }
            let texts = values.compactMap(\.string)
            return texts.count == values.count ? texts : nil
        }
    }

    func size(_ name: String) throws(Manifest.Problem) -> Int? {
        try read(name, "a size such as \"8MiB\"") { $0.string.flatMap(bytes(in:)) }
    }

    func fields(_ name: String, known: [String]) throws(Manifest.Problem) -> Fields? {
        guard let value = fields[name] else { return nil }
        return try Fields(value, at: path + name, known: known)
    }

    private func read<T>(_ name: String, _ expected: String, _ get: (JSONValue) -> T?) throws(Manifest.Problem) -> T? {
        guard let value = fields[name] else { return nil }
        guard let result = get(value) else {
            throw Manifest.Problem(description: "\"\(path)\(name)\" must be \(expected), not \(value.text.prefix(40))")
        }
        return result
    }
}

private func suggestion(_ name: String, _ known: some Sequence<String>) -> String {
    nearest(name, in: known).map { "; did you mean \"\($0)\"?" } ?? ""
}
