import LuaSyntax
import RoomEngine

/// What is wrong with an expression.
extension FileCheck {
    func examine(_ body: [Statement], within main: Function) {
        main.visit { [self] expression, within in
            switch expression.kind {
            case .global(let name): read(name, expression.offset)
            case .field(let base, let name, let offset): field(base, name, offset)
            case .call(let callee, let arguments): call(expression, callee, arguments, within)
            case .method(let base, let name, let offset, let arguments): method(base, name, offset, arguments)
            default: break
            }
        } assigned: { [self] target in assign(target) }
    }

    // MARK: Names

    private func read(_ name: String, _ offset: Int) {
        guard schema.globals[name] == nil, !ownGlobals.contains(name) else { return }
        error(offset, "there is no '\(name)': neither a local nor a global" + hint(name, schema.globals.keys))
    }

    private func assign(_ target: Expression) {
        switch target.kind {
        case .global(let name):
            if schema.globals[name] != nil {
                warn(target.offset, "this replaces '\(name)' for the whole plugin")
            } else {
                warn(target.offset, "'\(name)' becomes a global of the plugin: is a 'local' missing?")
            }
        case .field(let base, let name, let offset):
            if types(base).contains(where: { $0.hasPrefix("event ") }) {
                error(offset, "events are read-only: return roost.modify{ \(name) = … }")
            }
        default: break
        }
    }

