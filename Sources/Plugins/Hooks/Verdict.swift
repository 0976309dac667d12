import LuaHost
import RoomEngine

/// What a handler has answered.
enum Verdict {
    case modify(LuaTable)
    case drop(text: String, code: String?, retryAfter: Double?, silent: Bool)
    case hold(reason: String, seconds: Double)
    case flag(label: String, score: Double)
    case accept(reason: String)
    case deny(text: String, retryAfter: Double?)
    case redirect(RoomID)
    case value(LuaValue)
    /// The message leaves the line until the function has answered, at most so long.
    case later(LuaFunction, within: LuaBudget)

    var kind: VerdictKind {
        switch self {
        case .modify: .modify
        case .drop: .drop
        case .hold: .hold
        case .flag: .flag
        case .accept: .accept
        case .deny: .deny
        case .redirect: .redirect
        case .value: .value
        case .later: .defer
        }
    }

    /// What a trace shows of it.
    var summary: String {
        switch self {
        case .modify(let fields): "modify " + fields.pairs.compactMap(\.key.string).sorted().joined(separator: ", ")
        case .drop(let text, _, _, let silent): "drop\(silent ? " silently" : "") \"\(text)\""
        case .hold(let reason, _): "hold \"\(reason)\""
        case .flag(let label, let score): "flag \(label) \(score)"
        case .accept(let reason): "accept \(reason)"
        case .deny(let text, _): "deny \"\(text)\""
        case .redirect(let room): "redirect to \(room)"
        case .value: "value"
        case .later(_, let time): "defer, at most \(Double(time.milliseconds) / 1_000) s"
        }
    }
}
