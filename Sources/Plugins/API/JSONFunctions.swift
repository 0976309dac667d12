import Foundation
import JSONText
import LuaHost

extension APITable {
    static let json: [APIFunction] = [
        APIFunction("roost.json.encode", ["value any"], returns: "string", "A value as JSON text.") { call in
            .values([.string(try bounded(try JSONValue(call[0]).text))])
        },
        APIFunction("roost.json.decode", ["text string"], returns: "any, string?", "The value of a JSON text; nil and why if it is none.") { call in
            let text = try call.string(0)
            do {
                return .values([LuaValue(try JSONValue(parsing: Data(text.utf8)))])
            } catch {
                return .values([.nil, .string("not JSON")])
            }
        },
    ]
}
