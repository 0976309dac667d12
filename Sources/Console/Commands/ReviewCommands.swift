import Plugins
import RoomEngine

extension ConsoleCommands {
    static let held = ConsoleCommand("held", "", "What waits for a moderator: messages, whispers, and people who knock.") { call in
        let rows: [[String]] = await call.server.ask { engine in
            let now = engine.clock.now.wall
            return engine.reviews.map {
                let text = $0.kind == .knock ? "wants to come in" : $0.text
                return [$0.id, $0.room.text, $0.kind.rawValue, $0.from.name, text, $0.reason, $0.by, words(forSeconds: Double(max(0, $0.until - now)) / 1_000)]
            }
        }
        if rows.isEmpty { return call.output.line("Nothing waits.") }
        call.output.table(["Id", "Room", "Kind", "From", "Text", "Why", "Plugin", "Left"], rows)
    }

    static let approve = ConsoleCommand("approve", "ID", "Lets through what waits.", examples: ["approve h_5mq0c2vd"], complete: waiting) { call in
        let id = try call.word(0, "an id; 'held' lists them")
        if let refusal = await call.server.await({ $0.approve(id, by: "console", then: $1) }) { throw ConsoleError.failed(refusal.text) }
        call.output.line("Done.")
    }

    static let refuse = ConsoleCommand("refuse", "ID [WHY]", "Drops what waits; whoever it is from is told.", examples: ["refuse h_5mq0c2vd not here"], complete: waiting) { call in
        let id = try call.word(0, "an id; 'held' lists them")
        let why = call.text(from: 1)
        if let refusal = await call.server.await({ $0.refuse(id, why: why, by: "console", then: $1) }) { throw ConsoleError.failed(refusal.text) }
        call.output.line("Done.")
    }

    @Sendable private static func waiting(_ words: [String], _ server: any ConsoleServer) async -> [String] {
        words.isEmpty ? await server.ask { $0.reviews.map(\.id) } : []
    }
}
