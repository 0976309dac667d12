import RoomEngine

extension PluginHost {
    /// What the plugins cost, and what they measure themselves.
    package var metrics: [MetricFamily] {
        let plugins = plugins.values.sorted { $0.id.text < $1.id.text }
        let hooks = plugins.flatMap { plugin in plugin.hooks.map { (plugin: plugin, hook: $0) } }
        func perHook(_ value: (Hook) -> Double) -> [MetricFamily.Sample] {
            // Several handlers of one event count together: their labels would be the same.
            let groups = Dictionary(grouping: hooks) { [$0.plugin.id.text, EventTable.rows[$0.hook.row].kind.name, $0.hook.phase.rawValue] }
            return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, hooks in
                .init([("plugin", key[0]), ("event", key[1]), ("phase", key[2])], hooks.reduce(0) { $0 + value($1.hook) })
            }
        }
        func perPlugin(_ value: (Plugin) -> Double) -> [MetricFamily.Sample] { plugins.map { .init([("plugin", $0.id.text)], value($0)) } }
        let own = measures.sorted { $0.key.text < $1.key.text }.flatMap { id, measures in
            measures.families("roost_plugin_\(id.text.replacing("-", with: "_"))_")
        }
        return [
            MetricFamily("roost_plugin_calls", .counter, "Calls of a plugin's handlers.", perHook { Double($0.account.calls) }),
            MetricFamily("roost_plugin_call_seconds", .counter, "Time in a plugin's handlers.", perHook { Double($0.account.nanoseconds) / 1e9 }),
            MetricFamily("roost_plugin_call_errors", .counter, "Calls of a plugin's handlers that failed.", perHook { Double($0.account.errors) }),
            MetricFamily("roost_plugin_errors", .counter, "Errors of a plugin, wherever they were.", perPlugin { Double($0.problemCount) }),
            MetricFamily("roost_plugin_memory_bytes", .gauge, "A plugin's Lua memory.", perPlugin { Double($0.memory.used) }),
            MetricFamily("roost_plugin_generation", .gauge, "Versions of a plugin that were loaded since the start.", perPlugin { Double($0.generation) }),
            MetricFamily(
                "roost_plugin_measures_dropped", .counter, "Values that a plugin measured and that were not taken: it has too many labels.",
                measures.sorted { $0.key.text < $1.key.text }.map { .init([("plugin", $0.key.text)], Double($0.value.dropped)) }),
        ] + own
    }
}
