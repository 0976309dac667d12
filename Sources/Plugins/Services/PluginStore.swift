import Foundation
import JSONText
import LuaHost
import RoomEngine

/// What a plugin keeps, all of it in memory; changes go to the journal. Shared by the versions of a plugin, so that a
/// reload changes nothing of it. Confined to the room loop.
package final class PluginStore {
    package struct Key: Hashable, Sendable {
        /// Empty, or whose data it is: `user u_…`, `room k3v9`.
        package var scope: String
        package var key: String

        package init(scope: String = "", key: String) {
            self.scope = scope
            self.key = key
        }
    }

    package struct Entry: Equatable, Sendable {
        package var value: JSONValue
        /// Milliseconds since 1970.
        package var expires: Int64?
        /// Bytes it counts for.
        package var size: Int

        init(_ key: Key, _ value: JSONValue, expires: Int64?) {
            self.value = value
            self.expires = expires
            size = key.scope.utf8.count + key.key.utf8.count + value.text.utf8.count + 32
        }

        func isOver(at now: Int64) -> Bool { expires.map { $0 <= now } ?? false }
    }

    /// What a run makes of a key. Nobody else sees it before the run's effects happen.
    struct Write {
        var entry: Entry?
        /// What was there when it was worked out.
        var base: Entry?
        /// Works it out anew from what is there, if that has changed meanwhile; nil if it does not depend on it.
        var again: ((Entry?) -> Entry?)?
    }

    let plugin: PluginID
    /// Its changes are nobody else's, and not kept.
    let isCopy: Bool
    private(set) var entries: [Key: Entry] = [:]
    package private(set) var size = 0
    /// Nothing expires before this.
    private(set) var nextExpiry: Int64?
    /// Runs when something has expired.
    var sweep: TimerID?
    /// What `roost.limit` counts, by key.
    var limits: [String: Limit] = [:]

    package init(plugin: PluginID, stored: [StoreChange]) {
        self.plugin = plugin
        isCopy = false
        for change in stored {
            guard let text = change.value, let value = try? JSONValue(parsing: Data(text.utf8)) else { continue }
            let key = Key(scope: change.scope, key: change.key)
            put(key, Entry(key, value, expires: change.expires))
        }
    }

    /// A copy whose changes nobody else sees.
    init(copying other: PluginStore) {
        plugin = other.plugin
        isCopy = true
        for (key, entry) in other.entries { put(key, entry) }
    }

    package var count: Int { entries.count }

    package func read(_ key: Key, at now: Int64) -> Entry? { entries[key].flatMap { $0.isOver(at: now) ? nil : $0 } }

    /// The keys in a scope that begin with `prefix`, in order.
    package func keys(_ scope: String, prefix: String, at now: Int64) -> [String] {
        entries.filter { $0.key.scope == scope && $0.key.key.hasPrefix(prefix) && !$0.value.isOver(at: now) }.map(\.key.key).sorted()
    }

    /// Everything, in order.
    package func all(at now: Int64) -> [(key: Key, entry: Entry)] {
        entries.filter { !$0.value.isOver(at: now) }.map { (key: $0.key, entry: $0.value) }.sorted { ($0.key.scope, $0.key.key) < ($1.key.scope, $1.key.key) }
    }

    /// Takes over what a run has written, and returns it for the journal.
    func apply(_ writes: [Key: Write], at now: Int64) -> [StoreChange] {
        writes.sorted { ($0.key.scope, $0.key.key) < ($1.key.scope, $1.key.key) }.compactMap { key, write in
            let current = read(key, at: now)
            var entry = write.entry
            if let again = write.again, current != write.base { entry = again(current) }
            if entry == nil, entries[key] == nil { return nil }
            return put(key, entry)
        }
    }

    /// Removes what has expired, and returns that for the journal.
    func removeExpired(at now: Int64) -> [StoreChange] {
        let over = entries.filter { $0.value.isOver(at: now) }.keys
        let changes = over.map { put($0, nil) }
        nextExpiry = entries.values.lazy.compactMap(\.expires).min()
        return changes
    }

    /// Removes everything in a scope.
    func forget(_ scope: String) -> [StoreChange] { entries.keys.filter { $0.scope == scope }.map { put($0, nil) } }

    /// Removes what is kept of a person: their scope, and what has their id in its key.
    func forget(_ person: PersonID) {
        let scope = StoreChange.scope(of: person)
        for key in entries.keys where key.scope == scope || key.key.contains(person.text) { put(key, nil) }
    }

    /// The bytes it would take with these changes.
    func size(with writes: [Key: Write]) -> Int {
        writes.reduce(size) { $0 + ($1.value.entry?.size ?? 0) - (entries[$1.key]?.size ?? 0) }
    }

    @discardableResult
    private func put(_ key: Key, _ entry: Entry?) -> StoreChange {
        size += (entry?.size ?? 0) - (entries[key]?.size ?? 0)
        entries[key] = entry
        if let expires = entry?.expires { nextExpiry = min(nextExpiry ?? .max, expires) }
        return StoreChange(plugin: plugin, scope: key.scope, key: key.key, value: entry?.value.text, expires: entry?.expires)
    }
}
