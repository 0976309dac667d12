import RoomEngine

/// The handlers of all plugins by event row, in the order in which they are called. Made anew whenever that changes, so
/// that an event that is under way goes on with what there was when it began.
final class HookTable {
    let before: [[Hook]]
    let after: [[Hook]]
    let observers: [[Hook]]

    init() {
        before = Array(repeating: [], count: EventTable.rows.count)
        after = before
        observers = before
    }

    /// By phase, the operators' order, priority, plugin and registration.
    init(_ plugins: some Sequence<Plugin>, order: (HookKind) -> [PluginID]) {
        var all: [[Hook]] = Array(repeating: [], count: EventTable.rows.count)
        for plugin in plugins {
            for hook in plugin.hooks { all[hook.row].append(hook) }
        }
        for row in all.indices where all[row].count > 1 {
            let order = order(EventTable.rows[row].kind)
            let places = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            all[row].sort { a, b in
                let left = (a.phase, places[a.plugin.id] ?? order.count, -a.priority), right = (b.phase, places[b.plugin.id] ?? order.count, -b.priority)
                return left != right ? left < right : (a.plugin.id.text, a.number) < (b.plugin.id.text, b.number)
            }
        }
        before = all.map { $0.filter(\.phase.isBefore) }
        after = all.map { $0.filter { $0.phase == .after } }
        observers = all.map { $0.filter { $0.phase == .observe } }
    }
}
