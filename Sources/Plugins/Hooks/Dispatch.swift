import ChatText
import LuaHost
import RoomEngine

/// One event on its way through the handlers that decide about it.
///
/// Handlers are called one after the other; one that waits keeps the others waiting. What the handlers that return normally
/// asked for is gathered and happens with the decision. When a handler changes the message, the filters that had passed it
/// see it again, so that what goes out was passed by every filter in exactly that form.
///
/// A class because it lives on while a handler waits. Confined to the room loop.
final class Dispatch {
    /// How often filters may see a message again before it is given up.
    private static let mostRounds = 3

    private let host: PluginHost
    private let event: HookEvent
    private let frame: LuaEvent
    private let then: (Decision) -> Void
    private let hops: Int

    private let table: HookTable
    private let hooks: [Hook]
    /// Those of this round: all of them at first, then the filters that see a changed message again.
    private var queue: [Hook]
    private var next = 0
    private var round = 0
    /// Filters that passed the message in a form that it no longer has.
    private var again: [Hook] = []
    private var isAccepted = false
    private var score = 0.0
    private var outcome: Decision.Outcome?
    private var effects: [Effect] = []
    private let text: String
    private var steps: [Trace.Step] = []
    /// A handler has changed it, or failed.
    private var isChanged = false
    /// Of plugins that only look on: what the event is to each of them.
    private var views: [PluginID: ShadowView] = [:]

    init(_ event: HookEvent, frame: LuaEvent, table: HookTable, host: PluginHost, hops: Int, then: @escaping (Decision) -> Void) {
        self.event = event
        self.frame = frame
        self.host = host
        self.then = then
        self.hops = hops
        self.table = table
        hooks = table.before[EventTable.index(of: event.kind)]
        queue = hooks
        text = event.summary
        steps.reserveCapacity(hooks.count)
        event.trace = frame.serial
    }

    /// Calls handlers until one waits or all have answered.
    func proceed() {
        while outcome == nil, let hook = nextHook() {
            let run = Run(plugin: hook.plugin, purpose: .handler(hook), event: event, frame: frame, hops: hops, isBuffered: true)
            let result = hook.plugin.begin(run, hook.function, frame, budget: hook.slice)
            if case .waiting = result {
                return hook.plugin.goOn(run, result, budget: hook.deadline) { [self] result in goOn(hook, run, result) }
            }
            if let later = answered(hook, run, result, run.worked) { return wait(for: later, hook) }
        }
        finish()
    }

    /// A handler that has waited has answered: to a trace, it took as long as it has kept the others waiting.
    private func goOn(_ hook: Hook, _ run: Run, _ result: LuaOutcome) {
        if let later = answered(hook, run, result, nanoseconds() - run.began) { wait(for: later, hook) } else { proceed() }
    }

    private func nextHook() -> Hook? {
        while true {
            while next < queue.count {
                let hook = queue[next]
                next += 1
                if isAccepted, hook.phase == .filter { continue }
                if !hook.concerns(event) { continue }
                if hook.plugin.shadow != nil {
                    if hook.begins(at: host.engine.clock.now.uptime) { lookOn(hook) }
                    continue
                }
                if hook.begins(at: host.engine.clock.now.uptime) { return hook }
                // A plugin for safety that is paused has not checked anything.
                if hook.failsClosed {
                    outcome = unchecked(hook)
                    return nil
                }
            }
            if again.isEmpty || isAccepted { return nil }
            round += 1
            if round > Self.mostRounds {
                outcome = .hold(reason: "Plugins do not agree about this message.", seconds: 600, by: "plugins")
                return nil
            }
            (queue, next) = (again, 0)
            again = []
        }
    }

    /// `changer` has changed the message: the filters that saw it before are to see it again.
    private func askAgain(after changer: Hook) {
        let seen = round == 0 ? hooks[..<next] : hooks[...]
        let pending = queue[next...]
        again = seen.filter { hook in
            [.filter, .gate].contains(hook.phase) && hook !== changer && hook.plugin.shadow == nil && !pending.contains { $0 === hook }
        }
    }

