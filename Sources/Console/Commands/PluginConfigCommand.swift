import JSONText
import LuaHost
import Plugins
import RoomEngine

/// `plugin config ID [KEY VALUE]`
enum PluginConfigCommand {
    static func run(_ call: Invocation) async throws {
        let id = PluginID(try call.word(1, "a plugin"))
        if call.words.count == 2 { return try await show(id, call) }
        let name = call.words[2], words = Array(call.words.dropFirst(3)), isReset = call.options.contains("reset")
        if words.isEmpty, !isReset { return try await show(id, call, only: name) }
        if !words.isEmpty, isReset { throw ConsoleError.usage("a value and --reset exclude each other") }
        let problem: String? = await call.server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return "This server has no plugins." }
            do throws(LuaHostError) {
                // A setting that is not there is an error whatever the value.
                let kind = try host.settings(of: id)?.first { $0.name == name }.flatMap { Manifest.Setting.Kind(rawValue: $0.kind) } ?? .string
                try host.configure(id, name, isReset ? nil : kind.value(typed: words))
                return nil
            } catch {
                return error.message
            }
        }
        if let problem { throw ConsoleError.failed(problem.prefix(1).uppercased() + problem.dropFirst() + ".") }
        try await show(id, call, only: name)
    }

    private static func show(_ id: PluginID, _ call: Invocation, only name: String? = nil) async throws {
        let result: Result<[PluginHost.SettingRow]?, LuaHostError> = await call.server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return .success(nil) }
            do throws(LuaHostError) { return .success(try host.settings(of: id)) } catch { return .failure(error) }
        }
        guard let rows = try result.mapError({ ConsoleError.failed($0.message) }).get() else { throw ConsoleError.failed("There is no plugin '\(id)'.") }
        if rows.isEmpty { return call.output.line("\(id) has no settings.") }
        let chosen = rows.filter { name == nil || $0.name == name }
        if chosen.isEmpty {
            let hint = nearest(name ?? "", in: rows.map(\.name)).map { " Did you mean '\($0)'?" } ?? ""
            throw ConsoleError.failed("\(id) has no setting '\(name ?? "")'.\(hint)")
        }
        call.output.table(["Setting", "Value", "From", "Type", "What it is"], chosen.map { [$0.name, $0.value.text, $0.source, $0.kind, $0.help] })
    }

    static func complete(_ words: [String], _ server: any ConsoleServer) async -> [String] {
        if words.count == 1 { return await Complete.plugins(server) }
        guard words.count == 2 else { return [] }
        return await server.ask { engine in
            guard let rows = try? (engine.hooks as? PluginHost)?.settings(of: PluginID(words[1])) else { return [] }
            return rows.map(\.name)
        }
    }
}
