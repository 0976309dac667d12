import RoomEngine

/// The operators' own order of plugins.
extension PluginHost {
    /// Puts a plugin before or after another one for an event, over restarts. Phases come first as ever.
    /// - Returns: the whole order
    package func move(_ plugin: PluginID, before: Bool, _ other: PluginID, of kind: HookKind) throws -> [PluginID] {
        var order = order(of: kind)
        for hook in hooks(of: kind) where !order.contains(hook.plugin.id) { order.append(hook.plugin.id) }
        for id in [plugin, other] where !order.contains(id) {
            let hint = nearest(id.text, in: order.map(\.text)).map { " Did you mean '\($0)'?" } ?? ""
            throw OperatorProblem(description: "'\(id)' has no handler for \(kind.name).\(hint)")
        }
        guard plugin != other else { throw OperatorProblem(description: "A plugin cannot be put before or after itself.") }
        order.removeAll { $0 == plugin }
        let place = order.firstIndex(of: other) ?? 0
        order.insert(plugin, at: before ? place : place + 1)
        let wanted = order
        try choose { $0.order[kind.name] = wanted }
        sortHooks()
        return order
    }
}
