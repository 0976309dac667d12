import LuaHost
import RoomEngine

/// A console command that a plugin has registered: `guard shield on` is `shield` of `guard`. Confined to the room loop.
package final class ConsoleCommandEntry {
    package let name: String
    let spec: CommandSpec
    package let help: String
    let function: LuaFunction

    init(name: String, spec: CommandSpec, help: String, function: LuaFunction) {
        self.name = name
        self.spec = spec
        self.help = help
        self.function = function
    }

    package var usage: String { spec.usage }

    /// What can stand at a place of the arguments, where that is known.
    package func candidates(at index: Int, _ engine: Engine) -> [String] {
        guard spec.arguments.indices.contains(index) else { return [] }
        return switch spec.arguments[index].kind {
        case .choice(let values): values
        case .bool: ["yes", "no"]
        case .user: engine.people.keys.map(\.text)
        case .room: engine.rooms.keys.map(\.text)
        case .word, .text, .int, .number, .duration, .color: []
        }
    }
}

/// A call of a console command while it is under way: what it has to say so far.
final class ConsoleCall {
    var output: [ConsoleOutput] = []
    let arguments: LuaTable
    let by: String

    init(arguments: LuaTable, by: String) {
        self.arguments = arguments
        self.by = by
    }

    static let mostLines = 10_000
}

/// What a plugin's console command says.
package enum ConsoleOutput: Sendable, Equatable {
    case line(String)
    case table(columns: [String], rows: [[String]])
}

extension APITable {
    static let console: [APIFunction] = [
        APIFunction(
            "roost.console", ["name string", "options table", "action function"], permission: .console,
            "A console command, typed after the plugin's id; the function gets the call, with its arguments in c.args."
        ) { call in
            let name = try commandName(call)
            let options = try call.options(1)
            let spec = try commandSpec(options)
            if let old = call.plugin.consoleCommands[name] { call.plugin.release(old.function) }
            call.plugin.consoleCommands[name] = ConsoleCommandEntry(
                name: name, spec: spec, help: try options.string("help") ?? "", function: call.function(2))
            return .nothing
        },
        APIFunction("console:print", ["format string", "... any"], "Prints a line; the format is that of roost.log.") { call in
            try add(.line(try format(call)), call)
        },
        APIFunction("console:table", ["rows table"], "Prints a table: a list of tables with the same names, or of lists with the headings first.") { call in
            try add(try table(call[0].table ?? LuaTable()), call)
        },
    ]

    static let consoleAttributes: [APIAttribute] = [
        APIAttribute(.console, "args", "table<string, any>", "What was given, by the names of `args`.") { plugin, object in
            plugin.consoleCalls[object.a].map { .table($0.arguments) } ?? .nil
        },
        APIAttribute(.console, "by", "string", "Who typed it.") { plugin, object in plugin.consoleCalls[object.a].map { .string($0.by) } ?? .nil },
    ]

    private static func add(_ output: ConsoleOutput, _ call: APICall) throws(LuaHostError) -> LuaAnswer {
        guard let console = call.object.flatMap({ call.plugin.consoleCalls[$0.a] }) else { return .values(LuaValue.gone) }
        if console.output.count >= ConsoleCall.mostLines { throw LuaHostError("too many lines (\(ConsoleCall.mostLines))") }
        console.output.append(output)
        return .nothing
    }

    private static func table(_ rows: LuaTable) throws(LuaHostError) -> ConsoleOutput {
        guard let first = rows.array.first?.table else { return .table(columns: [], rows: []) }
        if !first.array.isEmpty {
            let width = first.array.count
            let lists = rows.array.map { row in
                let cells = (row.table?.array ?? []).map(\.display)
                return Array((cells + Array(repeating: "", count: width)).prefix(width))
            }
            return .table(columns: lists[0], rows: Array(lists.dropFirst()))
        }
        let names = first.pairs.compactMap(\.key.string).sorted()
        guard !names.isEmpty else { throw LuaHostError("a row is a list, or a table with names") }
        return .table(columns: names, rows: rows.array.map { row in names.map { name in row.table.map { $0[name] }.map { $0 == .nil ? "" : $0.display } ?? "" } })
    }
}

extension PluginHost {
    /// Carries out a plugin's console command.
    /// - Parameter then: gets what it has said, and what went wrong, if something did; called once, later if it waits
    package func runConsole(
        _ plugin: Plugin, _ command: ConsoleCommandEntry, _ text: String, by: String, then: @escaping ([ConsoleOutput], String?) -> Void
    ) {
        let arguments: LuaTable
        do {
            arguments = try command.spec.parse(text, in: nil, engine)
        } catch {
            return then([], "\(error.message.capitalizedFirst). Usage: \(plugin.id) \(command.spec.marking(error, after: command.name))")
        }
        let call = ConsoleCall(arguments: arguments, by: by)
        let number = plugin.nextNumber()
        plugin.consoleCalls[number] = call
        let run = Run(plugin: plugin, purpose: .console(command.name), hops: 1, isBuffered: false)
        let outcome = plugin.begin(run, command.function, [Kind.console.handle(number)], budget: Plugin.longestSlice)
        plugin.goOn(run, outcome, budget: Plugin.longestSlice) { [self] outcome in
            finish(run, outcome)
            plugin.consoleCalls[number] = nil
            if case .failed = outcome { then(call.output, plugin.problems.last?.text ?? "It failed.") } else { then(call.output, nil) }
        }
    }
}

extension String {
    /// With a capital letter at its beginning.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