    /// Takes an answer in. What is returned is to be waited for.
    private func answered(_ hook: Hook, _ run: Run, _ result: LuaOutcome, _ time: Int64) -> Later? {
        var step = Trace.Step(hook: hook.name, phase: hook.phase, outcome: "pass", notes: run.notes, nanoseconds: time)
        var later: Later?
        do throws(LuaFailure) {
            let verdict = try hook.verdict(result, run)
            hook.returned(run, verdict?.kind)
            if run.hasAsked { effects += host.effects(of: run) }
            if let verdict {
                step.outcome = verdict.summary
                if case .later(let function, let time) = verdict {
                    later = Later(function: function, time: time)
                } else {
                    take(verdict, hook)
                }
            }
        } catch {
            step.outcome = "error: \(error.message.isEmpty ? "\(error.kind)" : error.message)"
            isChanged = true
            hook.plugin.report(error, run)
            hook.failed(run, error, at: host.engine.clock.now.uptime)
            if hook.failsClosed { outcome = unchecked(hook) }
        }
        steps.append(step)
        return later
    }

    /// What becomes of an event that a handler for safety could not check: a moderator can look at it, if one is there.
    private func unchecked(_ hook: Hook) -> Decision.Outcome {
        event.canBeHeld && event.room?.hasModerator ?? false
            ? .hold(reason: "The message could not be checked.", seconds: 600, by: hook.plugin.id.text)
            : .drop(refusal("The message could not be checked.", hook), silent: false)
    }

    // MARK: Taking time

    /// A function that answers in a handler's stead, and how long it may take.
    private struct Later {
        let function: LuaFunction
        let time: LuaBudget
    }

    /// The room goes on without the message until the function has answered.
    private func wait(for later: Later, _ hook: Hook) {
        event.leaveLine?()
        let run = Run(plugin: hook.plugin, purpose: .handler(hook), event: event, frame: frame, hops: hops, isBuffered: true)
        run.isDeferred = true
        let result = hook.plugin.begin(run, later.function, frame, budget: Plugin.longestSlice)
        hook.plugin.goOn(run, result, budget: later.time) { [self] result in
            hook.plugin.release(later.function)
            goOn(hook, run, result)
        }
    }

    // MARK: Looking on

    /// Shows the event to a handler whose answer does not count. Nobody waits for it.
    private func lookOn(_ hook: Hook) {
        let view = views[hook.plugin.id] ?? ShadowView(of: event, serial: frame.serial)
        views[hook.plugin.id] = view
        view.show(hook, event, hops: hops, host)
    }

    // MARK: Answers

    private func take(_ verdict: Verdict, _ hook: Hook) {
        switch verdict {
        case .modify(let fields):
            isChanged = true
            let before = event.form
            event.change(fields, frame)
            if before == nil || event.form != before { askAgain(after: hook) }
        case .drop(let text, let code, let retryAfter, let silent):
            var refusal = refusal(text, hook)
            refusal.retryAfter = retryAfter
            if let code { refusal.code = Refusal.Code(rawValue: code) ?? .refused }
            outcome = .drop(refusal, silent: silent)
        case .deny(let text, let retryAfter):
            var refusal = refusal(text, hook)
            refusal.retryAfter = retryAfter
            outcome = .deny(refusal)
        case .hold(let reason, let seconds): outcome = .hold(reason: reason, seconds: seconds, by: hook.plugin.id.text)
        case .redirect(let room): outcome = .redirect(room)
        case .accept: isAccepted = true
        case .flag(_, let points):
            score += points
            if score >= host.flagThreshold { outcome = .hold(reason: "This message was flagged.", seconds: 600, by: hook.plugin.id.text) }
        case .value(let value):
            switch value {
            case .string(let color): outcome = .color(color)
            default: if let person = value.handle(.user).flatMap({ host.engine.person(number: $0.a) }) { outcome = .owner(person.id) }
            }
        case .later: break
        }
    }

    private func refusal(_ text: String, _ hook: Hook) -> Refusal {
        Refusal(.refused, text, by: hook.plugin.id.text, trace: Trace.id(of: frame.serial))
    }

    private func finish() {
        let outcome = outcome ?? .pass
        if !views.isEmpty { for view in views.values { view.outcome = outcome.summary } }
        if event.person.map({ host.engine.isErased($0.id) }) ?? false {
            // Handlers have waited: of whom is forgotten meanwhile nothing is noted down.
            event.trace = nil
        } else if steps.isEmpty {
            if views.isEmpty { event.trace = nil }
        } else {
            let person = event.person
            host.add(
                Trace(
                    serial: frame.serial, event: event.kind, room: event.room?.id, person: person?.name, personID: person?.id.text, at: event.at,
                    text: text, steps: steps, outcome: outcome.summary, isStopped: outcome.isStop, isChanged: isChanged))
            if case .drop(let refusal, silent: true) = outcome { audit(refusal) }
        }
        host.observe(event, outcome, table)
        then(Decision(outcome, effects: effects))
    }

