import RoomEngine

/// Something that has happened or was refused, for an operator who watches.
package struct Sight: Sendable {
    /// Nil of what happens in no room.
    package var room: RoomID?
    package var event: String
    /// What the person is called that it is about.
    package var user: String?
    /// `pass` of what has happened; else what was decided.
    package var verdict: String
    /// The plugin that decided it.
    package var by: String?
    package var text: String
    /// What `why` is asked for.
    package var trace: String?
}

extension Sight {
    init(_ event: HookEvent, _ outcome: Decision.Outcome) {
        room = event.room?.id
        self.event = event.kind.name
        user = event.person?.name
        verdict = outcome.word
        text = event.summary
        trace = event.trace.map { "t\($0)" }
        switch outcome {
        case .drop(let refusal, _), .deny(let refusal): by = refusal.by
        case .hold(_, _, let plugin): by = plugin
        case .pass, .redirect, .color, .owner: by = nil
        }
    }
}

extension PluginHost {
    /// Calls `see` with everything that happens or is refused from now on. Returns the number by which ``stopWatching(_:)`` ends it.
    package func watch(_ see: @escaping (Sight) -> Void) -> UInt64 {
        lastWatcher += 1
        watchers[lastWatcher] = see
        return lastWatcher
    }

    package func stopWatching(_ number: UInt64) { watchers[number] = nil }

    /// Shows whoever watches what does not happen; what does is shown when it has.
    func watched(_ event: HookEvent, _ then: @escaping (Decision) -> Void) -> (Decision) -> Void {
        { [self] decision in
            switch decision.outcome {
            case .pass, .color, .owner: break
            case .drop, .hold, .deny, .redirect: show(Sight(event, decision.outcome))
            }
            then(decision)
        }
    }

    func show(_ sight: Sight) { for see in watchers.values { see(sight) } }
}
