import Plugins
import RoomEngine

/// What plugins may do.
extension PluginVerb {
    static let grant = PluginVerb(
        "grant", "ID PERMISSION|all", "Lets it do what its new version asks for, or what was taken from it.",
        complete: { words, server in
            await powers(words, server) { id, host in ["all"] + (host.refused[id]?.ungranted ?? []).union(host.choices[id].revoked).sorted() }
        }
    ) { call in
        let id = try call.plugin()
        let power = try call.word(2, "a permission, or all,")
        let text: String = try await call.host { host in
            switch try host.grant(id, power) {
            case .given: "\(id) has it from now on."
            case .loaded(let plugin): "\(plugin.version) is in use. It may \(plugin.powers)."
            case .stillMissing(let names): "Granted. The new version wants \(names.sorted().joined(separator: ", ")) too."
            }
        }
        call.output.line(text)
    }

    static let revoke = PluginVerb(
        "revoke", "ID PERMISSION", "Takes a permission from it, over restarts and new versions.",
        complete: { words, server in
            await powers(words, server) { id, host in (host.plugins[id]?.manifest.powers ?? []).subtracting(host.choices[id].revoked).sorted() }
        }
    ) { call in
        let id = try call.plugin()
        let power = try call.word(2, "a permission")
        try await call.host { try $0.revoke(id, power) }
        call.output.line("\(id) may not \(Permission(rawValue: power)?.inWords ?? power) any more. 'plugin grant \(id) \(power)' gives it back.")
    }

    private static func powers(
        _ words: [String], _ server: any ConsoleServer, _ list: @escaping @Sendable (PluginID, PluginHost) -> [String]
    ) async -> [String] {
        if words.count == 1 { return await Complete.plugins(server) }
        guard words.count == 2 else { return [] }
        let id = PluginID(words[1])
        return await server.ask { ($0.hooks as? PluginHost).map { list(id, $0) } ?? [] }
    }
}