    private func hint(_ name: String, _ candidates: some Sequence<String>) -> String {
        nearest(name, in: candidates.sorted()).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Complains of a member that none of the types has. A type that may have anything ends it.
    private func field(_ base: Expression, _ name: String, _ offset: Int) {
        let types = types(base)
        let members = types.compactMap { schema.members(of: $0) }
        guard !types.isEmpty, members.count == types.count, !members.contains(where: { $0[name] != nil }) else { return }
        let known = members.flatMap { $0.keys.filter { !$0.hasPrefix("__") } }
        error(offset, "\(types.map(LuaSchema.words).joined(separator: ", ")) has no '\(name)'" + (hint(name, known).isEmpty ? list(known) : hint(name, known)))
    }

    private func list(_ names: [String]) -> String { names.count <= 8 && !names.isEmpty ? "; there are: \(Set(names).sorted().joined(separator: ", "))" : "" }

    // MARK: Calls

    private func call(_ expression: Expression, _ callee: Expression, _ arguments: [Expression], _ within: Function) {
        if case .global(let name) = callee.kind, ["ipairs", "pairs"].contains(name), let list = arguments.first, types(list).contains(Kind.users.name) {
            return error(expression.offset, "people are no table: go through them with 'for user in room:users() do', or take room:users():list()")
        }
        guard let callable = callable(callee) else { return }
        if callable.isMethod {
            let name = callable.path.split(separator: ":").last ?? ""
            if case .field(_, _, let offset) = callee.kind { error(offset, "call '\(name)' with a colon: …:\(name)(…)") }
            return
        }
        let offset = if case .field(_, _, let at) = callee.kind { at } else { expression.offset }
        check(callable, arguments, offset)
        if let verdict = VerdictKind.allCases.first(where: { "roost.\($0)" == callable.path }) { check(verdict, offset, within) }
        switch callable.path {
        case "roost.on", "roost.before", "roost.after", "roost.observe": register(callable.path, arguments)
        case "roost.t": if let key = arguments.first { translation(key, arguments.dropFirst().first, isKeyForSure: true) }
        default: break
        }
    }

    private func method(_ base: Expression, _ name: String, _ offset: Int, _ arguments: [Expression]) {
        field(base, name, offset)
        if types(base).isEmpty {
            for callable in schema.methods(named: name) { use.maybe(callable) }
        }
        guard let callable = method(name, of: base) else { return }
        if !callable.isMethod { return error(offset, "call '\(name)' with a dot: \(callable.path)(…)") }
        check(callable, arguments, offset)
        if callable.path == "room:system", let key = arguments.first { translation(key, arguments.dropFirst().first, isKeyForSure: false) }
    }

    private func check(_ callable: LuaSchema.Callable, _ arguments: [Expression], _ offset: Int) {
        use.uses(callable)
        if let permission = callable.permission { need(permission, callable.path, offset) }
        if ["store:set", "store:incr"].contains(callable.path), manifest.store == 0 {
            error(offset, "this plugin has no store: add \"store\": \"256KiB\" to \"permissions\" in plugin.json")
        }
        count(callable, arguments, offset)
        for (argument, given) in zip(callable.arguments, arguments) where argument.type.contains("table") && !callable.options.isEmpty {
            guard case .table(let items) = given.kind else { continue }
            for item in items {
                guard let name = item.name else { continue }
                guard let option = callable.options.first(where: { $0.name == name }) else {
                    let names = callable.options.map(\.name)
                    error(item.offset, "'\(callable.path)' has no option '\(name)'" + (hint(name, names).isEmpty ? list(names) : hint(name, names)))
                    continue
                }
                if let permission = option.permission { need(permission, "\(name) = …", item.offset) }
            }
        }
    }

    private func count(_ callable: LuaSchema.Callable, _ arguments: [Expression], _ offset: Int) {
        if callable.arguments.last?.isRest != true, arguments.count > callable.arguments.count {
            return error(offset, "'\(callable.path)' takes \(callable.arguments.count) arguments, not \(arguments.count)")
        }
        // A call or '...' at the end may be several values, or none.
        switch arguments.last?.kind {
        case .call?, .method?, .constant?: return
        default: break
        }
        let missing = callable.arguments.dropFirst(arguments.count).first { !$0.isOptional && !$0.isRest && $0.type != "any" }
        if let missing { error(offset, "'\(callable.path)' needs \(missing.name) (\(missing.type))") }
    }

    private func need(_ permission: Permission, _ what: String, _ offset: Int) {
        use.used.insert(permission)
        if !manifest.permissions.contains(permission), !isTest { error(offset, permission.missing(for: what)) }
    }

    // MARK: Events

    private func register(_ path: String, _ arguments: [Expression]) {
        guard let first = arguments.first, case .string(let name) = first.kind else { return }
        if EventTable.index(named: name) == nil, PluginEvents.isName(name) { return listens(name, first.offset) }
        guard let row = EventTable.index(named: name) else {
            let names = EventTable.names
            return error(first.offset, "there is no event '\(name)'" + (hint(name, names).isEmpty ? list(names) : hint(name, names)))
        }
        listens(name, first.offset)
        let definition = EventTable.rows[row]
        if path == "roost.before", !definition.canBeVetoed { error(first.offset, "'\(name)' cannot be vetoed: use roost.after") }
        if arguments.count > 2, let given = item("phase", of: arguments[2]), case .string(let phase) = given.kind,
            !definition.phases.contains(where: { $0.rawValue == phase })
        {
            error(given.offset, "'\(name)' has no phase '\(phase)'; there are: \(definition.phases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    /// The manifest must name what is listened to.
    private func listens(_ name: String, _ offset: Int) {
        guard let allowed = manifest.hooks, !allowed.contains(name), EventTable.index(named: name).map({ !EventTable.rows[$0].isOwn }) ?? true else { return }
        error(offset, "the manifest does not name the event '\(name)': add it to \"hooks\" in plugin.json")
    }

    /// Whether a verdict fits the events that it is given about.
    private func check(_ verdict: VerdictKind, _ offset: Int, _ within: Function) {
        guard let events = events(of: within), !events.isEmpty else {
            use.verdicts.insert(verdict)
            return
        }
        let before = events.filter(\.phase.isBefore)
        guard !before.isEmpty else {
            return error(offset, "roost.\(verdict) comes too late: this handler is in the phase '\(events[0].phase)'")
        }
        let fitting = before.filter { EventTable.rows[$0.row].verdicts.contains(verdict) }
        guard !fitting.isEmpty else {
            let row = EventTable.rows[before[0].row]
            let known = VerdictKind.allCases.filter(row.verdicts.contains).map { "roost.\($0)" }.joined(separator: ", ")
            return error(offset, "roost.\(verdict) does not fit '\(row.kind.name)'; there are: \(known.isEmpty ? "none" : known)")
        }
        for event in fitting {
            for permission in APITable.permissions(for: verdict, of: EventTable.rows[event.row].kind) { need(permission, "roost.\(verdict)", offset) }
        }
    }

    // MARK: Translations

    /// Whether a text gets the values that it has places for, and no others.
    private func check(_ values: Expression?, for key: String, _ offset: Int) {
        let places = locales.values.reduce(into: Set<String>()) { $0.formUnion(LocaleCheck.arguments($1[key] ?? "")) }
        var given: Set<String> = []
        if let values {
            guard case .table(let items) = values.kind else { return }
            for item in items {
                guard let name = item.name else { return }
                given.insert(name)
                if !places.contains(name) { warn(item.offset, "'\(key)' does not say {\(name)}" + hint(name, places)) }
            }
        }
        for name in places.subtracting(given).sorted() { error(offset, "'\(key)' says {\(name)}, which is not given") }
    }

    private func translation(_ key: Expression, _ values: Expression?, isKeyForSure: Bool) {
        guard case .string(let name) = key.kind else { return }
        let keys = Set(locales.values.flatMap(\.keys))
        guard !keys.contains(name) else { return check(values, for: name, key.offset) }
        if isKeyForSure {
            error(key.offset, "there is no translation '\(name)' in locales/" + hint(name, keys))
        } else if !keys.isEmpty, !hint(name, keys).isEmpty {
            warn(key.offset, "there is no translation '\(name)' in locales/" + hint(name, keys))
        }
    }
}

/// What of its permissions a plugin uses.
struct PermissionUse {
    var used: Set<Permission> = []
    /// What it may use where it is not known what something is.
    var perhaps: Set<Permission> = []
    /// Verdicts that it gives about any of the events that it hooks.
    var verdicts: Set<VerdictKind> = []
    var usesStore = false
    /// The rows of events that it hooks.
    var hookedRows: Set<Int> = []
    /// It hooks events whose names are worked out.
    var hooksOthers = false

    mutating func registers(_ arguments: [Expression]) {
        guard let first = arguments.first, case .string(let name) = first.kind else { return hooksOthers = true }
        if let row = EventTable.index(named: name) { hookedRows.insert(row) }
    }

    mutating func uses(_ callable: LuaSchema.Callable) {
        if callable.path.hasPrefix("store:") || callable.path.hasSuffix(":data") { usesStore = true }
    }

    mutating func maybe(_ callable: LuaSchema.Callable) {
        uses(callable)
        if let permission = callable.permission { perhaps.insert(permission) }
        for option in callable.options { if let permission = option.permission { perhaps.insert(permission) } }
    }

    mutating func merge(_ other: PermissionUse) {
        used.formUnion(other.used)
        perhaps.formUnion(other.perhaps)
        verdicts.formUnion(other.verdicts)
        hookedRows.formUnion(other.hookedRows)
        usesStore = usesStore || other.usesStore
        hooksOthers = hooksOthers || other.hooksOthers
    }
}
