import Foundation
import JSONText
import Plugins
import ProxyAddress
import RoomEngine
import TOMLKit
import Transports

/// The settings of this run: flags over environment over file over the table's standard values.
struct Configuration: Sendable {
    /// A setting that is unknown or bad: its name, where it stands, and what is wrong.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    private var values: [String: (value: String, source: String)] = [:]
    /// Settings of plugins, from the file's `[plugin.<id>]`.
    private(set) var plugins: [PluginID: [String: JSONValue]] = [:]
    /// The file's `[hooks.order]`.
    private(set) var hookOrder: [String: [PluginID]] = [:]
    /// Rooms that are always there, from the file's `[rooms.<id>]`.
    private(set) var rooms: [String: JSONValue] = [:]

    private let flags: [String]
    private let environment: [String: String]

    /// The same flags and environment with the file as it is now.
    func readAgain() throws(Problem) -> Configuration { try Configuration(flags: flags, environment: environment) }

    /// - Parameter flags: what followed the command's name
    init(flags: [String], environment: [String: String] = ProcessInfo.processInfo.environment) throws(Problem) {
        self.flags = flags
        self.environment = environment
        let given = try Self.parse(flags)
        if let path = given["config"] ?? environment["ROOST_CONFIG"] { try read(file: path) }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("ROOST_") && name != "ROOST_CONFIG" {
            try set(name.dropFirst(6).lowercased().replacing("_", with: "-"), value, "the environment's \(name)")
        }
        for (name, value) in given where name != "config" { try set(name, value, "--\(name)") }
    }

    private static func parse(_ flags: [String]) throws(Problem) -> [String: String] {
        var given: [String: String] = [:]
        var rest = flags[...]
        while let flag = rest.popFirst() {
            guard flag.hasPrefix("--") else { throw Problem(description: "'\(flag)' is not an option; options begin with --") }
            let parts = flag.dropFirst(2).split(separator: "=", maxSplits: 1)
            let name = String(parts.first ?? "")
            if parts.count == 2 {
                given[name] = String(parts[1])
            } else if case .flag? = SettingsTable.byName[name]?.kind {
                given[name] = "true"
            } else {
                guard let value = rest.popFirst() else { throw Problem(description: "--\(name) needs a value") }
                given[name] = value
            }
        }
        return given
    }

