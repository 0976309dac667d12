import Foundation
import JSONText
import LuaHost
import Plugins
import RoomEngine

extension ConsoleCommands {
    static let store = ConsoleCommand(
        "store", "PLUGIN [get KEY | set KEY JSON | delete KEY | scan [PREFIX] | export] [--user=ID | --room=ID]",
        "What a plugin keeps: how much, one key, those that begin alike, or everything as JSON lines.",
        examples: ["store greet", "store poll scan --room=k3v9t2", "store guard set patience 5", "store remind export --all"],
        complete: { words, server in
            if words.isEmpty { return await Complete.plugins(server) }
            let verbs = ["get", "set", "delete", "scan", "export"]
            if words.count == 1 { return verbs }
            guard words.count == 2, ["get", "set", "delete"].contains(words[1]) else { return [] }
            return await server.ask { engine in
                (engine.hooks as? PluginHost)?.store(of: PluginID(words[0])).keys("", prefix: "", at: engine.clock.now.wall) ?? []
            }
        }
    ) { call in
        let id = PluginID(try call.word(0, "a plugin"))
        let isKnown = await call.server.ask { engine in
            (engine.hooks as? PluginHost).map { $0.plugins[id] != nil || PluginFiles.named(id.text, in: $0.surroundings.folder) != nil } ?? false
        }
        guard isKnown else { throw ConsoleError.failed("There is no plugin '\(id)'.") }
        switch call.words.dropFirst().first {
        case nil: try await summary(id, call)
        case "get": try await get(id, call)
        case "set": try await set(id, try value(call), call)
        case "delete": try await set(id, nil, call)
        case "scan", "export": try await list(id, isExport: call.words[1] == "export", call)
        case let verb?: throw ConsoleError.usage("'\(verb)' is not something that a store does")
        }
    }

    private static func summary(_ id: PluginID, _ call: Invocation) async throws {
        let (size, count, quota) = await call.server.ask { engine -> (Int, Int, Int?) in
            guard let host = engine.hooks as? PluginHost else { return (0, 0, nil) }
            let store = host.store(of: id)
            return (store.size, store.count, host.plugins[id]?.manifest.store)
        }
        call.output.fields([("Plugin", id.text), ("Keys", "\(count)"), ("Bytes", quota.map { "\(size) of \($0)" } ?? "\(size)")])
    }

    private static func get(_ id: PluginID, _ call: Invocation) async throws {
        let key = try key(call)
        let text = await call.server.ask { engine in
            (engine.hooks as? PluginHost)?.store(of: id).read(key, at: engine.clock.now.wall)?.value.text
        }
        guard let text else { throw ConsoleError.failed("'\(key.key)' is not there: 'store \(id) scan' lists what is.") }
        call.output.line(text)
    }

    private static func set(_ id: PluginID, _ value: JSONValue?, _ call: Invocation) async throws {
        let key = try key(call)
        let problem: String? = await call.server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return "This server has no plugins." }
            let store = host.store(of: id)
            if value == nil, store.read(key, at: engine.clock.now.wall) == nil { return "'\(key.key)' is not there." }
            do throws(LuaHostError) {
                try host.write(key, value, in: store)
                return nil
            } catch {
                return error.message
            }
        }
        if let problem { throw ConsoleError.failed(problem) }
        call.output.line(value == nil ? "'\(key.key)' is gone." : "'\(key.key)' is \(value?.text ?? "").")
    }

    private static func list(_ id: PluginID, isExport: Bool, _ call: Invocation) async throws {
        let scope = try scope(call), prefix = isExport ? "" : call.words.count > 2 ? call.words[2] : ""
        let hasScope = call.options.contains { $0.hasPrefix("user=") || $0.hasPrefix("room=") }
        let (found, now) = await call.server.ask { engine -> ([(PluginStore.Key, PluginStore.Entry)], Int64) in
            let now = engine.clock.now.wall
            let all = (engine.hooks as? PluginHost)?.store(of: id).all(at: now) ?? []
            return (all.filter { key, _ in (isExport && !hasScope || key.scope == scope) && key.key.hasPrefix(prefix) }.map { ($0.key, $0.entry) }, now)
        }
        if isExport {
            // Meant for files: nothing is cut.
            for (key, entry) in found {
                var fields: [String: JSONValue] = ["scope": .string(key.scope), "key": .string(key.key), "value": entry.value]
                if let expires = entry.expires { fields["expires"] = .integer(expires) }
                call.output.raw(JSONValue.object(fields).text)
            }
            return
        }
        if found.isEmpty { return call.output.line("Nothing is kept there.") }
        call.output.table(["Key", "Value", "For"], found.map { key, entry in
            let left = entry.expires.map { words(forSeconds: Double($0 - now) / 1_000) } ?? "good"
            return [key.key, call.output.isJSON ? entry.value.text : String(entry.value.text.prefix(100)), left]
        })
    }

    private static func key(_ call: Invocation) throws(ConsoleError) -> PluginStore.Key {
        .init(scope: try scope(call), key: try call.word(2, "a key"))
    }

    /// The plugin's own data, or that of a person or a room for it.
    private static func scope(_ call: Invocation) throws(ConsoleError) -> String {
        let named = call.options.filter { $0.hasPrefix("user=") || $0.hasPrefix("room=") }
        if named.count > 1 { throw .usage("--user and --room exclude each other") }
        return named.first.map { $0.replacing("=", with: " ", maxReplacements: 1) } ?? ""
    }

    /// The rest of the line as JSON; words that are none are taken as text.
    private static func value(_ call: Invocation) throws(ConsoleError) -> JSONValue {
        _ = try call.word(3, "a value")
        let text = call.text(from: 3)
        return (try? JSONValue(parsing: text.utf8)) ?? .string(text)
    }
}
