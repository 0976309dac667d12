import LuaHost
import RoomEngine

/// A slash command that a plugin has registered. Confined to the room loop.
package final class SlashCommandEntry {
    let plugin: Plugin
    package let name: String
    let spec: CommandSpec
    package let role: Role
    package let help: String
    /// Seconds between two uses by one person.
    let cooldown: Double
    let function: LuaFunction
    /// Uptime until which somebody has to wait.
    var waits: [PersonID: Int64] = [:]

    init(plugin: Plugin, name: String, spec: CommandSpec, role: Role, help: String, cooldown: Double, function: LuaFunction) {
        self.plugin = plugin
        self.name = name
        self.spec = spec
        self.role = role
        self.help = help
        self.cooldown = cooldown
        self.function = function
    }

    package var usage: String { spec.arguments.isEmpty ? "/\(name)" : "/\(name) \(spec.usage)" }
}

extension APITable {
    static let commands: [APIFunction] = [
        APIFunction(
            "roost.command", ["name string", "options table", "action function"], "A slash command; the function gets the call, with its arguments in c.args."
        ) { call in
            let plugin = call.plugin
            let name = try call.string(0)
            guard (1...32).contains(name.utf8.count), name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D }), name.first!.isLetter else {
                throw LuaHostError("a command's name is small letters, digits, '-' and '_', beginning with a letter")
            }
            let options = try call.options(1)
            let spec: CommandSpec
            do {
                spec = try CommandSpec(try options.string("args") ?? "")
            } catch let error as CommandSpec.Malformed {
                throw LuaHostError("in 'args': \(error.message)")
            }
            let role = try options.string("role") ?? "member"
            guard let role = Role(rawValue: role) else {
                throw LuaHostError("there is no role '\(role)'; there are: member, moderator, owner, admin")
            }
            plugin.commands[name] = SlashCommandEntry(
                plugin: plugin, name: name, spec: spec, role: role, help: try options.string("help") ?? "",
                cooldown: try options.number("cooldown") ?? 0, function: call.function(2))
            return .nothing
        }
    ]
}

extension PluginHost {
    package func commands(in room: Room, for role: Role) -> [CommandInfo] {
        plugins.values.flatMap(\.commands.values).filter { $0.role <= role }.sorted { $0.name < $1.name }.map {
            CommandInfo(name: $0.name, usage: $0.usage, help: $0.help, plugin: $0.plugin.id.text)
        }
    }

    /// The command of that name, or `plugin.name` where two plugins have one.
    func command(named name: String) -> SlashCommandEntry? {
        let parts = name.split(separator: ".", maxSplits: 1)
        if parts.count == 2 { return plugins[PluginID(String(parts[0]))]?.commands[String(parts[1])] }
        return plugins.values.lazy.compactMap { $0.commands[name] }.first
    }

    package func perform(_ event: HookEvent, then: @escaping (Refusal?, [Effect]) -> Void) {
        guard case .command(let name, let text) = event.payload, let person = event.person else { return then(nil, []) }
        guard let command = command(named: name) else {
            let hint = nearest(name, in: plugins.values.flatMap(\.commands.keys)).map { " Did you mean /\($0)?" } ?? ""
            return then(Refusal(.notFound, "There is no command /\(name).\(hint)"), [])
        }
        guard let room = event.room, room.role(of: person) >= command.role else {
            return then(Refusal(.forbidden, "/\(command.name) is for \(command.role.rawValue)s."), [])
        }
        let uptime = engine.clock.now.uptime
        if let until = command.waits[person.id], until > uptime {
            return then(Refusal(.rate, "/\(command.name) is not ready yet.", retryAfter: Double(until - uptime) / 1_000), [])
        }
        let arguments: LuaTable
        do {
            arguments = try command.spec.parse(text, in: room, engine)
        } catch {
            return then(Refusal(.badRequest, mark(error, command)), [])
        }
        if command.cooldown > 0 {
            command.waits = command.waits.filter { $0.value > uptime }
            command.waits[person.id] = uptime + Int64(command.cooldown * 1_000)
        }
        call(command, arguments, event, then)
    }

    private func call(_ command: SlashCommandEntry, _ arguments: LuaTable, _ event: HookEvent, _ then: @escaping (Refusal?, [Effect]) -> Void) {
        let plugin = command.plugin
        do {
            try plugin.describe(event: EventTable.callRow)
        } catch {
            return then(Refusal(.unavailable, "/\(command.name) failed.", by: plugin.id.text), [])
        }
        let frame = commandFrame(event)
        let run = Run(plugin: plugin, purpose: .command(command.name), event: event, frame: frame, hops: 1, isBuffered: true)
        run.arguments = .table(arguments)
        let outcome = plugin.begin(run, command.function, frame, budget: Plugin.longestSlice)
        plugin.goOn(run, outcome, budget: Plugin.longestSlice) { [self] outcome in
            if case .failed(let failure) = outcome {
                plugin.report(failure, run)
                return then(Refusal(.unavailable, "/\(command.name) failed.", by: plugin.id.text), [])
            }
            then(nil, effects(of: run))
        }
    }

    /// The usage with the argument that is wrong marked, and what is wrong with it.
    private func mark(_ mistake: CommandSpec.Mistake, _ command: SlashCommandEntry) -> String {
        let words = command.usage.split(separator: " ").map(String.init)
        let marked = words.enumerated().map { $0 == mistake.argument + 1 ? "→\($1)←" : $1 }.joined(separator: " ")
        return "\(marked): \(mistake.message)."
    }
}
