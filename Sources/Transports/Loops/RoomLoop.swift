import Foundation
import NIOCore
import RoomEngine

/// The thread on which the rooms and the plugins live.
///
/// Work comes in batches from the network loops, and as single calls from everywhere else. When everything that has come
/// is done, the turn ends: what is to be stored goes to the journal, what has been said goes to the network loops. While
/// those have a full ``Backlog``, what comes from them waits, and so does what is to be stored.
package final class RoomLoop: Sendable {
    /// What lives on the loop.
    private final class Resident {
        let engine: Engine
        let outbox: LoopOutbox
        /// What network loops have read and nobody has looked at yet.
        var inbox = CircularBuffer<Inbound>()
        var isEnding = false
        var timer: (deadline: Int64, task: Scheduled<Void>)?
        var lastAsked: UInt64 = 0

        init(engine: Engine, outbox: LoopOutbox) {
            self.engine = engine
            self.outbox = outbox
        }

        /// For a connection that is on no network loop.
        func nextConnection() -> ConnectionID {
            lastAsked += 1
            return ConnectionID(loop: 0xFF, serial: lastAsked)
        }
    }

    package let loop: any EventLoop
    private let resident: NIOLoopBoundBox<Resident?>
    private let backlog = Backlog()
    /// What is taken out of the inbox in a turn, so that a turn is short.
    private static let mostInTurn = 2_000

    package init(on loop: any EventLoop) {
        self.loop = loop
        resident = NIOLoopBoundBox.makeBoxSendingValue(nil, eventLoop: loop)
    }

    /// Makes the engine, on the loop. Nothing may be submitted before.
    func start(
        formats: [any MessageFormat], outlets: [@Sendable (OutletBatch) -> Void], make: @escaping @Sendable (LoopOutbox) -> Engine
    ) async throws {
        try await loop.submit { [resident, backlog] in
            let outbox = LoopOutbox(formats: formats, outlets: outlets, backlog: backlog)
            resident.value = Resident(engine: make(outbox), outbox: outbox)
        }.get()
    }

    // MARK: Ways in

    /// What a network loop has read in a turn.
    package func submit(_ batch: [Inbound]) {
        enter { resident in
            resident.inbox.append(contentsOf: batch)
            self.read(resident)
        }
    }

    /// So much of what was handed over has been written; if the room loop waits for that, it goes on.
    func written(_ bytes: Int) {
        if backlog.remove(bytes) { enter { self.read($0) } }
    }

    private func read(_ resident: Resident) {
        for _ in 0..<Self.mostInTurn {
            guard !backlog.isFull, let inbound = resident.inbox.popFirst() else { return }
            switch inbound {
            case .connect(let id, let person, let address, let transport, let locale, let format):
                resident.outbox.add(id, format: format)
                resident.engine.connect(id, person, address: address, transport: transport, locale: locale)
            case .request(let request):
                resident.engine.handle(request)
            case .disconnect(let id):
                resident.engine.disconnect(id)
                resident.outbox.remove(id)
            }
        }
    }

    /// Calls the engine from another thread.
    package func enter(_ body: @escaping @Sendable (Engine) -> Void) {
        enter { (resident: Resident) in body(resident.engine) }
    }

    /// Asks the engine something from another thread.
    package func ask<Answer: Sendable>(_ body: @escaping @Sendable (Engine) -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in
            enter { (resident: Resident) in continuation.resume(returning: body(resident.engine)) }
        }
    }

    /// Asks something that is answered later. `body` must see to it that its second argument is called, once.
    package func await<Answer: Sendable>(_ body: @escaping @Sendable (Engine, @escaping (Answer) -> Void) -> Void) async -> Answer {
        await withCheckedContinuation { continuation in
            enter { (resident: Resident) in body(resident.engine) { continuation.resume(returning: $0) } }
        }
    }

    /// Carries out one command for a person who sends by an HTTP request, and returns the answer.
    package func perform(_ command: Command, for person: PersonRecord, address: String, locale: String) async -> Message {
        await withCheckedContinuation { continuation in
            enter { resident in
                var isAnswered = false
                let listener = Listener(resident.engine, resident.outbox, resident.nextConnection()) { message, listener in
                    if isAnswered || message.isMerelyTold { return }
                    isAnswered = true
                    continuation.resume(returning: message)
                    listener.end()
                }
                listener.begin(person, address: address, transport: "http", locale: locale, [command])
            }
        }
    }

    /// Carries out a command that has no answer.
    package func tell(_ command: Command, for person: PersonRecord, address: String, locale: String) {
        enter { resident in
            let listener = Listener(resident.engine, resident.outbox, resident.nextConnection()) { _, _ in }
            listener.begin(person, address: address, transport: "http", locale: locale, [command])
            listener.end()
        }
    }

    /// Opens a connection for an HTTP request that goes on, and carries out the commands. `make` is called on the loop, and
    /// what it returns gets, there too, everything that is said to the connection until that ends.
    package func listen(
        _ commands: [Command], for person: PersonRecord, address: String, transport: String, locale: String,
        make: @escaping @Sendable () -> (Message, Listener) -> Void
    ) {
        enter { resident in
            let listener = Listener(resident.engine, resident.outbox, resident.nextConnection(), make())
            listener.begin(person, address: address, transport: transport, locale: locale, commands)
        }
    }

    /// What the outbox has done so far.
    package func traffic() async -> (published: Int, delivered: Int, turns: Int) {
        await withCheckedContinuation { continuation in
            enter { resident in continuation.resume(returning: (resident.outbox.published, resident.outbox.delivered, resident.outbox.turns)) }
        }
    }

    private func enter(_ body: @escaping @Sendable (Resident) -> Void) {
        loop.execute { [self] in
            guard let resident = resident.value else { return }
            body(resident)
            endTurn(resident)
        }
    }

    // MARK: Turns

    /// Ends the turn when everything that has come by now is done.
    private func endTurn(_ resident: Resident) {
        if resident.isEnding { return }
        resident.isEnding = true
        loop.execute { [self] in
            guard let resident = self.resident.value else { return }
            resident.isEnding = false
            resident.engine.runTimers()
            resident.engine.finishTurn(mayStore: !backlog.isFull)
            resident.outbox.flush()
            setTimer(resident)
            if !resident.inbox.isEmpty, !backlog.isFull { enter { self.read($0) } }
        }
    }

    private func setTimer(_ resident: Resident) {
        let next = resident.engine.nextTimer
        if next == resident.timer?.deadline { return }
        resident.timer?.task.cancel()
        resident.timer = nil
        guard let next else { return }
        let wait = max(0, next - resident.engine.clock.now.uptime)
        let task = loop.scheduleTask(in: .milliseconds(wait)) { [self] in
            guard let resident = self.resident.value else { return }
            resident.timer = nil
            endTurn(resident)
        }
        resident.timer = (next, task)
    }
}

extension Message {
    /// Whether it is told to a connection of its own accord, and so does not answer the command that is under way. That goes for
    /// the farewell of a server that ends, too: what it has begun it still carries out, and answers.
    fileprivate var isMerelyTold: Bool {
        switch self {
        case .welcome, .event, .whisper, .notice, .typing, .roomAdded, .roomChanged, .roomRemoved, .bye: true
        default: false
        }
    }
}

/// The machine's clocks.
package final class SystemClock: Clock {
    package init() {}

    package var now: Instant {
        Instant(
            wall: Int64(Date().timeIntervalSince1970 * 1_000), uptime: Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000))
    }
}
