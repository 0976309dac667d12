import Foundation
import RoomEngine

/// What operators have decided about plugins by console commands: kept over restarts, as JSON.
package struct OperatorChoices: Sendable, Equatable {
    /// About one plugin.
    package struct Choice: Sendable, Equatable, Codable {
        /// What it may do, as far as anybody has said so: what its last version was granted. Nil if it was never loaded.
        package var granted: Set<String>?
        /// What was taken from it, whatever its manifest asks for.
        package var revoked: Set<String> = []
        /// Over the manifest's `"mode"`.
        package var mode: Manifest.Mode?
    }

    package var plugins: [PluginID: Choice] = [:]
    /// The order of plugins by event, where it was changed; over the configuration's `[hooks.order]`.
    package var order: [String: [PluginID]] = [:]

    package init() {}

    package subscript(_ id: PluginID) -> Choice {
        get { plugins[id] ?? Choice() }
        set { plugins[id] = newValue }
    }

    private struct Stored: Codable {
        var plugins: [String: Choice]
        var order: [String: [String]]
    }

    /// Reads what ``data`` has written.
    package init(data: Data) throws {
        let stored = try JSONDecoder().decode(Stored.self, from: data)
        for (id, choice) in stored.plugins { plugins[PluginID(id)] = choice }
        order = stored.order.mapValues { $0.map { PluginID($0) } }
    }

    package var data: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            let named = Dictionary(uniqueKeysWithValues: plugins.map { ($0.key.text, $0.value) })
            return try encoder.encode(Stored(plugins: named, order: order.mapValues { $0.map(\.text) }))
        }
    }
}
