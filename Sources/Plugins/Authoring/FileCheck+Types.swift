import LuaSyntax

/// What expressions are. Nothing is guessed: an empty list means that it could be anything.
extension FileCheck {
    /// What an expression may be: several types where a function handles several events.
    func types(_ expression: Expression) -> [String] {
        switch expression.kind {
        case .string: ["string"]
        case .local(let variable): types(variable)
        case .global(let name): ownGlobals.contains(name) ? [] : Self.parts(schema.globals[name]?.type)
        case .field(let base, let name, _): types(base).flatMap { Self.parts(schema.members(of: $0)?[name]?.type) }
        case .element(let base, _): types(base).compactMap(Self.element)
        case .call, .method: types(result: 0, of: expression)
        case .constant, .function, .table, .operation: []
        }
    }

    private func types(_ variable: Variable) -> [String] {
        guard !variable.isReassigned, asked.insert(ObjectIdentifier(variable)).inserted else { return [] }
        defer { asked.remove(ObjectIdentifier(variable)) }
        switch variable.origin {
        case .value(let value, 0): return types(value)
        case .value(let value, let index): return types(result: index, of: value)
        case .iteration(let values, 0):
            // for user in room:users()
            return values.first.map { types($0).contains(Kind.users.name) ? [Kind.user.name] : [] } ?? []
        case .iteration(let values, 1):
            // for _, x in ipairs(list)
            guard case .call(let callee, let arguments)? = values.first?.kind, case .global("ipairs") = callee.kind, let list = arguments.first
            else { return [] }
            return types(list).compactMap(Self.element)
        case .parameter(let function, let index): return types(parameter: index, of: function)
        case .function, .iteration, .nothing: return []
        }
    }

    private func types(parameter index: Int, of function: Function) -> [String] {
        let own = handlers[ObjectIdentifier(function)] ?? []
        if !own.isEmpty, index > 0 { return [] }
        guard let sites = callSites(of: function, besides: own.count) else { return own.isEmpty ? [] : own.map(\.type) }
        var found = own.map(\.type)
        for site in sites {
            guard index < site.arguments.count else { return [] }
            let types = types(site.arguments[index])
            if types.isEmpty { return [] }
            found += types.filter { !found.contains($0) }
        }
        return found
    }

    /// Every place where a function is called, or nil if it may be called from elsewhere too.
    private func callSites(of function: Function, besides registrations: Int) -> [Site]? {
        guard let name = names[ObjectIdentifier(function)], !name.isReassigned else { return nil }
        let sites = sites[ObjectIdentifier(name)] ?? []
        return sites.count + registrations == mentions[ObjectIdentifier(name)] ?? 0 ? sites : nil
    }

    private func types(result index: Int, of expression: Expression) -> [String] {
        let results: String? =
            switch expression.kind {
            case .call(let callee, _): callable(callee)?.returns
            case .method(let base, let name, _, _): method(name, of: base)?.returns
            default: nil
            }
        let parts = (results ?? "").split(separator: ",").map { $0.drop { $0 == " " } }
        return index < parts.count ? Self.parts(String(parts[index])) : []
    }

    /// The API function that is called by naming it.
    func callable(_ callee: Expression) -> LuaSchema.Callable? {
        switch callee.kind {
        case .global(let name): ownGlobals.contains(name) ? nil : schema.globals[name]?.callable
        case .field(let base, let name, _): types(base).lazy.compactMap { self.schema.members(of: $0)?[name]?.callable }.first
        case .local(let variable) where !variable.isReassigned:
            if case .value(let value, 0) = variable.origin, case .field = value.kind { callable(value) } else { nil }
        default: nil
        }
    }

    func method(_ name: String, of base: Expression) -> LuaSchema.Callable? {
        types(base).lazy.compactMap { self.schema.members(of: $0)?[name]?.callable }.first
    }

    /// Of `user?` and `user|string`: what is known for sure, taking for granted that it is there.
    private static func parts(_ type: String?) -> [String] {
        guard let type, !type.contains("|") else { return [] }
        let plain = type.hasSuffix("?") ? String(type.dropLast()) : type
        return ["nil", "any", "table"].contains(plain) ? [] : [plain]
    }

    private static func element(_ list: String) -> String? { list.hasSuffix("[]") ? String(list.dropLast(2)) : nil }

    // MARK: Tables

    /// The value of a name in a table that is written out.
    func item(_ name: String, of expression: Expression) -> Expression? {
        guard case .table(let items) = expression.kind else { return nil }
        return items.first { $0.name == name }?.value
    }

    // MARK: Events

    /// The events that a function is called for, if all of them are known.
    func events(of function: Function) -> [(row: Int, phase: Phase)]? {
        guard asked.insert(ObjectIdentifier(function)).inserted else { return [] }
        defer { asked.remove(ObjectIdentifier(function)) }
        let own = handlers[ObjectIdentifier(function)] ?? []
        var found = own.compactMap(\.event)
        guard found.count == own.count else { return nil }
        if own.isEmpty, names[ObjectIdentifier(function)] == nil { return nil }
        guard let sites = callSites(of: function, besides: own.count) else { return own.isEmpty ? nil : found }
        for site in sites {
            guard let events = events(of: site.within) else { return nil }
            found += events
        }
        return found
    }
}
