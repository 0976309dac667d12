import RoomEngine

/// A version that was in use, kept so that it can be again.
package struct Generation: Sendable {
    package let number: Int
    /// The generation whose files it was made of: its own number, unless it was itself a way back.
    package let source: Int
    /// Its files as they were.
    let files: PluginFiles
    package let version: String
    let powers: Set<String>
    /// Milliseconds since 1970.
    package let loadedAt: Int64
}

/// Going back to a version that was in use before.
extension PluginHost {
    /// How many are kept beside the one in use.
    static let keptGenerations = 3
    /// How long after a reload errors lead back to the version before. Milliseconds.
    static let probation: Int64 = 60_000
    /// How many errors it takes at least.
    static let errorsToRollBack = 5
    /// How often within an hour a plugin gets a new state for one that was given up: each has kept everybody waiting.
    static let mostLost = 2
    /// How much larger the share of failed calls must be than before.
    static let jump = 0.2

    /// Puts an earlier version in use again, under a new number.
    /// - Parameter generation: nil for the last one that was made of other files than the one in use
    package func rollBack(_ id: PluginID, to generation: Int? = nil) -> Result<Plugin, PluginProblem> {
        guard let current = plugins[id] else { return .failure(PluginProblem(plugin: id, message: "it is not loaded")) }
        let earlier = history[id, default: []].filter { $0.number != current.generation }
        let wanted = generation.map { number in earlier.last { $0.number == number } } ?? earlier.last { $0.source < current.source }
        guard let wanted else {
            let known = earlier.map { "g\($0.number)" }.joined(separator: ", ")
            let what = generation.map { "generation g\($0) is not kept" } ?? "no version from before is kept"
            return .failure(PluginProblem(plugin: id, message: what + (known.isEmpty ? "" : "; there are: \(known)")))
        }
        return load(wanted.files, .rollback(wanted))
    }

    /// Called when a call of the plugin has failed: goes back if errors have come with the last reload.
    func reconsider(_ plugin: Plugin) {
        guard case .reload(let before) = plugin.reason, isLive(plugin), !plugin.isGivenUp,
            engine.clock.now.uptime - plugin.liveSince <= Self.probation, plugin.account.errors >= Self.errorsToRollBack,
            plugin.account.errorShare >= before.errorShare + Self.jump
        else { return }
        plugin.isGivenUp = true
        // Not at once: the call that has failed is still being answered.
        engine.after(0) { [self] in
            guard isLive(plugin) else { return }
            log(plugin, .error, "\(plugin.account.errors) of \(plugin.account.calls) calls have failed since the reload: going back")
            _ = rollBack(plugin.id)
        }
    }

    /// Called when a plugin's state is of no use any more: a new one takes over, unless that happens again and again.
    func replace(_ plugin: Plugin) {
        guard isLive(plugin), !plugin.isGivenUp else { return }
        plugin.isGivenUp = true
        let now = engine.clock.now.uptime
        lost[plugin.id] = lost[plugin.id, default: []].filter { $0 > now - 3_600_000 } + [now]
        let isTooOften = lost[plugin.id, default: []].count > Self.mostLost
        engine.after(0) { [self] in
            guard isLive(plugin) else { return }
            if isTooOften {
                log(plugin, .error, "unloaded: its state was given up \(Self.mostLost + 1) times within an hour; 'plugin load \(plugin.id)' tries again")
                _ = unload(plugin.id)
            } else {
                _ = load(plugin.files, .reload(plugin.account))
            }
        }
    }

    /// Keeps what is in use, and forgets what is too old.
    func remember(_ plugin: Plugin) {
        let generation = Generation(
            number: plugin.generation, source: plugin.source, files: plugin.files, version: plugin.manifest.version, powers: plugin.manifest.powers,
            loadedAt: plugin.loadedAt)
        history[plugin.id] = (history[plugin.id, default: []] + [generation]).suffix(Self.keptGenerations + 1)
    }
}
