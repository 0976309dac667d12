import LuaHost
import RoomEngine

/// What a plugin in shadow mode would have done, and the world as it would then be to it.
///
/// It sees everything that happens. Its store is a copy of its own, in which its writes are done; a message that it has
/// changed or stopped is changed or gone for its later handlers; somebody it has muted, kicked or banned is not heard by it
/// in that room until the time is over. Nothing else of what it would have done shows: rooms, people and histories are the
/// real ones, and what it would have said is in nobody's history.
///
/// A class because the plugin and the views of events that are under way share it. Confined to the room loop.
package final class Shadow {
    package struct Entry: Sendable {
        /// Milliseconds since 1970.
        package var at: Int64
        package var event: String
        package var room: String
        package var person: String
        package var text: String
        /// What the plugin would have done.
        package var would: String
        /// What became of the event without it.
        package var did: String
    }

    private struct Silenced: Hashable {
        let room: RoomID
        let person: PersonID
    }

    private static let most = 500
    private var kept: [(Entry, ShadowView?)] = []
    package private(set) var count = 0
    private var silenced: [Silenced: Int64] = [:]
    /// Traces of events that it has stopped and that happened all the same.
    private var stopped: Set<UInt64> = []

    /// The last of what it would have done, newest last.
    package var entries: [Entry] {
        kept.map { entry, view in
            var entry = entry
            if let view { entry.did = view.outcome ?? "not decided yet" }
            return entry
        }
    }

    func note(_ event: HookEvent?, _ name: String, at now: Int64, would: String, _ view: ShadowView?) {
        count += 1
        let entry = Entry(
            at: now, event: name, room: event?.room?.id.text ?? "-", person: event?.person?.name ?? "-", text: event?.summary ?? "", would: would,
            did: "-")
        kept.append((entry, view))
        if kept.count > Self.most { kept.removeFirst(kept.count - Self.most) }
    }

    // MARK: The world as it would be

    /// Whether what the event's author does would not have come about.
    func silences(_ event: HookEvent, at now: Int64) -> Bool {
        guard !silenced.isEmpty, let person = event.person, let room = event.room else { return false }
        return silenced[Silenced(room: room.id, person: person.id)].map { now < $0 } ?? false
    }

    func stop(_ trace: UInt64) {
        // Those that never happened are never asked for.
        if stopped.count > 1_000 { stopped = [] }
        stopped.insert(trace)
    }

    func hasStopped(_ event: HookEvent) -> Bool { event.trace.map { stopped.contains($0) } ?? false }

    /// Takes in what it would have done, and says it in words.
    func take(_ effects: [Effect], at now: Int64, kickedFor: Int64) -> [String] {
        effects.map { effect in
            switch effect {
            case .tell(let person, _, let text, _): return "tell \(person) “\(text.text)”"
            case .whisper(let person, _, let text, _): return "whisper “\(text)” to \(person)"
            case .edit(let room, _, let text, _, _): return "change a message in \(room) to “\(text)”"
            case .react(let room, _, let emoji, _, _): return "react with \(emoji) in \(room)"
            case .redact(let room, let seq, _, _, _): return "redact \(room):\(seq)"
            case .say(let room, let text, _, _, _): return "say “\(text)” in \(room)"
            case .system(let room, let text, _, _, _, _): return "write “\(text.text)” in \(room)"
            case .moderate(let wanted):
                let seconds = wanted.kind == .kick ? Double(kickedFor) / 1_000 : wanted.seconds
                silenced[Silenced(room: wanted.room, person: wanted.person)] = seconds.map { now + Int64($0 * 1_000) } ?? .max
                return "\(wanted.kind) \(wanted.person) in \(wanted.room)" + (wanted.seconds.map { " for \(words(forSeconds: $0))" } ?? "")
            case .unmute(let room, let person, _), .unban(let room, let person, _):
                silenced[Silenced(room: room, person: person)] = nil
                return "let \(person) speak in \(room) again"
            case .rename(let person, let name, _): return "call \(person) “\(name)”"
            case .transfer(let room, let person, _): return "make \(person) the owner of \(room)"
            default: return "\(effect)"
            }
        }
    }
}

/// An event as a plugin in shadow mode sees it.
///
/// A class because its handlers may wait longer than the event. Confined to the room loop.
final class ShadowView {
    private let event: HookEvent
    private let serial: UInt64
    private var isChanged = false
    private var isStopped = false
    /// What became of the event without the plugin, once that is known.
    var outcome: String?

    init(of event: HookEvent, serial: UInt64) {
        self.event = event.copy()
        self.serial = serial
    }

    /// Shows it to a handler.
    func show(_ hook: Hook, _ real: HookEvent, hops: Int, _ host: PluginHost) {
        guard let shadow = hook.plugin.shadow, !isStopped, !shadow.silences(event, at: host.engine.clock.now.wall) else { return }
        // As others have changed it, unless the plugin has changed it itself.
        if !isChanged { event.payload = real.payload }
        let frame = host.frame(event, row: hook.row)
        let run = Run(plugin: hook.plugin, purpose: .handler(hook), event: event, frame: frame, hops: hops, isBuffered: true)
        let outcome = hook.plugin.begin(run, hook.function, frame, budget: min(hook.deadline, Plugin.longestSlice))
        hook.plugin.goOn(run, outcome, budget: hook.deadline) { [self] outcome in answered(hook, run, frame, outcome, host) }
    }

    private func answered(_ hook: Hook, _ run: Run, _ frame: LuaEvent, _ outcome: LuaOutcome, _ host: PluginHost) {
        do throws(LuaFailure) {
            let verdict = try hook.verdict(outcome, run)
            hook.returned(run, verdict?.kind)
            // Its effects are noted by this.
            _ = host.effects(of: run, self)
            guard let verdict else { return }
            hook.plugin.shadow?.note(event, event.kind.name, at: host.engine.clock.now.wall, would: verdict.summary, self)
            take(verdict, hook, frame, host)
        } catch {
            hook.plugin.report(error, run)
            hook.failed(run, error, at: host.engine.clock.now.uptime)
        }
    }

    private func take(_ verdict: Verdict, _ hook: Hook, _ frame: LuaEvent, _ host: PluginHost) {
        switch verdict {
        case .modify(let fields):
            event.change(fields, frame)
            isChanged = true
        case .drop, .deny, .hold, .redirect:
            isStopped = true
            hook.plugin.shadow?.stop(serial)
        case .later(let function, let time):
            let run = Run(plugin: hook.plugin, purpose: .handler(hook), event: event, frame: frame, hops: 1, isBuffered: true)
            run.isDeferred = true
            let outcome = hook.plugin.begin(run, function, frame, budget: Plugin.longestSlice)
            hook.plugin.goOn(run, outcome, budget: time) { [self] outcome in
                hook.plugin.release(function)
                answered(hook, run, frame, outcome, host)
            }
        case .flag, .accept, .value: break
        }
    }
}
