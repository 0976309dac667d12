import Plugins
import RoomEngine

/// Plugins that look on only.
extension PluginVerb {
    static let shadow = PluginVerb("shadow", "ID", "Has it look on only: what it would do is noted, and not done.") { try await turn(.shadow, $0) }
    static let live = PluginVerb("live", "ID", "Has it decide and act again.") { try await turn(.live, $0) }

    private static func turn(_ mode: Manifest.Mode, _ call: Invocation) async throws {
        let id = try call.plugin()
        let version = try await call.host { LoadedPlugin(try $0.turn(id, mode)).version }
        call.output.line(
            mode == .live
                ? "\(version) is live: what it decides and does counts."
                : "\(version) looks on only, with a copy of its store, over restarts too. 'plugin diff \(id)' shows what it would have done.")
    }

    static let diff = PluginVerb("diff", "ID", "What a plugin that looks on would have done.") { call in
        let id = try call.plugin()
        let (entries, count, now): ([Shadow.Entry], Int, Int64) = try await call.loaded(id) { plugin, host in
            guard let shadow = plugin.shadow else { throw PluginFailure(text: "'\(id)' is live: 'plugin shadow \(id)' has it look on only.") }
            return (shadow.entries, shadow.count, host.engine.clock.now.wall)
        }
        if entries.isEmpty { return call.output.line("\(id) would have done nothing so far.") }
        call.output.table(
            ["When", "Event", "Room", "From", "Text", "Would", "Did"],
            entries.reversed().map { [ago($0.at, now), $0.event, $0.room, $0.person, String($0.text.prefix(60)), $0.would, $0.did] })
        if count > entries.count { call.output.line("\(count - entries.count) older ones are forgotten.") }
    }
}
