import LuaHost
import RoomEngine

/// Events that are for one plugin alone: nobody else hears of them, and nothing is decided.
extension PluginHost {
    enum Readiness { case ready, paused, none }

    /// Whether a plugin has a handler for an event of its own.
    func readiness(of plugin: Plugin, _ kind: HookKind, topic: String? = nil) -> Readiness {
        let hooks = handlers(of: plugin, kind, topic)
        return hooks.isEmpty ? .none : hooks.contains { !$0.isPaused(at: engine.clock.now.uptime) } ? .ready : .paused
    }

    /// Calls a plugin's handlers of an event of its own.
    /// - Parameter fields: the values of the event's fields, in the order of its row
    func tell(_ plugin: Plugin, _ kind: HookKind, topic: String? = nil, _ fields: [LuaValue]) {
        for hook in handlers(of: plugin, kind, topic) where hook.begins(at: engine.clock.now.uptime) {
            let (run, frame) = run(of: hook, fields, isBuffered: false)
            start(run, of: hook, frame)
        }
    }

    /// A run of a handler of an event of the plugin's own.
    func run(of hook: Hook, _ fields: [LuaValue], isBuffered: Bool) -> (Run, LuaEvent) {
        let frame = LuaEvent(type: UInt32(hook.row), serial: nextSerial(), slots: EventTable.rows[hook.row].allFields.count)
        let run = Run(plugin: hook.plugin, purpose: .handler(hook), frame: frame, hops: 1, isBuffered: isBuffered)
        let common: [String: LuaValue] = [
            "id": .string("e\(frame.serial)"), "at": .int(engine.clock.now.wall), "origin": .string("server"),
        ]
        let values = EventRow.commonFields.map { common[$0] ?? .nil } + fields
        for (slot, value) in values.enumerated() where value != .nil {
            frame.setLazy(slot)
            run.fields[slot] = value
        }
        return (run, frame)
    }

    func handlers(of plugin: Plugin, _ kind: HookKind, _ topic: String?) -> [Hook] {
        let row = EventTable.index(of: kind)
        return plugin.hooks.filter { $0.row == row && $0.topic == topic }.sorted { ($0.priority, $1.number) > ($1.priority, $0.number) }
    }
}
