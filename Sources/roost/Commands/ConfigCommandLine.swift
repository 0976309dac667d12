import ArgumentParser
import Foundation
import JSONText
import Plugins
import RoomEngine

/// `roost config …`
struct ConfigCommandLine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Look at the configuration without starting a server.", subcommands: [Check.self, Print.self])

    /// `roost config check [SETTINGS…]`
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is wrong with the settings, those of plugins and the order of hooks too.",
            discussion: "Takes the settings of 'roost serve', --config above all. The exit status is 1 if there are mistakes.")

        @Argument(parsing: .captureForPassthrough, help: .hidden)
        var settings: [String] = []

        func run() throws {
            if settings.contains("--help") || settings.contains("-h") { throw CleanExit.helpRequest(self) }
            let configuration = read(settings)
            let problems = configuration.pluginProblems
            for problem in problems { print(problem) }
            if !problems.isEmpty { throw ExitCode(1) }
            let set = configuration.report.count { $0.source != "standard" }
            print("The configuration is fine: \(set) settings, \(configuration.plugins.count) plugins, \(configuration.rooms.count) rooms.")
        }
    }

    /// `roost config print [SETTINGS…]`
    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every setting with where its value is from, as a file for --config.",
            discussion: "Takes the settings of 'roost serve'. Passwords of rooms are left out.")

        @Argument(parsing: .captureForPassthrough, help: .hidden)
        var settings: [String] = []

        func run() throws {
            if settings.contains("--help") || settings.contains("-h") { throw CleanExit.helpRequest(self) }
            print(read(settings).file, terminator: "")
        }
    }
}

private func read(_ settings: [String]) -> Configuration {
    do {
        return try Configuration(flags: settings)
    } catch {
        fail(error.description, code: 1)
    }
}

extension Configuration {
    /// The configuration as a TOML file that says the same, with comments on where the values are from.
    var file: String {
        var lines = report.flatMap { row -> [String] in
            // In TOML a name has one value: with [rooms.…] the number of rooms is set otherwise.
            let isTaken = row.name == "rooms" && !rooms.isEmpty
            let value = SettingsTable.byName[row.name]?.toml(row.value) ?? row.value
            return ["# \(row.help)", "\(isTaken ? "# " : "")\(row.name) = \(value)  # \(row.source)", ""]
        }
        if !hookOrder.isEmpty {
            lines.append("[hooks.order]")
            for (event, ids) in hookOrder.sorted(by: { $0.key < $1.key }) { lines.append("\(event) = \(toml(.array(ids.map { .string($0.text) })))") }
            lines.append("")
        }
        for (id, values) in plugins.sorted(by: { $0.key.text < $1.key.text }) { lines += section("plugin.\(id)", values) }
        for (id, room) in rooms.sorted(by: { $0.key < $1.key }) {
            lines += section("rooms.\(id)", (room.object ?? [:]).filter { $0.key != "password" })
        }
        return lines.joined(separator: "\n")
    }

    private func section(_ name: String, _ values: [String: JSONValue]) -> [String] {
        ["[\(name)]"] + values.sorted { $0.key < $1.key }.map { "\($0.key) = \(toml($0.value))" } + [""]
    }

    /// JSON's scalars and lists are TOML's, but for null, which no TOML file can have brought in.
    private func toml(_ value: JSONValue) -> String {
        guard let fields = value.object else { return value.text }
        return "{ " + fields.sorted { $0.key < $1.key }.map { "\($0.key) = \(toml($0.value))" }.joined(separator: ", ") + " }"
    }
}

extension Setting {
    /// A value of this setting as TOML has it.
    fileprivate func toml(_ value: String) -> String {
        switch kind {
        case .integer, .number, .flag: value
        case .list:
            JSONValue.array(value.split(separator: ",").map { .string($0.trimmingCharacters(in: .whitespaces)) }).text
        case .text, .size, .duration, .choice, .timeZone, .retention: JSONValue.string(value).text
        }
    }
}
