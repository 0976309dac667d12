import RoomEngine

/// Somebody's browser tab or bot: one connection, and what it has been told.
final class Client {
    let record: PersonRecord
    let connection: ConnectionID
    private unowned let world: World

    var id: PersonID { record.id }
    var messages: [Message] { world.outbox.boxes[connection] ?? [] }

    init(_ record: PersonRecord, address: String = "127.0.0.1", in world: World) {
        self.record = record
        self.world = world
        connection = ConnectionID(world.nextNumber())
        world.engine.connect(connection, record, address: address, transport: "test", locale: "en")
        world.settle()
    }

    /// Another connection of the same person.
    func anotherTab() -> Client { Client(record, in: world) }

    func disconnect() {
        world.engine.disconnect(connection)
        world.settle()
    }

    /// Forgets what it was told, so that a test sees what comes next.
    func clear() { world.outbox.empty(connection) }

    // MARK: Asking

    /// Asks without waiting for anything.
    @discardableResult
    func send(_ command: Command) -> Reference {
        let reference = Reference.number(Int64(world.nextNumber()))
        world.engine.handle(Request(connection: connection, reference: reference, command: command))
        return reference
    }

    /// Asks, lets happen what can happen at once, and returns the answer if there is one.
    @discardableResult
    func ask(_ command: Command) -> Message? {
        let reference = send(command)
        world.settle()
        return answer(to: reference)
    }

    func answer(to reference: Reference) -> Message? { answers(to: reference).first }
    func answers(to reference: Reference) -> [Message] { messages.filter { $0.reference == reference } }

    @discardableResult
    func join(_ room: RoomID, password: String? = nil, seen: Position? = nil) -> Message? {
        ask(.join(.init(room: room, password: password, seen: seen)))
    }

    @discardableResult
    func say(_ text: String, in room: RoomID, cid: String? = nil) -> Message? {
        ask(.chat(.init(room: room, text: text, cid: cid)))
    }

    // MARK: What it has seen

    /// Events as they came, those of `joined` among them.
    var events: [Event] {
        messages.flatMap { message -> [Event] in
            switch message {
            case .event(let event, _): [event]
            case .joined(let joined): joined.events
            default: []
            }
        }
    }

    /// The messages of the room as a good client shows them: each by its number, as it is now.
    var view: [Int64: Event] {
        var view: [Int64: Event] = [:]
        for event in events {
            if event.isMessage { view[event.seq] = event }
            if let target = event.target { view[target]?.take(event) }
        }
        return view
    }

    @discardableResult
    func edit(_ seq: Int64, _ text: String, in room: RoomID, cid: String? = nil) -> Message? {
        ask(.edit(.init(room: room, of: seq, text: text, cid: cid)))
    }

    @discardableResult
    func delete(_ seq: Int64, in room: RoomID) -> Message? { ask(.delete(.init(room: room, of: seq))) }

    @discardableResult
    func react(_ seq: Int64, _ emoji: String, on: Bool = true, in room: RoomID) -> Message? {
        ask(.react(.init(room: room, of: seq, emoji: emoji, on: on)))
    }

    func history(before: Int64 = .max, limit: Int = 50, in room: RoomID) -> [Event] {
        if case .history(_, _, let events, _, _)? = ask(.history(room: room, before: before, limit: limit)) { events } else { [] }
    }

    /// What was said, in the order it came.
    var texts: [String] { events.compactMap(\.text) }
    var whispers: [Whisper] { messages.compactMap { if case .whisper(let whisper) = $0 { whisper } else { nil } } }
    var reviews: [Review] { messages.compactMap { if case .review(let review) = $0 { review } else { nil } } }
    var notices: [Notice] { messages.compactMap { if case .notice(let notice) = $0 { notice } else { nil } } }
    var bye: Closing? { messages.compactMap { if case .bye(let closing) = $0 { closing } else { nil } }.last }
    /// Where it is in the room, as its next join would say.
    var position: Position? {
        guard let epoch = messages.compactMap(\.joined).last?.epoch, let seq = events.last?.seq else { return nil }
        return Position(epoch: epoch, seq: seq)
    }
}

extension Message {
    var reference: Reference? {
        switch self {
        case .joined(let joined): joined.reference
        case .ok(let reference, _), .refused(let reference, _), .held(let reference, _), .history(let reference, _, _, _, _),
            .pong(let reference), .rooms(let reference, _), .created(let reference, _), .restrictions(let reference, _, _):
            reference
        default: nil
        }
    }

    var seq: Int64? { if case .ok(_, let seq) = self { seq } else { nil } }
    var isOK: Bool { if case .ok = self { true } else { false } }
    var refusal: Refusal? { if case .refused(_, let refusal) = self { refusal } else { nil } }
    var joined: Joined? { if case .joined(let joined) = self { joined } else { nil } }
}

extension Event {
    var text: String? {
        switch body {
        case .chat(_, let text, _): text
        case .system(let text, _, _): text.text
        default: nil
        }
    }

    /// `join ann`, `exit bob kicked`: who came and went.
    var movement: String? {
        switch body {
        case .join(let member, _): "join \(member.name)"
        case .exit(let member, _, let reason): "exit \(member.name) \(reason)"
        default: nil
        }
    }

    /// How many are in the room after it, if it says so.
    var count: Int? {
        switch body {
        case .join(_, let count), .exit(_, let count, _): count
        default: nil
        }
    }
}
