import LuaHost
import RoomEngine

extension APITable {
    static let settings: [APIFunction] = [
        APIFunction(
            "roost.t", ["key string", "args table?", "locale string?"], returns: "string",
            "A text of the plugin's translations, in a language or in the server's."
        ) { call in
            let locale = call[2] == .nil ? call.host.surroundings.language : try call.string(2)
            return .values([.string(call.plugin.texts.text(try call.string(0), try textArguments(call[1]), locale: locale))])
        }
    ]
}
