import Plugins
import RoomEngine

/// A word after `plugin`: what can be done with one.
struct PluginVerb: Sendable {
    let name: String
    /// What follows it.
    let usage: String
    let summary: String
    let complete: @Sendable ([String], any ConsoleServer) async -> [String]
    let run: @Sendable (Invocation) async throws -> Void

    init(
        _ name: String, _ usage: String, _ summary: String,
        complete: @escaping @Sendable ([String], any ConsoleServer) async -> [String] = { words, server in
            words.count == 1 ? await Complete.plugins(server) : []
        },
        run: @escaping @Sendable (Invocation) async throws -> Void
    ) {
        self.name = name
        self.usage = usage
        self.summary = summary
        self.complete = complete
        self.run = run
    }

    static let all: [PluginVerb] = [
        load, unload, reload, enable, disable, pause, resume, rollback, shadow, live, diff, grant, revoke, config, top, profile, errors, testFrom, repl,
    ]

    static let config = PluginVerb("config", "ID [KEY [VALUE… | --reset]]", "Its settings, or a change of one.", complete: PluginConfigCommand.complete) {
        try await PluginConfigCommand.run($0)
    }
}

extension ConsoleCommands {
    static let plugin = ConsoleCommand(
        "plugin", "ID | VERB ID …", "One plugin with everything, or something done with it.",
        examples: ["plugin guard"] + PluginVerb.all.map { "plugin \($0.name) \($0.usage)" + "  – " + $0.summary },
        complete: { words, server in
            guard let verb = words.first.flatMap({ word in PluginVerb.all.first { $0.name == word } }) else {
                return words.isEmpty ? PluginVerb.all.map(\.name) + (await Complete.plugins(server)) : []
            }
            return await verb.complete(words, server)
        }
    ) { call in
        let word = try call.word(0, "a plugin")
        if let verb = PluginVerb.all.first(where: { $0.name == word }) {
            do {
                try await verb.run(call)
            } catch ConsoleError.usage(let what) {
                throw ConsoleError.usage("\(what); 'plugin \(verb.name) \(verb.usage)'")
            }
        } else {
            try await PluginVerb.show(PluginID(word), call)
        }
    }
}

/// Why something about a plugin was not done.
struct PluginFailure: Error {
    let text: String
}

extension Invocation {
    /// The plugin that the verb is about.
    func plugin() throws(ConsoleError) -> PluginID { PluginID(try word(1, "a plugin")) }

    /// Asks the plugin host, on the room loop. What fails there has not been done.
    func host<Answer: Sendable>(_ body: @escaping @Sendable (PluginHost) throws -> Answer) async throws -> Answer {
        let result: Result<Answer, PluginFailure> = await server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return .failure(PluginFailure(text: "This server has no plugins.")) }
            do {
                return .success(try body(host))
            } catch let failure as PluginFailure {
                return .failure(failure)
            } catch let problem as PluginProblem {
                return .failure(PluginFailure(text: problem.text))
            } catch {
                return .failure(PluginFailure(text: "\(error)"))
            }
        }
        switch result {
        case .success(let answer): return answer
        case .failure(let failure): throw ConsoleError.failed(failure.text)
        }
    }

    /// Asks about a plugin that is in use.
    func loaded<Answer: Sendable>(_ id: PluginID, _ body: @escaping @Sendable (Plugin, PluginHost) throws -> Answer) async throws -> Answer {
        try await host { host in
            guard let plugin = host.plugins[id] else {
                let hint = nearest(id.text, in: host.plugins.keys.map(\.text)).map { " Did you mean '\($0)'?" } ?? ""
                throw PluginFailure(text: host.refused[id] == nil ? "'\(id)' is not loaded.\(hint)" : "'\(id)' is not loaded: its last version was refused.")
            }
            return try body(plugin, host)
        }
    }
}