    private mutating func set(_ name: String, _ value: String, _ source: String) throws(Problem) {
        guard let setting = SettingsTable.byName[name] else {
            let hint = nearest(name, in: SettingsTable.rows.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
            throw Problem(description: "\(source): there is no setting '\(name)'\(hint)")
        }
        if let problem = setting.problem(with: value) { throw Problem(description: "\(source): '\(name)' \(problem), not '\(value)'") }
        values[name] = (value, source)
    }

    /// Takes over what a running server can.
    mutating func takeLive(from other: Configuration) {
        for setting in SettingsTable.rows where setting.isLive { values[setting.name] = other.values[setting.name] }
        (plugins, hookOrder, rooms) = (other.plugins, other.hookOrder, other.rooms)
    }

    // MARK: File

    private mutating func read(file path: String) throws(Problem) {
        guard let data = FileManager.default.contents(atPath: path) else { throw Problem(description: "cannot read the configuration \(path)") }
        let root: JSONValue
        do {
            let table = try TOMLTable(string: String(decoding: data, as: UTF8.self))
            root = try JSONValue(parsing: Data(table.convert(to: .json).utf8))
        } catch let error as TOMLParseError {
            throw Problem(description: "\(path):\(error.source.begin.line): \(error.description)")
        } catch {
            throw Problem(description: "\(path): \(error)")
        }
        for (name, value) in (root.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            switch name {
            case "plugin":
                for (id, settings) in try sections(value, name, path) { plugins[PluginID(id)] = settings }
            case "hooks":
                for (event, order) in value["order"]?.object ?? [:] {
                    guard let names = order.array else { throw Problem(description: "\(path): hooks.order.\(event) must be a list of plugins") }
                    hookOrder[event] = names.compactMap(\.string).map { PluginID($0) }
                }
            // A number is the setting of that name.
            case "rooms" where value.integer == nil:
                for (id, settings) in try sections(value, name, path) {
                    let known = ["title", "max", "password", "topic", "retention"]
                    if let unknown = settings.keys.sorted().first(where: { !known.contains($0) }) {
                        let hint = nearest(unknown, in: known).map { "; did you mean '\($0)'?" } ?? ""
                        throw Problem(description: "\(path): [rooms.\(id)] has no setting '\(unknown)'\(hint)")
                    }
                    rooms[id] = .object(settings)
                }
            default:
                let text: String
                switch value {
                case .string(let string): text = string
                case .array(let values): text = values.compactMap(\.string).joined(separator: ",")
                default: text = value.text
                }
                try set(name.replacing("_", with: "-"), text, path)
            }
        }
    }

    /// The tables below a name, such as `[rooms.lobby]`.
    private func sections(_ value: JSONValue, _ name: String, _ path: String) throws(Problem) -> [String: [String: JSONValue]] {
        guard let sections = value.object else { throw Problem(description: "\(path): '\(name)' must be tables such as [\(name).lobby]") }
        var result: [String: [String: JSONValue]] = [:]
        for (id, section) in sections {
            guard let settings = section.object else { throw Problem(description: "\(path): '\(name).\(id)' must be a table: [\(name).\(id)]") }
            result[id] = settings
        }
        return result
    }

    // MARK: Reading

    func text(_ name: String) -> String { values[name]?.value ?? SettingsTable.byName[name]!.standard }
    func integer(_ name: String) -> Int { Int(text(name))! }
    func number(_ name: String) -> Double { Double(text(name))! }
    func size(_ name: String) -> Int { bytes(in: text(name))! }
    func duration(_ name: String) -> Double { seconds(in: text(name))! }
    func list(_ name: String) -> [String] { text(name).split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }

    /// Every setting with its value and where it comes from.
    var report: [(name: String, value: String, source: String, help: String)] {
        SettingsTable.rows.map { ($0.name, text($0.name), values[$0.name]?.source ?? "standard", $0.help) }
    }

    var timeZone: TimeZone { TimeZone(identifier: text("time-zone")) ?? .current }

    var limits: Limits {
        var limits = Limits()
        limits.text = integer("text-limit")
        limits.burst = integer("burst")
        limits.rate = number("rate")
        limits.editWindow = Int64(duration("edit-window") * 1_000)
        limits.reactions = integer("reactions")
        limits.reactionsOfOne = integer("reactions-per-person")
        limits.largestRoom = integer("largest-room")
        limits.rooms = integer("rooms")
        limits.retention = Retention(text("retention")) ?? .forever
        limits.passwordAttempts = integer("password-attempts")
        limits.resumeGrace = Int64(duration("resume-grace") * 1_000)
        limits.roomGrace = Int64(duration("room-grace") * 1_000)
        limits.kickedFor = Int64(duration("kicked-for") * 1_000)
        return limits
    }

    /// Of the setting trusted-proxy, if it is set.
    private func clientFinder() throws(Problem) -> ClientFinder? {
        let list = list("trusted-proxy")
        guard !list.isEmpty else { return nil }
        do {
            return ClientFinder(header: text("proxy-header") == "forwarded" ? .forwarded : .xForwarded, proxies: try TrustedProxies(list))
        } catch {
            throw Problem(description: "\(error)")
        }
    }

    /// Of the setting metrics-from; nil for everyone.
    private func metricsReaders() throws(Problem) -> TrustedProxies? {
        let list = list("metrics-from")
        if list == ["any"] { return nil }
        do {
            return try TrustedProxies(list)
        } catch {
            throw Problem(description: "'metrics-from': \(error)")
        }
    }

    func http() throws(Problem) -> HTTPSettings {
        var http = HTTPSettings()
        http.clientFinder = try clientFinder()
        http.metricsReaders = try metricsReaders()
        http.host = text("host")
        http.port = integer("port")
        http.publicFolder = text("public")
        http.origins = Set(list("origins"))
        http.bodyLimit = size("body-limit")
        http.headerLimit = size("header-limit")
        http.messageLimit = size("message-limit")
        http.connections = integer("connections")
        http.connectionsPerAddress = integer("connections-per-address")
        http.unsentLimit = size("unsent-limit")
        http.ping = Int(duration("ping"))
        http.pong = Int(duration("pong"))
        http.headerTime = Int(duration("header-time"))
        http.bodyTime = Int(duration("body-time"))
        http.uploadTime = Int(duration("upload-time"))
        http.idleTime = Int(duration("idle-time"))
        return http
    }
}