    /// What somebody is not told must be found by whoever looks for it.
    private func audit(_ refusal: Refusal) {
        let hook = steps.last?.hook ?? ""
        let why = refusal.text.isEmpty ? "" : " (\(refusal.text))"
        host.surroundings.audit(PluginID(refusal.by ?? ""), "\(hook) dropped silently in \(event.room?.id.text ?? "no room"), from \(event.person?.name ?? "-")\(why): \(event.summary)")
    }
}

extension Hook {
    /// What the handler answered, checked to be an answer.
    func verdict(_ outcome: LuaOutcome, _ run: Run) throws(LuaFailure) -> Verdict? {
        switch outcome {
        case .failed(let failure): throw failure
        case .waiting: preconditionFailure("a run that waits has not come to its end")
        case .returned(let values):
            guard let first = values.first else { return nil }
            if let handle = first.handle(.verdict), run.verdicts.indices.contains(Int(handle.a)) { return run.verdicts[Int(handle.a)] }
            let place = plugin.place(of: function)
            let what = first.object == nil ? "a \(first.typeName)" : "something that is no verdict of this call"
            throw LuaFailure(
                kind: .error, message: "the handler returned \(what); return nothing, or a verdict such as roost.drop(\"why\")",
                source: place?.source, line: place?.line)
        }
    }
}

extension HookEvent {
    /// Takes over what a plugin has changed, whose fields were checked when the verdict was made.
    func change(_ fields: LuaTable, _ frame: LuaEvent) {
        payload = payload.changed(by: fields)
        if kind == .chat || kind == .gif { look = look.changed(by: fields) }
        EventTable.rows[EventTable.index(of: kind)].fill(self, frame)
    }

    /// What of a message is shown to people and can be changed; nil of what is no message.
    fileprivate var form: Form? {
        switch payload {
        case .chat(let text, _), .edit(_, let text): Form(text: text, look: look)
        case .gif(_, let caption): Form(text: caption, look: look)
        case .whisper(_, let text): Form(text: text)
        case .delete(_, let why): Form(text: why)
        case .react(_, let emoji, _): Form(text: emoji)
        case .history(let messages): Form(messages: messages)
        default: nil
        }
    }

    fileprivate struct Form: Equatable {
        var text: String?
        var look: Look?
        var messages: [Event] = []
    }

    /// Whether it is something that can wait for a moderator.
    fileprivate var canBeHeld: Bool { [.chat, .gif, .whisper, .edit, .delete, .react].contains(kind) }

    /// A line for traces.
    var summary: String {
        switch payload {
        case .chat(let text, _): text
        case .gif(let gif, let caption): caption ?? "GIF \(gif.width)×\(gif.height)"
        case .system(let text, _, _): text.text
        // What was whispered is for those two alone.
        case .whisper(let to, _): "to \(to.name)"
        case .name(let from, let to), .topic(let from, let to): "\(from) → \(to)"
        case .roomCreate(let title, _, _): title
        case .moderation(let wanted, let target): "\(target?.name ?? wanted.person.text) \(wanted.reason)"
        case .roomRemove(let reason): reason
        case .command(let name, let arguments): "/\(name) \(arguments)"
        case .held(let text, _, _, _): text
        case .edit(let message, let text): "\(message.seq): \(text)"
        case .delete(let message, _): "\(message.seq): \(message.content?.text ?? "")"
        case .react(let message, let emoji, let on): "\(message.seq): \(on ? "" : "no more ")\(emoji)"
        case .report(let message, let why): "\(message.seq): \(why)"
        case .history(let messages): "\(messages.count) messages"
        case .connect, .join, .exit, .color, .owner: ""
        }
    }
}

extension Decision.Outcome {
    /// A word for traces and observers.
    var summary: String {
        switch self {
        case .pass: "pass"
        case .drop(let refusal, _): "drop: \(refusal.text)"
        case .hold(let reason, _, _): "hold: \(reason)"
        case .deny(let refusal): "deny: \(refusal.text)"
        case .redirect(let room): "redirect: \(room)"
        case .color(let color): "value: \(color)"
        case .owner(let person): "value: \(person)"
        }
    }

    /// It does not happen, or not now, or not here.
    fileprivate var isStop: Bool {
        switch self {
        case .drop, .hold, .deny, .redirect: true
        case .pass, .color, .owner: false
        }
    }

    var word: String { String(summary.prefix { $0 != ":" }) }
}
