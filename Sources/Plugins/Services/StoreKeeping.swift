import JSONText
import LuaHost
import RoomEngine

/// The plugins' stores: what runs have written takes effect, and what has expired goes, from the database too.
extension PluginHost {
    /// The plugin's store: one for all its versions.
    package func store(of id: PluginID) -> PluginStore {
        if let store = stores[id] { return store }
        let store = PluginStore(plugin: id, stored: surroundings.stored(id))
        stores[id] = store
        sweepLater(store)
        return store
    }

    /// Takes over what a run has written.
    func apply(_ run: Run) -> [Effect] {
        let store = run.plugin.store
        let now = engine.clock.now.wall
        let changes = store.apply(run.writes, at: now)
        // Runs that wait and have worked something out of these keys do so again, while their events are still there.
        for other in run.plugin.suspended where other !== run {
            for key in run.writes.keys {
                guard let write = other.writes[key], let again = write.again else { continue }
                let current = store.read(key, at: now)
                other.writes[key] = PluginStore.Write(entry: again(current), base: current, again: again)
            }
        }
        run.writes = [:]
        sweepLater(store)
        return changes.map(Effect.store)
    }

    /// Removes what all loaded plugins keep of a person or a room that is no more.
    /// - Parameter scope: ``StoreChange/scope(of:)``
    package func forget(_ scope: String) {
        for store in stores.values { engine.perform(store.forget(scope).map(Effect.store)) }
    }

    /// Writes at an operator's word. Nil removes the key.
    package func write(_ key: PluginStore.Key, _ value: JSONValue?, in store: PluginStore) throws(LuaHostError) {
        let write = PluginStore.Write(entry: value.map { PluginStore.Entry(key, $0, expires: nil) })
        if let plugin = plugins[store.plugin] { try checkQuota(store, [key: write], before: [:], plugin.manifest.store) }
        engine.perform(store.apply([key: write], at: engine.clock.now.wall).map(Effect.store))
    }

    /// Whether the writes fit. What makes the store smaller always does.
    func checkQuota(
        _ store: PluginStore, _ writes: [PluginStore.Key: PluginStore.Write], before: [PluginStore.Key: PluginStore.Write], _ quota: Int
    ) throws(LuaHostError) {
        if store.size(with: writes) <= quota { return }
        // Only if something has expired: a plugin may try to write to a full store again and again.
        if let next = store.nextExpiry, next <= engine.clock.now.wall { sweep(store) }
        let size = store.size(with: writes)
        if size <= quota || size <= store.size(with: before) { return }
        throw LuaHostError(
            "the store is full: this would make it \(size) bytes of \(quota) (\"store\" in plugin.json's permissions); nothing was changed")
    }

    private func sweep(_ store: PluginStore) {
        let changes = store.removeExpired(at: engine.clock.now.wall)
        if !store.isCopy { engine.perform(changes.map(Effect.store)) }
    }

    /// Sees to it that what expires is removed soon after.
    private func sweepLater(_ store: PluginStore) {
        guard store.sweep == nil, let next = store.nextExpiry else { return }
        // Not at once for each: keys that expire within the same ten seconds go together.
        let wait = min(max(next - engine.clock.now.wall, 0) + 10_000, PluginTimer.longestWait)
        store.sweep = engine.after(wait) { [self] in
            store.sweep = nil
            sweep(store)
            sweepLater(store)
        }
    }
}
