import Plugins
import RoomEngine

extension ConsoleCommands {
    static let hooks = ConsoleCommand(
        "hooks", "[EVENT] | move EVENT PLUGIN before|after PLUGIN | reset EVENT", "The handlers in the exact order in which they are called, or a change of it.",
        examples: ["hooks chat", "hooks move chat guard before faq", "hooks reset chat"], complete: completeHooks
    ) { call in
        switch call.words.first {
        case "move": try await moveHooks(call)
        case "reset":
            let kind = try await event(try call.word(1, "an event"))
            try await call.host { host in
                try host.choose { $0.order[kind.name] = nil }
                host.sortHooks()
            }
            call.output.line("The order for \(kind.name) is the configuration's again.")
        case let name?: try await showHooks([try await event(name)], call)
        case nil: try await showHooks(HookKind.allCases, call)
        }
    }

    @Sendable private static func completeHooks(_ words: [String], _ server: any ConsoleServer) async -> [String] {
        let events = HookKind.allCases.map(\.name)
        switch words.count {
        case 0: return events + ["move", "reset"]
        case 1: return ["move", "reset"].contains(words[0]) ? events : []
        case 2, 4: return words[0] == "move" ? await Complete.plugins(server) : []
        case 3: return words[0] == "move" ? ["before", "after"] : []
        default: return []
        }
    }

    private static func event(_ name: String) async throws -> HookKind {
        guard let kind = HookKind.allCases.first(where: { $0.name == name }) else {
            let hint = nearest(name, in: HookKind.allCases.map(\.name)).map { " Did you mean '\($0)'?" } ?? ""
            throw ConsoleError.failed("There is no event '\(name)'.\(hint)")
        }
        return kind
    }

    private static func moveHooks(_ call: Invocation) async throws {
        let kind = try await event(try call.word(1, "an event"))
        let plugin = PluginID(try call.word(2, "a plugin")), other = PluginID(try call.word(4, "another plugin"))
        let place = try call.word(3, "'before' or 'after'")
        guard place == "before" || place == "after" else { throw ConsoleError.usage("'\(place)' is neither 'before' nor 'after'") }
        let order = try await call.host { try $0.move(plugin, before: place == "before", other, of: kind) }
        call.output.line("\(kind.name): \(order.map(\.text).joined(separator: ", ")), within each phase, over restarts too.")
    }

    private static func showHooks(_ kinds: [HookKind], _ call: Invocation) async throws {
        let rows: [[String]] = try await call.host { host in
            let now = host.engine.clock.now.uptime
            return kinds.flatMap { kind in
                host.hooks(of: kind).map { hook in
                    let account = hook.account
                    let average = account.calls == 0 ? "-" : Measure.microseconds(account.nanoseconds / Int64(account.calls))
                    let given = account.verdicts.map { "\($0.count) \($0.name)" }.joined(separator: " ")
                    let mode = hook.isShadow ? "shadow" : "live"
                    return [
                        kind.name, hook.phase.rawValue, "\(hook.priority)", hook.name, hook.trouble(at: now) ?? mode, "\(account.calls)", "\(account.errors)",
                        average, given.isEmpty ? "-" : given,
                    ]
                }
            }
        }
        if rows.isEmpty { return call.output.line("No handlers.") }
        call.output.table(["Event", "Phase", "Priority", "Handler", "State", "Calls", "Errors", "Average", "Verdicts"], rows)
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
