import RoomEngine

/// What a plugin was dealing with when it failed: enough for a person to know it again, and for a test to do it again.
package struct ProblemCause: Sendable, CustomStringConvertible {
    enum Deed: Sendable, Equatable {
        case said(String)
        case showed(GIF, caption: String?)
        case entered
        case left
        /// Something that a test has no words for: the name of the event.
        case other(String)
    }

    let deed: Deed
    let person: String?
    let isAdmin: Bool
    let isOwner: Bool
    let room: String
    let roomTitle: String

    /// Nil for a run that is about no event of a room.
    init?(_ run: Run) {
        guard let event = run.event else { return nil }
        switch event.payload {
        case .chat(let text, _): deed = .said(text)
        case .command(let name, let arguments): deed = .said("/\(name) \(arguments)")
        case .gif(let gif, let caption): deed = .showed(gif, caption: caption)
        case .join: deed = .entered
        case .exit: deed = .left
        default: deed = .other(event.kind.name)
        }
        person = event.person?.name
        isAdmin = event.person?.isAdmin ?? false
        isOwner = event.person.map { event.room?.record.owner?.id == $0.id.text } ?? false
        room = event.room?.id.text ?? "no room"
        roomTitle = event.room?.record.title ?? "Room"
    }

    package var description: String {
        let who = person ?? "somebody"
        let what =
            switch deed {
            case .said(let text): "\(who) said “\(text.prefix(200))”"
            case .showed(_, let caption): "\(who) showed a GIF\(caption.map { " “\($0.prefix(200))”" } ?? "")"
            case .entered: "\(who) entered"
            case .left: "\(who) left"
            case .other(let name): "\(name)\(person.map { " of \($0)" } ?? "")"
            }
        return "\(what) in \(room)"
    }
}
