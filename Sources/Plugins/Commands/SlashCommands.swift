import LuaHost
import RoomEngine

/// A slash command that a plugin has registered. Confined to the room loop.
package final class SlashCommandEntry {
    let plugin: Plugin
    package let name: String
    /// It is called with its plugin's id before it, `plugin.name`, and only so.
    let isQualified: Bool
    let spec: CommandSpec
    package let role: Role
    package let help: String
    /// Seconds between two uses by one person.
    let cooldown: Double
    let function: LuaFunction
    /// Uptime until which somebody has to wait.
    var waits: [PersonID: Int64] = [:]

    init(plugin: Plugin, name: String, isQualified: Bool, spec: CommandSpec, role: Role, help: String, cooldown: Double, function: LuaFunction) {
        self.plugin = plugin
        self.name = name
        self.isQualified = isQualified
        self.spec = spec
        self.role = role
        self.help = help
        self.cooldown = cooldown
        self.function = function
    }

    /// What people write after the slash.
    package var fullName: String { isQualified ? "\(plugin.id).\(name)" : name }
    package var usage: String { spec.arguments.isEmpty ? "/\(fullName)" : "/\(fullName) \(spec.usage)" }
}

extension APITable {
    static let commands: [APIFunction] = [
        APIFunction(
            "roost.command", ["name string", "options table", "action function"], "A slash command; the function gets the call, with its arguments in c.args."
        ) { call in
            let plugin = call.plugin
            let (name, isQualified) = try slashName(call)
            let options = try call.options(1)
            let spec = try commandSpec(options)
            let role = try options.string("role") ?? "member"
            guard let role = Role(rawValue: role) else {
                throw LuaHostError("there is no role '\(role)'; there are: member, moderator, owner, admin")
            }
            let cooldown = try options.number("cooldown") ?? 0
            guard (0...86_400).contains(cooldown) else { throw LuaHostError("'cooldown' is in seconds, up to a day") }
            if let old = plugin.commands[name] { plugin.release(old.function) }
            plugin.commands[name] = SlashCommandEntry(
                plugin: plugin, name: name, isQualified: isQualified, spec: spec, role: role, help: try options.string("help") ?? "",
                cooldown: cooldown, function: call.function(2))
            return .nothing
        }
    ]

    /// A command's name, checked.
    static func commandName(_ call: APICall) throws(LuaHostError) -> String {
        let name = try call.string(0)
        guard isCommandName(name) else {
            throw LuaHostError("a command's name is small letters, digits, '-' and '_', beginning with a letter")
        }
        return name
    }

    /// `roll`, or `dice.roll` for a command of the plugin `dice` that leaves the plain name to another plugin.
    private static func slashName(_ call: APICall) throws(LuaHostError) -> (name: String, isQualified: Bool) {
        let prefix = "\(call.plugin.id)."
        guard case .string(let given) = call[0], given.hasPrefix(prefix), isCommandName(given.dropFirst(prefix.count)) else {
            return (try commandName(call), false)
        }
        return (String(given.dropFirst(prefix.count)), true)
    }

    private static func isCommandName(_ name: some StringProtocol) -> Bool {
        (1...32).contains(name.utf8.count) && (0x61...0x7A).contains(name.utf8.first ?? 0)
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D }
    }

    static func commandSpec(_ options: Options) throws(LuaHostError) -> CommandSpec {
        let text = try options.string("args") ?? ""
        do throws(CommandSpec.Malformed) {
            return try CommandSpec(text)
        } catch {
            throw LuaHostError("in 'args': \(error.message)")
        }
    }
}

extension Plugin {
    /// Those that are called by their plain names.
    var plainCommands: Set<String> { Set(commands.values.filter { !$0.isQualified }.map(\.name)) }
}

extension PluginHost {
    package func commands(in room: Room, for role: Role) -> [CommandInfo] {
        offering.flatMap(\.commands.values).filter { $0.role <= role }.sorted { $0.fullName < $1.fullName }.map {
            CommandInfo(
                name: $0.fullName, usage: $0.usage, help: $0.help, plugin: $0.plugin.id.text,
                arguments: $0.spec.arguments.map { CommandArgument(name: $0.name, type: $0.kind.name, isRequired: $0.isRequired, choices: $0.kind.choices) })
        }
    }

    /// The command of that name, or `plugin.name` where two plugins have one.
    func command(named name: String) -> SlashCommandEntry? {
        let parts = name.split(separator: ".", maxSplits: 1)
        if parts.count == 2 { return offering.first { $0.id.text == parts[0] }?.commands[String(parts[1])] }
        return offering.lazy.compactMap { $0.commands[name] }.first { !$0.isQualified }
    }

    /// The plugins whose commands can be given: those that only look on have none.
    private var offering: [Plugin] { plugins.values.filter { $0.shadow == nil } }

    package func perform(_ event: HookEvent, then: @escaping (Refusal?, [Effect]) -> Void) {
        guard case .command(let name, let text) = event.payload, let person = event.person else { return then(nil, []) }
        guard let command = command(named: name) else {
            let hint = nearest(name, in: offering.flatMap(\.commands.values).map(\.fullName)).map { " Did you mean /\($0)?" } ?? ""
            return then(Refusal(.notFound, "There is no command /\(name).\(hint)"), [])
        }
        guard let room = event.room, room.role(of: person) >= command.role else {
            return then(Refusal(.forbidden, "/\(command.fullName) is for \(command.role.rawValue)s."), [])
        }
        let uptime = engine.clock.now.uptime
        if let until = command.waits[person.id], until > uptime {
            return then(Refusal(.rate, "/\(command.fullName) is not ready yet.", retryAfter: Double(until - uptime) / 1_000), [])
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
        guard plugin.begins(at: engine.clock.now.uptime) else {
            return then(Refusal(.unavailable, "/\(command.name) is paused for now.", by: plugin.id.text), [])
        }
        do {
            try plugin.describe(event: EventTable.callRow)
        } catch {
            return then(Refusal(.unavailable, "/\(command.fullName) failed.", by: plugin.id.text), [])
        }
        let frame = commandFrame(event)
        let run = Run(plugin: plugin, purpose: .command(command.name), event: event, frame: frame, hops: 1, isBuffered: true)
        run.fields[EventRow.firstField + 1] = .table(arguments)
        let outcome = plugin.begin(run, command.function, frame, budget: Plugin.longestSlice)
        plugin.goOn(run, outcome, budget: Plugin.longestSlice) { [self] outcome in
            if case .failed(let failure) = outcome {
                plugin.report(failure, run)
                return then(Refusal(.unavailable, "/\(command.fullName) failed.", by: plugin.id.text), [])
            }
            then(nil, effects(of: run))
        }
    }

    /// The usage with the argument that is wrong marked, and what is wrong with it.
    private func mark(_ mistake: CommandSpec.Mistake, _ command: SlashCommandEntry) -> String {
        "\(command.spec.marking(mistake, after: "/\(command.fullName)")): \(mistake.message)."
    }
}
