import Plugins
import RoomEngine

extension ConsoleCommands {
    static let status = ConsoleCommand("status", "How the server is.") { call in
        let vitals = await call.server.vitals()
        let (people, seated, rooms, transports, plugins, trouble) = await call.server.ask { engine in
            let host = engine.hooks as? PluginHost
            let trouble = (host?.plugins.values.filter { $0.problemCount > 0 }.map(\.id.text) ?? []) + (host?.refused.keys.map(\.text) ?? [])
            let transports = Dictionary(grouping: engine.connections.values, by: \.transport).mapValues(\.count)
            return (
                engine.people.count, engine.people.values.filter { !$0.rooms.isEmpty }.count, engine.rooms.count, transports,
                host?.plugins.count ?? 0, Set(trouble).sorted()
            )
        }
        let byTransport = transports.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        call.output.fields([
            ("Version", vitals.version),
            ("Uptime", words(forSeconds: vitals.uptime)),
            ("People", "\(people), \(seated) of them in rooms"),
            ("Connections", "\(vitals.connections)" + (byTransport.isEmpty ? "" : " (\(byTransport))")),
            ("Rooms", "\(rooms)"),
            ("Messages", "\(vitals.published) published, \(vitals.delivered) delivered"),
            ("CPU", "\(Int(vitals.cpu * 10) / 10) s, \(Int(vitals.cpu / max(vitals.uptime, 0.001) * 100)) % on average"),
            ("Memory", "\(vitals.memory >> 20) MiB"),
            ("Plugins", "\(plugins) loaded" + (trouble.isEmpty ? "" : "; in trouble: \(trouble.joined(separator: ", "))")),
        ])
    }

    static let limits = ConsoleCommand("limits", "Every setting with its value, and where that comes from.") { call in
        call.output.table(["Setting", "Value", "From"], call.server.settings.map { [$0.name, $0.value, $0.source] })
    }
}

extension ConsoleCommand {
    /// A command without arguments.
    init(_ name: String, _ summary: String, run: @escaping @Sendable (Invocation) async throws -> Void) {
        self.init(name, "", summary, run: run)
    }
}
