import RoomEngine
import Testing

/// A server without sockets, disks and clocks: the real engine, and around it parts that do what a test tells them.
final class World {
    let clock = VirtualClock()
    let journal = TestJournal()
    let outbox = Mailboxes()
    let passwords = PlainPasswords()
    let hooks = ScriptedHooks()
    let limits: Limits
    private(set) var engine: Engine
    private var lastNumber: UInt64 = 0

    /// A person may send as fast as they like here, unless `change` says otherwise.
    init(limits change: (inout Limits) -> Void = { _ in }) {
        var limits = Limits()
        limits.rate = 0
        change(&limits)
        self.limits = limits
        engine = Self.makeEngine(limits, clock, journal, outbox, passwords, hooks)
    }

    private static func makeEngine(
        _ limits: Limits, _ clock: VirtualClock, _ journal: TestJournal, _ outbox: Mailboxes, _ passwords: PlainPasswords, _ hooks: ScriptedHooks
    ) -> Engine {
        let engine = Engine(
            limits: limits, clock: clock, random: SeededGenerator(seed: 1), journal: journal, outbox: outbox, passwords: passwords)
        engine.hooks = hooks
        return engine
    }

    func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    // MARK: What there is

    /// A room that stays.
    @discardableResult
    func room(_ id: RoomID, max: Int = 10, password: String? = nil, permanent: Bool = true) -> RoomID {
        engine.create(NewRoom(title: id.text, max: max, password: password, permanent: permanent), id: id, owner: nil) { _ in }
        settle()
        return id
    }

    /// Somebody with one connection.
    func visitor(_ name: String, isAdmin: Bool = false, address: String? = nil) -> Client {
        let record = PersonRecord(
            id: PersonID("u_\(name)"), name: name, colorSeed: "seed of \(name)", isAdmin: isAdmin, createdAt: clock.now.wall)
        return Client(record, address: address ?? "address of \(name)", in: self)
    }

    /// Somebody who is in the room already.
    func member(_ name: String, of room: RoomID, isAdmin: Bool = false) -> Client {
        let client = visitor(name, isAdmin: isAdmin)
        client.join(room)
        return client
    }

    func stored(_ room: RoomID) -> [Event] { journal.contents.rooms[room]?.events ?? [] }

    // MARK: What happens

    /// Lets everything happen that is due, but for what the journal, the passwords or the hooks hold back.
    func settle() {
        repeat {
            engine.runTimers()
            engine.finishTurn()
            journal.deliver(to: engine)
            passwords.deliver(to: engine)
        } while hasWork
    }

    private var hasWork: Bool {
        (!journal.isHeld && (!journal.isIdle || !engine.isSettled)) || (!passwords.isHeld && !passwords.asked.isEmpty)
            || engine.nextTimer.map { $0 <= clock.now.uptime } ?? false
    }

    /// Lets time go by: everything that is due happens at its time.
    func advance(seconds: Double) {
        let end = clock.now.uptime + Int64(seconds * 1_000)
        while let next = engine.nextTimer, next <= end {
            clock.advance(to: next)
            settle()
        }
        clock.advance(to: end)
        settle()
    }

    // MARK: The console decides

    func approve(_ id: String) -> Refusal? { decide { engine.approve(id, by: "console", then: $0) } }
    func refuse(_ id: String, why: String) -> Refusal? { decide { engine.refuse(id, why: why, by: "console", then: $0) } }
    func closeReport(_ id: String) -> Refusal? { decide { engine.closeReport(id, then: $0) } }

    /// Lets happen what follows. Returns why it was not possible.
    private func decide(_ act: (@escaping (Refusal?) -> Void) -> Void) -> Refusal? {
        var answers: [Refusal?] = []
        act { answers.append($0) }
        settle()
        #expect(answers.count == 1, "answered \(answers.count) times")
        return answers.first ?? nil
    }

    /// The process dies and starts anew with what the journal has. Connections are gone.
    func restart() {
        journal.crash()
        outbox.forgetAll()
        passwords.asked = []
        hooks.waiting = []
        engine = Self.makeEngine(limits, clock, journal, outbox, passwords, hooks)
        engine.restore(journal.snapshot)
        settle()
    }
}

/// Time that stands still until it is told to go on.
final class VirtualClock: Clock {
    private(set) var now = Instant(wall: 1_790_000_000_000, uptime: 0)

    func advance(to uptime: Int64) {
        guard uptime > now.uptime else { return }
        now = Instant(wall: now.wall + uptime - now.uptime, uptime: uptime)
    }

    /// Somebody sets the machine's clock.
    func set(wallAheadBy milliseconds: Int64) { now.wall += milliseconds }
}

/// A generator whose numbers follow from a seed (SplitMix64, Steele et al. 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Keeps what is said to each connection.
final class Mailboxes: Outbox {
    private(set) var boxes: [ConnectionID: [Message]] = [:]
    private(set) var topics: [Topic: [ConnectionID]] = [:]

    func send(_ message: Message, to connection: ConnectionID) { boxes[connection, default: []].append(message) }
    func publish(_ message: Message, to topic: Topic) {
        for connection in topics[topic] ?? [] { boxes[connection, default: []].append(message) }
    }
    func attach(_ connection: ConnectionID, to topic: Topic) { topics[topic, default: []].append(connection) }
    func detach(_ connection: ConnectionID, from topic: Topic) { topics[topic]?.removeAll { $0 == connection } }
    func close(_ connection: ConnectionID, _ closing: Closing) { send(.bye(closing), to: connection) }
    func forgetAll() { topics = [:] }
    func empty(_ connection: ConnectionID) { boxes[connection] = [] }
}

/// Compares passwords without the cost, at once or when a test says so.
final class PlainPasswords: Passwords {
    enum Question {
        case hash(UInt64, String)
        case verify(UInt64, Bool)
    }

    var isHeld = false
    var asked: [Question] = []

    func hash(_ password: String, _ token: UInt64) { asked.append(.hash(token, "hash of \(password)")) }
    func verify(_ password: String, against hash: String, _ token: UInt64) {
        asked.append(.verify(token, hash == "hash of \(password)"))
    }

    func deliver(to engine: Engine) {
        if isHeld { return }
        let questions = asked
        asked = []
        for question in questions {
            switch question {
            case .hash(let token, let hash): engine.hashed(token, hash)
            case .verify(let token, let isRight): engine.verified(token, isRight)
            }
        }
    }
}

/// Plugins that decide as the test says.
final class ScriptedHooks: Hooks {
    /// Decides; nil leaves the event waiting until it is answered.
    var rule: (HookEvent) -> Decision? = { _ in Decision(.pass) }
    var command: (HookEvent) -> (Refusal?, [Effect]) = { _ in (Refusal(.notFound, "There is no such command."), []) }
    var waiting: [(event: HookEvent, then: (Decision) -> Void)] = []
    private(set) var happened: [HookEvent] = []

    func decide(_ event: HookEvent, then: @escaping (Decision) -> Void) {
        if let decision = rule(event) { then(decision) } else { waiting.append((event, then)) }
    }
    func happened(_ event: HookEvent) { happened.append(event) }
    func perform(_ command: HookEvent, then: @escaping (Refusal?, [Effect]) -> Void) {
        let (refusal, effects) = self.command(command)
        then(refusal, effects)
    }
    func commands(in room: Room, for role: Role) -> [CommandInfo] { [] }

    /// Decides about the event that has waited longest.
    func answer(_ decision: Decision = Decision(.pass)) {
        if !waiting.isEmpty { waiting.removeFirst().then(decision) }
    }
}
