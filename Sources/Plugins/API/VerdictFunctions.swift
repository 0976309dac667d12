import LuaHost
import RoomEngine

/// Verdicts are made by functions and then returned. Whether one fits the event, and whether the plugin may give it, is
/// checked when it is made: the error is then at the line that made it.
extension APITable {
    static let verdicts: [APIFunction] = [
        APIFunction("roost.modify", ["changes table"], returns: "verdict", "The chain goes on with the changed message.") { call in
            let fields = call[0].table!
            let definition = try event(call, .modify)
            guard let event = call.plugin.run?.event else { throw LuaHostError("roost.modify is for handlers of events") }
            let (kind, changes) = (definition.kind, definition.changes)
            for pair in fields.pairs {
                guard let change = changes.first(where: { $0.name == pair.key.string }) else {
                    let (name, known) = (pair.key.string ?? "?", changes.map(\.name))
                    let hint = nearest(name, in: known).map { "; did you mean '\($0)'?" } ?? "; there are: \(known.joined(separator: ", "))"
                    throw LuaHostError("a \(kind.name) has no '\(name)' that can be changed\(hint)")
                }
                if let problem = change.problem(with: pair.value, of: event, call.engine.limits) { throw LuaHostError(problem) }
            }
            return verdict(call, .modify(fields))
        },
        APIFunction("roost.drop", ["why string|table"], returns: "verdict", "The message is not sent; its author is told why.") { call in
            _ = try event(call, .drop)
            if case .string(let text) = call[0] { return verdict(call, .drop(text: text, code: nil, retryAfter: nil, silent: false)) }
            let options = try call.options(0)
            let silent = try options.bool("silent") ?? false
            let reason = try options.string("reason") ?? ""
            return verdict(call, .drop(text: reason, code: try options.string("code"), retryAfter: try options.number("retry_after"), silent: silent))
        },
        APIFunction("roost.hold", ["options table?"], returns: "verdict", "The message waits for a moderator.") { call in
            _ = try event(call, .hold)
            let options = try call.options(0)
            return verdict(call, .hold(reason: try options.string("reason") ?? "", seconds: try options.number("ttl") ?? 600))
        },
        APIFunction("roost.flag", ["options table"], returns: "verdict", "Adds to the message's score; the threshold is the admin's.") { call in
            _ = try event(call, .flag)
            let options = try call.options(0)
            return verdict(call, .flag(label: try options.string("label") ?? "flagged", score: try options.number("score") ?? 1))
        },
        APIFunction("roost.accept", ["options table?"], returns: "verdict", "Skips the remaining filters.") { call in
            _ = try event(call, .accept)
            return verdict(call, .accept(reason: try call.options(0).string("reason") ?? ""))
        },
        APIFunction("roost.deny", ["why string|table"], returns: "verdict", "It does not happen; the person is told why.") { call in
            _ = try event(call, .deny)
            if case .string(let text) = call[0] { return verdict(call, .deny(text: text, retryAfter: nil)) }
            let options = try call.options(0)
            return verdict(call, .deny(text: try options.string("reason") ?? "", retryAfter: try options.number("retry_after")))
        },
        APIFunction("roost.redirect", ["where table"], returns: "verdict", "Sends the person to another room.") { call in
            _ = try event(call, .redirect)
            guard let room = try call.options(0).room("room", call.engine) else { throw LuaHostError("'room' is no room") }
            if room === call.plugin.run?.event?.room { throw LuaHostError("a redirect leads to another room") }
            return verdict(call, .redirect(room.id))
        },
        APIFunction("roost.value", ["value any"], returns: "verdict", "Answers a question: a colour, an owner.") { call in
            let event = try event(call, .value)
            switch event.kind {
            case .color:
                guard case .string(let text) = call[0], Color(text) != nil else {
                    throw LuaHostError("a colour is a string such as \"#7984d2\"")
                }
            case .owner:
                guard call[0].handle(.user) != nil else { throw LuaHostError("an owner is one of e.candidates") }
            default: break
            }
            return verdict(call, .value(call[0]))
        },
        APIFunction(
            "roost.defer", ["decide function", "options table?"], returns: "verdict",
            "The room goes on without the message until the function has returned a verdict; it gets the event, and may wait."
        ) { call in
            _ = try event(call, .defer)
            if call.plugin.run?.isDeferred == true { throw LuaHostError("what was deferred cannot be deferred again") }
            let seconds = try call.options(1).number("timeout") ?? 3
            guard seconds > 0, seconds <= 30 else { throw LuaHostError("'timeout' is in seconds, up to 30") }
            return verdict(call, .later(call.function(0), within: .milliseconds(Int64(seconds * 1_000))))
        },
    ]

    /// The row of the event that is being decided, if that verdict fits it and the plugin may give it.
    private static func event(_ call: APICall, _ kind: VerdictKind) throws(LuaHostError) -> EventRow {
        guard let run = call.plugin.run, case .handler(let hook) = run.purpose else {
            throw LuaHostError("roost.\(kind) is for handlers of events")
        }
        let definition = EventTable.rows[hook.row]
        guard hook.phase.isBefore else { throw LuaHostError("roost.\(kind) comes too late: this handler is in the phase '\(hook.phase)'") }
        guard definition.verdicts.contains(kind) else {
            let known = VerdictKind.allCases.filter(definition.verdicts.contains).map { "roost.\($0)" }.joined(separator: ", ")
            throw LuaHostError("roost.\(kind) does not fit '\(definition.kind.name)'; there are: \(known)")
        }
        for permission in permissions(for: kind, of: definition.kind) where !call.plugin.may(permission) {
            throw call.plugin.missing(permission, for: "roost.\(kind)")
        }
        return definition
    }

    /// What a plugin needs to give that verdict about that event.
    static func permissions(for verdict: VerdictKind, of event: HookKind) -> [Permission] {
        // To hold a whisper is to show it to moderators.
        let reading: [Permission] = event == .whisper && [.hold, .modify].contains(verdict) ? [.whisperRead] : []
        return reading + (permission(for: verdict, of: event).map { [$0] } ?? [])
    }

    private static func permission(for verdict: VerdictKind, of event: HookKind) -> Permission? {
        switch (event, verdict) {
        case (.connect, _): .joinDeny
        case (.name, _): .userName
        case (.topic, _): .roomSet
        case (.roomCreate, _): .roomCreate
        case (.kick, _): .userKick
        case (.mute, _): .userMute
        case (.ban, _): .userBan
        case (.gif, .drop), (.gif, .flag): .gifDrop
        case (.gif, .hold): .gifHold
        case (.gif, .modify): .gifModify
        case (.history, _): .historyRedact
        case (.join, _): .joinDeny
        case (.color, _): .userColor
        case (.owner, _): .roomTransfer
        case (_, .drop), (_, .flag), (_, .deny): .chatDrop
        case (_, .hold): .chatHold
        case (_, .modify): .chatModify
        case (_, .accept): .chatAccept
        default: nil
        }
    }

    private static func verdict(_ call: APICall, _ verdict: Verdict) -> LuaAnswer {
        guard let run = call.plugin.run else { return .nothing }
        run.verdicts.append(verdict)
        return .values([Kind.verdict.handle(UInt64(run.verdicts.count - 1))])
    }
}
