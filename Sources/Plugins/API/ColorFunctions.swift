import LuaHost

extension APITable {
    static let colors: [APIFunction] = [
        APIFunction(
            "roost.color.contrast", ["color string", "background string", "ratio number?"], returns: "string, number",
            "The colour, made lighter or darker until its contrast with the background is at least the ratio (4.5), and the contrast."
        ) { call in
            let background = try color(call, 1)
            let ratio = call[2].double ?? 4.5
            guard (1...21).contains(ratio) else { throw LuaHostError("a contrast ratio is from 1 to 21") }
            let readable = try color(call, 0).readable(on: background, ratio: ratio)
            return .values([.string(readable.hex), .number(readable.contrast(with: background))])
        },
        APIFunction(
            "roost.color.hsl", ["color string"], returns: "number, number, number", "Hue (0 to 360), saturation and lightness (0 to 1)."
        ) { call in
            let (hue, saturation, lightness) = try color(call, 0).hsl
            return .values([.number(hue), .number(saturation), .number(lightness)])
        },
        APIFunction(
            "roost.color.mix", ["a string", "b string", "share number?"], returns: "string", "A colour between two: a at 0, b at 1, by default the middle."
        ) { call in
            let share = call[2].double ?? 0.5
            guard (0...1).contains(share) else { throw LuaHostError("a share is from 0 to 1") }
            return .values([.string(try color(call, 0).mixed(with: try color(call, 1), share).hex)])
        },
    ]

    private static func color(_ call: APICall, _ index: Int) throws(LuaHostError) -> Color {
        guard let color = Color(try call.string(index)) else {
            throw LuaHostError("bad argument #\(index + 1) to '\(call.function.shortName)' (a colour such as \"#7984d2\" expected)")
        }
        return color
    }
}
