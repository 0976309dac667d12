import Plugins
import RoomEngine

extension ConsoleCommands {
    static let hooks = ConsoleCommand(
        "hooks", "[EVENT]", "The handlers in the exact order in which they are called.", examples: ["hooks chat"],
        complete: { words, _ in words.isEmpty ? HookKind.allCases.map(\.name) : [] }
    ) { call in
        let kinds: [HookKind]
        if let name = call.words.first {
            guard let kind = HookKind.allCases.first(where: { $0.name == name }) else {
                let hint = nearest(name, in: HookKind.allCases.map(\.name)).map { " Did you mean '\($0)'?" } ?? ""
                throw ConsoleError.failed("There is no event '\(name)'.\(hint)")
            }
            kinds = [kind]
        } else {
            kinds = HookKind.allCases
        }
        let rows: [[String]] = await call.server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return [] }
            let now = engine.clock.now.uptime
            return kinds.flatMap { kind in
                host.hooks(of: kind).map { hook in
                    let microseconds = hook.calls == 0 ? "-" : "\(Double(hook.nanoseconds / Int64(hook.calls) / 100) / 10) µs"
                    let state = hook.pausedUntil.map { $0 > now ? "paused" : "on trial" } ?? "live"
                    return [kind.name, hook.phase.rawValue, "\(hook.priority)", hook.name, state, "\(hook.calls)", "\(hook.errors)", microseconds]
                }
            }
        }
        if rows.isEmpty { return call.output.line("No handlers.") }
        call.output.table(["Event", "Phase", "Priority", "Handler", "State", "Calls", "Errors", "Average"], rows)
    }

    static let why = ConsoleCommand(
        "why", "ID", "How a message or a refusal was decided: by the id of a refusal, or by room:number.", examples: ["why t412", "why k3v9t2:42"]
    ) { call in
        let id = try call.word(0, "an id")
        var found = await call.server.ask { ($0.hooks as? PluginHost)?.trace(id) }
        if found == nil { found = try await call.server.archive?.trace(id) }
        guard let trace = found else {
            throw ConsoleError.failed("Nothing is known of '\(id)': it is too long ago, or no plugin was asked.")
        }
        call.output.fields([
            ("Event", trace.event.name + (trace.room.map { " in \($0)" } ?? "") + (trace.seq.map { ", number \($0)" } ?? "")), ("By", trace.person ?? "-"),
            ("Text", trace.text), ("Outcome", trace.outcome),
        ])
        call.output.table(
            ["Phase", "Handler", "Answer", "µs", "Notes"],
            trace.steps.map { [$0.phase.rawValue, $0.hook, $0.outcome, "\(Double($0.nanoseconds / 100) / 10)", $0.notes.joined(separator: "; ")] })
    }
}
