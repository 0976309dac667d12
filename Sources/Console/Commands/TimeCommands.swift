import Foundation
import Plugins
import RoomEngine

extension ConsoleCommands {
    static let timers = ConsoleCommand(
        "timers", "[PLUGIN]", "The timers that plugins have set, and when they call.", complete: { words, server in
            words.isEmpty ? await Complete.plugins(server) : []
        }
    ) { call in
        let id = call.words.first.map { PluginID($0) }
        let found: [[String]]? = await call.server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return id == nil ? [] : nil }
            if let id, host.plugins[id] == nil { return nil }
            let now = engine.clock.now.wall
            return host.plugins.values.filter { id == nil || $0.id == id }.flatMap { plugin in
                plugin.timers.values.map { (plugin, $0) }
            }.sorted { ($0.1.due ?? .max, $0.0.id.text, $0.1.number) < ($1.1.due ?? .max, $1.0.id.text, $1.1.number) }.map { plugin, timer in
                [plugin.version, timer.description, timer.due.map { when($0, now) } ?? "not started"]
            }
        }
        guard let rows = found else { throw ConsoleError.failed("'\(id?.text ?? "")' is not loaded.") }
        if rows.isEmpty { return call.output.line("No timers.") }
        call.output.table(["Plugin", "Calls", "Next"], rows)
    }

    static let schedules = ConsoleCommand(
        "schedules", "[PLUGIN] | cancel PLUGIN KEY", "What plugins have scheduled, over restarts; or forget one.",
        examples: ["schedules", "schedules remind", "schedules cancel remind u_5mq0c2vd9x:3"],
        complete: { words, server in
            if words.isEmpty { return ["cancel"] + (await Complete.plugins(server)) }
            guard words[0] == "cancel" else { return [] }
            if words.count == 1 { return await Complete.plugins(server) }
            let id = PluginID(words[1])
            return words.count == 2 ? await server.ask { ($0.hooks as? PluginHost)?.schedules.rows(of: id).map(\.key) ?? [] } : []
        }
    ) { call in
        if call.words.first == "cancel" {
            let id = PluginID(try call.word(1, "a plugin")), key = try call.word(2, "a key")
            guard await call.server.ask({ ($0.hooks as? PluginHost)?.schedules.cancel(id, key) ?? false }) else {
                throw ConsoleError.failed("'\(id)' has nothing scheduled as '\(key)': 'schedules \(id)' lists what it has.")
            }
            return call.output.line("'\(key)' of \(id) is cancelled.")
        }
        let id = call.words.first.map { PluginID($0) }
        let (rows, now) = await call.server.ask { engine in
            ((engine.hooks as? PluginHost)?.schedules.rows(of: id) ?? [], engine.clock.now.wall)
        }
        if rows.isEmpty { return call.output.line("Nothing is scheduled.") }
        call.output.table(["Plugin", "Key", "Event", "Due", "Data"], rows.map { row in
            let due = row.isWaiting ? "\(when(row.schedule.at, now)), waits for a handler" : when(row.schedule.at, now)
            return [row.plugin.text, row.key, "schedule:\(row.schedule.event)", due, String(row.schedule.data.prefix(60))]
        })
    }
}

/// A time to come as how long until then, and as a date.
private func when(_ time: Int64, _ now: Int64) -> String {
    let date = Date(timeIntervalSince1970: Double(time) / 1_000).formatted(.iso8601)
    return time > now ? "in \(words(forSeconds: Double(time - now) / 1_000)) (\(date))" : "\(ago(time, now)) (\(date))"
}
