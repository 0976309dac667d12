import ChatText
import RoomEngine

// What moderators and owners may say, checked alike for every way in.

func checkedRole(_ name: String) throws(Refusal) -> Role {
    if let role = Role(rawValue: name), role != .admin { return role }
    throw Refusal(.badRequest, "'role' is member, moderator or owner.", field: "role")
}

/// For how long; nil for good.
func checkedSeconds(_ seconds: Double?) throws(Refusal) -> Double? {
    guard let seconds else { return nil }
    if seconds > 0, seconds < 1e10 { return seconds }
    throw Refusal(.badRequest, "'seconds' is above 0.", field: "seconds")
}

/// Why; empty if nothing is said.
func checkedReason(_ reason: String?) throws(Refusal) -> String {
    let limit = 200
    guard let reason, !reason.isEmpty else { return "" }
    if let problem = ChatText.problem(inMessage: reason, maxCharacters: limit) {
        throw Refusal(problem == .tooLong ? .tooLong : .badText, problem.sentence(limit: limit), field: "reason")
    }
    return reason
}
