import LuaSyntax

/// Looks through one file of a plugin.
///
/// First everything is listed that says what names mean: which functions handle which events, and where local functions
/// are called. Then every expression is compared with the schema. A value whose type is not known for sure is left alone.
///
/// A class because the walks through the file add to it.
final class FileCheck {
    /// A function that is called with an event.
    struct Handler {
        /// What its first argument is.
        var type: String
        /// The event's row and the phase; nil for the function of a slash command or a test.
        var event: (row: Int, phase: Phase)?
    }

    struct Site {
        var arguments: [Expression]
        /// The function that the call is in.
        var within: Function
    }

    let source: SourceText
    let manifest: Manifest
    let locales: [String: [String: String]]
    let isTest: Bool
    var schema: LuaSchema
    private(set) var findings: [Finding] = []
    var use = PermissionUse()

    /// Global names that the plugin itself assigns, in any of its files.
    let ownGlobals: Set<String>
    var handlers: [ObjectIdentifier: [Handler]] = [:]
    /// Where local functions are called, and how often their names are used at all.
    var sites: [ObjectIdentifier: [Site]] = [:]
    var mentions: [ObjectIdentifier: Int] = [:]
    /// Of functions that are known by a name: the name.
    var names: [ObjectIdentifier: Variable] = [:]
    /// Whatever is being worked out already: functions that call themselves.
    var asked: Set<ObjectIdentifier> = []

    init(
        _ source: SourceText, manifest: Manifest, locales: [String: [String: String]], facts: SandboxFacts, ownGlobals: Set<String>, isTest: Bool
    ) {
        self.source = source
        self.manifest = manifest
        self.locales = locales
        self.isTest = isTest
        self.ownGlobals = ownGlobals
        schema = LuaSchema(facts, settings: Array(manifest.settings.keys), isTest: isTest)
    }

    func run(_ chunk: Chunk) {
        list(chunk.main)
        examine(chunk.main.body, within: chunk.main)
    }

    func error(_ offset: Int, _ message: String) { report(offset, message, isWarning: false) }
    func warn(_ offset: Int, _ message: String) { report(offset, message, isWarning: true) }

    private func report(_ offset: Int, _ message: String, isWarning: Bool) {
        let finding = source.finding(offset, message, isWarning: isWarning)
        if !findings.contains(finding) { findings.append(finding) }
    }

    // MARK: First walk

    private func list(_ chunk: Function) {
        chunk.visit { [self] visited, within in
            switch visited.kind {
            case .local(let variable): mentions[ObjectIdentifier(variable), default: 0] += 1
            case .call(let callee, let arguments):
                if case .local(let variable) = callee.kind {
                    sites[ObjectIdentifier(variable), default: []].append(Site(arguments: arguments, within: within))
                }
            default: break
            }
        } declared: { [self] variable in
            switch variable.origin {
            case .function(let function): names[ObjectIdentifier(function)] = variable
            case .value(let value, 0):
                if case .function(let function) = value.kind { names[ObjectIdentifier(function)] = variable }
            default: break
            }
        }
        // Needs to know what names mean, so it comes after that.
        chunk.visit { [self] visited, _ in
            guard case .call(let callee, let arguments) = visited.kind, let callable = callable(callee) else { return }
            register(callable, arguments)
        }
    }

    private func register(_ callable: LuaSchema.Callable, _ arguments: [Expression]) {
        switch callable.path {
        case "roost.on", "roost.before", "roost.after", "roost.observe":
            use.registers(arguments)
            guard arguments.count > 1, case .string(let name) = arguments[0].kind, let row = EventTable.index(named: name) else { return }
            add(Handler(type: LuaSchema.event(EventTable.rows[row].typeName), event: (row, phase(callable.path, row, arguments))), to: arguments[1])
        case "roost.command":
            guard arguments.count > 2, case .string(let name) = arguments[0].kind else { return }
            var type = LuaSchema.event("/command")
            if let text = commandArguments(arguments[1]), let spec = try? CommandSpec(text) {
                let types = spec.arguments.map { ($0.name, $0.kind.luaType) }
                type = schema.addCommand(name, arguments: Dictionary(types, uniquingKeysWith: { first, _ in first }))
            }
            add(Handler(type: type, event: nil), to: arguments[2])
        case "roost.console":
            if arguments.count > 2 { add(Handler(type: Kind.console.name, event: nil), to: arguments[2]) }
        case "test":
            if let body = arguments.last { add(Handler(type: "t", event: nil), to: body) }
        default: break
        }
    }

    /// The specification of a command's arguments, if it is written out; empty if there is none.
    private func commandArguments(_ options: Expression) -> String? {
        guard case .table(let items) = options.kind else { return nil }
        guard let item = items.first(where: { $0.name == "args" }) else { return "" }
        return if case .string(let text) = item.value.kind { text } else { nil }
    }

    private func phase(_ path: String, _ row: Int, _ arguments: [Expression]) -> Phase {
        if arguments.count > 2, case .string(let name)? = item("phase", of: arguments[2])?.kind, let phase = Phase(rawValue: name) { return phase }
        return switch path {
        case "roost.after": .after
        case "roost.observe": .observe
        case "roost.before": EventTable.rows[row].phaseBefore
        default: EventTable.rows[row].defaultPhase
        }
    }

    private func add(_ handler: Handler, to expression: Expression) {
        guard let function = function(expression) else { return }
        handlers[ObjectIdentifier(function), default: []].append(handler)
    }

    /// The function that an expression is, by itself or by a name that always means it.
    private func function(_ expression: Expression) -> Function? {
        switch expression.kind {
        case .function(let function): return function
        case .local(let variable) where !variable.isReassigned:
            switch variable.origin {
            case .function(let function): return function
            case .value(let value, 0): if case .function(let function) = value.kind { return function } else { return nil }
            default: return nil
            }
        default: return nil
        }
    }
}

extension CommandSpec.Kind {
    /// What a plugin gets of it.
    var luaType: String {
        switch self {
        case .word, .text, .color, .choice: "string"
        case .int: "integer"
        case .number, .duration: "number"
        case .bool: "boolean"
        case .user: "user"
        case .room: "room"
        }
    }
}
