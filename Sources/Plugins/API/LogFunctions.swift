import LuaHost
import RoomEngine

extension APITable {
    static let logging: [APIFunction] = PluginHost.Level.allCases.map { level in
        APIFunction("roost.log.\(level)", ["format string", "... any"], "Writes a line to the log; the format is string.format's, with %s for any value.") { call in
            call.host.log(call.plugin, level, try format(call))
            return .nothing
        }
    }

    /// `%s`, `%d`, `%f` … are replaced in order by the arguments, each as it reads best; `%%` is a percent sign.
    static func format(_ call: APICall) throws(LuaHostError) -> String {
        var result = ""
        var next = 1
        var rest = (try call.string(0))[...]
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            if rest.first == "%" {
                result += "%"
                rest.removeFirst()
                continue
            }
            let directive = rest.prefix { !$0.isLetter }
            guard let letter = rest[directive.endIndex...].first else { throw LuaHostError("the format ends with '%'") }
            guard next < call.arguments.count else { throw LuaHostError("the format wants more than \(next - 1) values") }
            let value = call[next]
            next += 1
            if letter == "d", let integer = value.integer { result += "\(integer)" } else { result += value.display }
            rest = rest[rest.index(after: directive.endIndex)...]
        }
        return result + rest
    }
}
