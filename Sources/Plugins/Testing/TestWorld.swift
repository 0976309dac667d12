import JSONText
import RoomEngine

/// A server without sockets, disks or clocks, for plugins' tests: the real engine and the real plugin host in virtual time.
///
/// Given the same seed, the same things happen in it. Confined to one thread.
package final class TestWorld {
    /// Time that stands still until it is told to go on.
    final class VirtualClock: Clock {
        var now = Instant(wall: 1_790_000_000_000, uptime: 0)
    }

    /// A generator whose numbers follow from a seed (SplitMix64, Steele et al. 2014).
    struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    /// Somebody in the test, and everything they have been told.
    final class Visitor {
        fileprivate(set) var connection = ConnectionID(0)
        let record: PersonRecord
        let locale: String
        var messages: [Message] = []
        /// The answer to what they did last, and the id that `why` knows it by.
        var lastAnswer: Message?
        var rooms: [RoomID] = []

        init(record: PersonRecord, locale: String) {
            self.record = record
            self.locale = locale
        }
    }

    /// Gives each visitor what is said to them.
    private final class Mailboxes: Outbox {
        var visitors: [ConnectionID: Visitor] = [:]
        var topics: [Topic: [ConnectionID]] = [:]

        func send(_ message: Message, to connection: ConnectionID) { visitors[connection]?.take(message) }
        func publish(_ message: Message, to topic: Topic) {
            for connection in topics[topic] ?? [] { visitors[connection]?.take(message) }
        }
        func attach(_ connection: ConnectionID, to topic: Topic) { topics[topic, default: []].append(connection) }
        func detach(_ connection: ConnectionID, from topic: Topic) { topics[topic]?.removeAll { $0 == connection } }
        func close(_ connection: ConnectionID, _ closing: Closing) { visitors[connection]?.take(.bye(closing)) }
    }

    /// Compares passwords without the cost.
    private final class PlainPasswords: Passwords {
        weak var engine: Engine?
        func hash(_ password: String, _ token: UInt64) { engine?.after(0) { [engine] in engine?.hashed(token, password) } }
        func verify(_ password: String, against hash: String, _ token: UInt64) {
            engine?.after(0) { [engine] in engine?.verified(token, password == hash) }
        }
    }

    private(set) var engine: Engine
    private(set) var host: PluginHost
    let clock = VirtualClock()
    let requests = ScriptedRequests()
    let gifs = GivenGIFs()
    private let journal: any TestJournal
    private let mailboxes = Mailboxes()
    private let passwords = PlainPasswords()
    private var count: UInt64 = 0
    private let lines = Lines()
    private let settings = Settings()
    private let surroundings: PluginHost.Surroundings

    /// A class because the plugins' log is written before the world is whole.
    private final class Lines { var all: [String] = [] }

    /// What an operator has set. A class for the same reason.
    private final class Settings { var all: [PluginID: [String: JSONValue]] = [:] }

    /// What was logged.
    var log: [String] { lines.all }
    func note(_ line: String) { lines.all.append(line) }

    package init(journal: any TestJournal, seed: UInt64, surroundings make: (@escaping (String) -> Void) -> PluginHost.Surroundings) {
        self.journal = journal
        var surroundings = make { [lines] in lines.all.append($0) }
        surroundings.stored = { journal.store(of: $0) }
        surroundings.scheduled = { journal.schedules(of: $0) }
        surroundings.keptSettings = { [settings] in settings.all[$0] ?? [:] }
        surroundings.keepSetting = { [settings] id, name, value in settings.all[id, default: [:]][name] = value }
        surroundings.requests = requests
        surroundings.gifs = gifs
        self.surroundings = surroundings
        (engine, host) = Self.start(clock, SeededGenerator(state: seed), journal, mailboxes, passwords, surroundings)
        requests.engine = engine
    }

    private static func start(
        _ clock: VirtualClock, _ random: SeededGenerator, _ journal: any TestJournal, _ mailboxes: Mailboxes, _ passwords: PlainPasswords,
        _ surroundings: PluginHost.Surroundings
    ) -> (Engine, PluginHost) {
        var limits = Limits()
        limits.rate = 0
        let engine = Engine(limits: limits, clock: clock, random: random, journal: journal, outbox: mailboxes, passwords: passwords)
        passwords.engine = engine
        let host = PluginHost(engine: engine, surroundings: surroundings)
        engine.hooks = host
        return (engine, host)
    }

    // MARK: Life

    /// Loads a plugin anew.
    func reload(_ id: PluginID) -> Result<Plugin, PluginProblem>? {
        defer { settle() }
        return host.plugins[id].map { host.load(PluginFiles(path: $0.files.path) ?? $0.files) }
    }

    /// The server is killed, and starts again after so long with what the journal has. Everyone connects again.
    func restart(after milliseconds: Int64) {
        settle()
        let plugins = host.plugins.values.map { PluginFiles(path: $0.files.path) ?? $0.files }.sorted { $0.id.text < $1.id.text }
        clock.now.wall += milliseconds
        clock.now.uptime += milliseconds
        let visitors = mailboxes.visitors.values.sorted { $0.connection.number < $1.connection.number }
        mailboxes.visitors = [:]
        mailboxes.topics = [:]
        let seed = UInt64(bitPattern: engine.random(in: .min ... .max))
        (engine, host) = Self.start(clock, SeededGenerator(state: seed), journal, mailboxes, passwords, surroundings)
        requests.engine = engine
        for files in plugins { host.load(files) }
        engine.restore(journal.snapshot)
        settle()
        for visitor in visitors { connect(visitor) }
    }

    private func connect(_ visitor: Visitor) {
        count += 1
        visitor.connection = ConnectionID(count)
        visitor.rooms = []
        mailboxes.visitors[visitor.connection] = visitor
        engine.connect(visitor.connection, visitor.record, address: "127.0.0.1", transport: "test", locale: visitor.locale)
        settle()
    }

    // MARK: What happens

    func visitor(named name: String, seed: String?, isAdmin: Bool, locale: String = "en") -> Visitor {
        count += 1
        let record = PersonRecord(
            id: PersonID("u_\(name.lowercased())\(count)"), name: name, colorSeed: seed ?? "seed-\(count)", isAdmin: isAdmin,
            createdAt: clock.now.wall)
        let visitor = Visitor(record: record, locale: locale)
        connect(visitor)
        return visitor
    }

    func room(_ wanted: NewRoom, owner: Visitor?) -> Result<RoomID, Refusal>? {
        var answer: Result<RoomID, Refusal>?
        let by = owner.map { Actor.person($0.record.id) } ?? .console
        engine.create(wanted, owner: owner.flatMap { engine.people[$0.record.id] }, by: by) { answer = $0.map(\.id) }
        settle()
        return answer
    }

    /// Has a visitor do something, and waits until everything that follows from it at once has happened.
    func perform(_ command: Command, by visitor: Visitor) {
        count += 1
        visitor.lastAnswer = nil
        engine.handle(Request(connection: visitor.connection, reference: .number(Int64(count)), command: command))
        settle()
    }

    func disconnect(_ visitor: Visitor) {
        engine.disconnect(visitor.connection)
        settle()
    }

    /// Lets time go by: everything that is due happens at its time.
    func advance(milliseconds: Int64) {
        let end = clock.now.uptime + milliseconds
        while let next = engine.nextTimer, next <= end {
            let step = max(0, next - clock.now.uptime)
            clock.now.wall += step
            clock.now.uptime += step
            engine.runTimers()
            settle()
        }
        clock.now.wall += end - clock.now.uptime
        clock.now.uptime = end
        settle()
    }

    func settle() {
        repeat {
            engine.runTimers()
            engine.finishTurn()
            journal.deliver(to: engine)
        } while !journal.isIdle || !engine.isSettled || (engine.nextTimer.map { $0 <= clock.now.uptime } ?? false)
    }
}

/// A journal in memory that answers when it is told to.
package protocol TestJournal: Journal {
    var isIdle: Bool { get }
    func deliver(to engine: Engine)
    /// What a server that starts with it finds.
    var snapshot: Snapshot { get }
    func store(of plugin: PluginID) -> [StoreChange]
    func schedules(of plugin: PluginID) -> [ScheduleChange]
}

extension TestWorld.Visitor {
    fileprivate func take(_ message: Message) {
        switch message {
        case .ok, .refused, .held, .joined: lastAnswer = message
        default: break
        }
        messages.append(message)
    }
}
