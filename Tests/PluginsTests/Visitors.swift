import RoomEngine
import Testing

@testable import Plugins

extension TestWorld {
    /// Two people in a room.
    func couple() throws -> (ann: Visitor, bob: Visitor) {
        let (ann, bob) = (visitor(named: "Ann", seed: nil, isAdmin: false), visitor(named: "Bob", seed: nil, isAdmin: false))
        guard case .success(let room)? = room(NewRoom(title: "Room"), owner: nil) else { throw Unexpected("no room") }
        for person in [ann, bob] { join(room, person) }
        return (ann, bob)
    }

    func join(_ room: RoomID, _ visitor: Visitor) {
        perform(.join(.init(room: room)), by: visitor)
        visitor.rooms.append(room)
    }

    /// The console decides about what waits. Returns why that is not possible.
    func decide(_ id: String, _ isApproved: Bool, why: String = "") -> Refusal? {
        var answers: [Refusal?] = []
        if isApproved {
            engine.approve(id, by: "console") { answers.append($0) }
        } else {
            engine.refuse(id, why: why, by: "console") { answers.append($0) }
        }
        settle()
        #expect(answers.count == 1, "answered \(answers.count) times")
        return answers.first ?? nil
    }

    func say(_ text: String, _ visitor: Visitor) {
        guard let room = visitor.rooms.last else { return }
        perform(.chat(.init(room: room, text: text)), by: visitor)
    }
}

extension TestWorld.Visitor {
    /// The texts of the chat messages they have seen, in order.
    var chats: [String] {
        messages.compactMap { message in
            guard case .event(let event, _) = message, case .chat(_, let text, _) = event.body else { return nil }
            return text
        }
    }

    var notices: [String] {
        messages.compactMap { message in
            if case .notice(let notice) = message { notice.text.text } else { nil }
        }
    }

    var lastRefusal: Refusal? {
        if case .refused(_, let refusal)? = lastAnswer { refusal } else { nil }
    }
}
