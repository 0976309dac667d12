import JSONText
import RoomEngine

/// The answer to a long-polling request: what has happened since, at once or when something does.
struct LongPoll: Sendable {
    var room: RoomID
    var epoch: String
    /// The position to ask from next.
    var seq: Int64
    var reset: Bool
    var events: [Event]
    /// Whispers and notices, which have no number.
    var messages: [Message]
}

extension JSONWriter {
    mutating func longPoll(_ poll: LongPoll) {
        object { json in
            json.field("type", "events")
            json.field("room", poll.room.text)
            json.field("epoch", poll.epoch)
            json.field("seq", poll.seq)
            json.field("reset", poll.reset)
            json.name("events")
            json.array { for event in poll.events { $0.message(.event(event, epoch: poll.epoch)) } }
            json.name("messages")
            json.array { for message in poll.messages { $0.message(message) } }
        }
    }
}

/// Gathers what a long-polling request is answered with. Confined to the room loop.
final class LongPollListener {
    enum Outcome: Sendable {
        case poll(LongPoll)
        /// To somebody who said no position: the room as it is.
        case joined(Joined)
        case refused(Refusal)
        /// A moderator decides: to be asked again.
        case held(Message)
    }

    private let room: RoomID
    private let wait: Int64
    private let hasPosition: Bool
    private let done: (Outcome) -> Void
    private var answer: LongPoll?
    private var isEnding = false
    private var isCancelled = false
    private var listener: Listener?

    /// - Parameter wait: milliseconds
    init(room: RoomID, wait: Int64, hasPosition: Bool, done: @escaping (Outcome) -> Void) {
        self.room = room
        self.wait = wait
        self.hasPosition = hasPosition
        self.done = done
    }

    func hear(_ message: Message, _ listener: Listener) {
        self.listener = listener
        switch message {
        case .joined(let joined): begin(joined, listener)
        case .refused(_, let refusal): end(.refused(refusal), listener)
        case .held: end(.held(message), listener)
        case .event(let event, _):
            answer?.events.append(event)
            answer?.seq = event.seq
            endSoon(listener)
        case .whisper, .notice, .checking, .settings, .review, .reviewed, .bye:
            answer?.messages.append(message)
            endSoon(listener)
        default: break
        }
    }

    private func begin(_ joined: Joined, _ listener: Listener) {
        guard hasPosition else { return end(.joined(joined), listener) }
        answer = LongPoll(
            room: room, epoch: joined.epoch, seq: joined.seq, reset: joined.reset, events: joined.events, messages: [])
        if joined.reset || !joined.events.isEmpty || wait == 0 || isCancelled { return endSoon(listener) }
        listener.engine.after(wait) { [self] in finish(listener) }
    }

    /// At the end of the turn: what comes together is answered together.
    private func endSoon(_ listener: Listener) {
        guard !isEnding else { return }
        isEnding = true
        listener.engine.after(0) { [self] in finish(listener) }
    }

    /// Nobody waits any more.
    func cancel() {
        isCancelled = true
        if let listener { finish(listener) }
    }

    /// Answers with what there is.
    func finish(_ listener: Listener) {
        if let answer { end(.poll(answer), listener) }
    }

    private func end(_ outcome: Outcome, _ listener: Listener) {
        answer = nil
        self.listener = nil
        listener.end()
        done(outcome)
    }
}
