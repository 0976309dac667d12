/// Rooms and the people in them.
///
/// The engine has no I/O, no clock and no thread: it is told what happens (``connect(_:_:address:transport:locale:)``,
/// ``handle(_:)``, ``committed(_:_:)`` …) and says what is to be done through the protocols it is given. One call after
/// another, on one thread: the room loop. Given the same calls, the same times and the same random numbers it does the same.
///
/// A call may leave writes to be stored; whoever calls ends its turn with ``finishTurn()``.
package final class Engine {
    package let limits: Limits
    package var hooks: any Hooks = NoHooks()
    package let clock: any Clock
    let journal: any Journal
    let outbox: any Outbox
    let passwords: any Passwords
    var generator: any RandomNumberGenerator

    package internal(set) var people: [PersonID: Person] = [:]
    package internal(set) var rooms: [RoomID: Room] = [:]
    package internal(set) var connections: [ConnectionID: Connection] = [:]
    var peopleByNumber: [UInt64: Person] = [:]
    var roomsByNumber: [UInt64: Room] = [:]
    var timers = Timers()
    /// Password attempts of a person or an address.
    var attempts: [String: TokenBucket] = [:]
    /// Rooms the lobby has not heard of since they changed.
    var changedRooms: Set<RoomID> = []
    var isDraining = false
    /// Messages and whispers that wait for a moderator, and people who knock.
    var held: [String: HeldMessage] = [:]
    var heldWhispers: [String: HeldWhisper] = [:]
    var knocks: [String: Knock] = [:]
    /// What people have reported and nobody has closed yet.
    package internal(set) var reports: [String: Report] = [:]
    /// What operators took out and may still put back, the oldest first.
    var undoable: [Undo] = []
    /// Files that nothing shows any more and that an undo may want back.
    var parkedFiles: Set<String> = []
    /// People who are being erased, or have been since the start: nothing of theirs is to be kept again.
    var erased: Set<PersonID> = []
    /// Removes files that nothing shows any more.
    package var removeFiles: ([String]) -> Void = { _ in }

    /// By how much the wall clock was ahead of the other one, and since which uptime, if it was set meanwhile.
    var wallOffset: (value: Int64, since: Int64?)

    private var lastNumber: UInt64 = 0
    /// What waits for an answer from outside, by its token.
    private var answers: [UInt64: (Answer) -> Void] = [:]
    private let staging: Staging

    enum Answer {
        case events(Result<[Event], Refusal>)
        case hash(String?)
        case verified(Bool)
    }

    package init(
        limits: Limits, clock: any Clock, random: any RandomNumberGenerator, journal: any Journal, outbox: any Outbox,
        passwords: any Passwords
    ) {
        self.limits = limits
        self.clock = clock
        generator = random
        self.journal = journal
        self.outbox = outbox
        self.passwords = passwords
        staging = Staging(journal: journal, batch: limits.batch)
        wallOffset = (clock.now.wall - clock.now.uptime, nil)
    }

    /// A random whole number, of the source that the engine was given.
    package func random(in range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &generator) }

    var now: Int64 { clock.now.wall }
    var uptime: Int64 { clock.now.uptime }

    /// A number that has not been given out before.
    func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    package func person(number: UInt64) -> Person? { peopleByNumber[number] }
    package func room(number: UInt64) -> Room? { roomsByNumber[number] }

    // MARK: What comes in

    /// Carries out what a connection asks for. A connection that is gone is not answered.
    package func handle(_ request: Request) {
        guard let connection = connections[request.connection], isWelcome(connection, request) else { return }
        let reference = request.reference
        if let refusal = connection.person.permissions.flatMap(request.command.refusal(to:)) { return refuse(connection, reference, refusal) }
        switch request.command {
        case .join(let join): self.join(join, connection, reference)
        case .comeBack: comeBack(connection)
        case .exit(let room): exit(room, connection, reference)
        case .chat(let chat): send(chat, connection, reference)
        case .gif(let upload): send(upload, connection, reference)
        case .whisper(let room, let to, let text, let cid): whisper(room, to, text, cid: cid, connection, reference)
        case .edit(let edit): self.edit(edit, connection, reference)
        case .delete(let deletion): delete(deletion, connection, reference)
        case .react(let reaction): react(reaction, connection, reference)
        case .report(let complaint): report(complaint, connection, reference)
        case .history(let room, let before, let limit): history(room, before, limit, connection, reference)
        case .name(let name): rename(name, connection, reference)
        case .typing(let room, let on): typing(room, on, connection)
        case .lobby(let watch): lobby(watch, connection, reference)
        case .ping: outbox.send(.pong(reference), to: connection.id)
        case .create(let wanted): create(wanted, connection, reference)
        case .remove(let room): remove(room, connection, reference)
        case .moderate(let kind, let room, let person, let seconds, let reason):
            let by = Actor.person(connection.person.id)
            moderate(Moderation(kind, room: room, person: person, seconds: seconds, reason: reason, by: by), connection, reference)
        case .pardon(let kind, let room, let person): pardon(kind, person, in: room, connection, reference)
        case .restrictions(let room): restrictions(in: room, connection, reference)
        case .role(let role, let room, let person): give(role, to: person, in: room, connection, reference)
        case .set(let room, let change): set(change, of: room, connection, reference)
        case .review(let room, let id, let isApproved, let why): review(id, in: room, isApproved, why, connection, reference)
        }
    }

    func refuse(_ connection: Connection, _ reference: Reference?, _ refusal: Refusal) {
        outbox.send(.refused(reference, refusal), to: connection.id)
    }

    // MARK: Time

    /// The uptime at which ``runTimers()`` has something to do.
    package var nextTimer: Int64? { timers.next }

    package func runTimers() {
        while let action = timers.take(at: uptime) { action() }
    }

    /// Runs `action` after so many milliseconds.
    @discardableResult
    package func after(_ milliseconds: Int64, _ action: @escaping () -> Void) -> TimerID {
        timers.set(at: uptime + milliseconds, action)
    }

    package func cancel(_ timer: TimerID) { timers.cancel(timer) }

    // MARK: Storing

    /// Stores the writes, together or not at all, with what else this turn stores; then says how it went.
    func stage(_ unit: JournalUnit, then: @escaping (CommitResult) -> Void) { staging.add(unit, then: then) }

    /// Stores what must not be lost: tries until the journal takes it. What follows of its room waits or fails meanwhile, so
    /// that the journal has everything in the order in which it happened.
    package func stageForSure(_ unit: JournalUnit, then: @escaping ([Int64]) -> Void = { _ in }) {
        staging.addForSure(unit) { result in
            if case .stored(let seqs) = result { then(seqs) } else { then([]) }
        }
    }

    /// Ends a turn: hands what it has staged to the journal, or has it wait until the journal has answered what it got before.
    /// - Parameter mayStore: false if the journal is to get nothing now
    package func finishTurn(mayStore: Bool = true) { staging.finishTurn(mayStore) }

    /// The journal has answered.
    package func committed(_ batch: UInt64, _ results: [CommitResult]) {
        // What could not be stored has its second, and goes with the next batch then.
        if staging.committed(batch, results) { after(1_000) { [self] in staging.tryAgain() } }
    }

    /// Whether something of the room must be stored that could not be yet: then nothing else of it can be.
    func isLate(_ room: Room) -> Bool { staging.isLate(room.id) }

    /// Whether everything that was staged has been answered.
    package var isSettled: Bool { staging.isSettled }

    /// Whether something must be stored that could not be yet.
    package var isLate: Bool { staging.isLate }

    // MARK: Answers from outside

    private func expect(_ then: @escaping (Answer) -> Void) -> UInt64 {
        let token = nextNumber()
        answers[token] = then
        return token
    }

    package func find(_ query: EventQuery, then: @escaping (Result<[Event], Refusal>) -> Void) {
        let token = expect { if case .events(let result) = $0 { then(result) } }
        journal.find(token, query)
    }

    func hash(_ password: String, then: @escaping (String?) -> Void) {
        let token = expect { if case .hash(let hash) = $0 { then(hash) } }
        passwords.hash(password, token)
    }

    func verify(_ password: String, against hash: String, then: @escaping (Bool) -> Void) {
        let token = expect { if case .verified(let isRight) = $0 { then(isRight) } }
        passwords.verify(password, against: hash, token)
    }

    /// The journal has looked events up; nil if it could not.
    package func found(_ query: UInt64, _ events: [Event]?) {
        let refusal = Refusal(.unavailable, "The room's history cannot be read now.")
        answers.removeValue(forKey: query)?(.events(events.map(Result.success) ?? .failure(refusal)))
    }

    /// A password has been hashed; nil if that was too much at once.
    package func hashed(_ token: UInt64, _ hash: String?) { answers.removeValue(forKey: token)?(.hash(hash)) }

    package func verified(_ token: UInt64, _ isRight: Bool) { answers.removeValue(forKey: token)?(.verified(isRight)) }
}
