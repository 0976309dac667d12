import Foundation
import JSONText
import LuaHost
import RoomEngine

/// What a plugin keeps, all of it in memory; changes go to the journal. Shared by the versions of a plugin, so that a
/// reload changes nothing of it. Confined to the room loop.
package final class PluginStore {
    struct Key: Hashable {
        /// Empty, or whose data it is: `user u_…`, `room k3v9`.
        var scope: String
        var key: String
    }

    struct Entry: Equatable {
        var value: JSONValue
        /// Milliseconds since 1970.
        var expires: Int64?
        /// Bytes it counts for.
        var size: Int
    }

    let plugin: PluginID
    private(set) var entries: [Key: Entry] = [:]
    private(set) var size = 0

    package init(plugin: PluginID, stored: [StoreChange]) {
        self.plugin = plugin
        for change in stored {
            guard let text = change.value, let value = try? JSONValue(parsing: Data(text.utf8)) else { continue }
            let key = Key(scope: change.scope, key: change.key)
            let entry = Entry(value: value, expires: change.expires, size: Self.size(key, text))
            entries[key] = entry
            size += entry.size
        }
    }

    static func size(_ key: Key, _ text: String) -> Int { key.scope.utf8.count + key.key.utf8.count + text.utf8.count + 32 }

    func read(_ key: Key, at now: Int64) -> JSONValue? {
        guard let entry = entries[key] else { return nil }
        if let expires = entry.expires, expires <= now { return nil }
        return entry.value
    }

    /// Takes over what a run has written, and returns it for the journal.
    func apply(_ writes: [Key: Entry?]) -> [StoreChange] {
        writes.map { key, entry in
            size += (entry?.size ?? 0) - (entries[key]?.size ?? 0)
            entries[key] = entry
            return StoreChange(plugin: plugin, scope: key.scope, key: key.key, value: entry?.value.text, expires: entry?.expires)
        }
    }

    /// The bytes it would take with these changes.
    func size(with writes: [Key: Entry?]) -> Int {
        writes.reduce(size) { $0 + ($1.value?.size ?? 0) - (entries[$1.key]?.size ?? 0) }
    }
}
