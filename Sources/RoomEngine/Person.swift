/// Somebody who is connected, or still in a room.
///
/// A class because connections, seats and plugins' handles mean the same person. Confined to the room loop.
package final class Person {
    package let id: PersonID
    /// Names the person in plugins' handles. Never used twice while the server runs.
    package let number: UInt64
    package internal(set) var name: String
    package let colorSeed: String
    package internal(set) var isAdmin: Bool
    /// What a bot may do; nil for a person.
    package let permissions: Set<BotPermission>?
    package internal(set) var locale: String
    package let createdAt: Int64
    package internal(set) var connections: [Connection] = []
    /// Rooms they have a seat in.
    package internal(set) var rooms: [RoomID] = []

    /// The plugins are being asked whether they are welcome.
    var isArriving = false
    var sending: TokenBucket
    /// Of being seen typing.
    var typing = TokenBucket(burst: 5, at: 0)
    /// Whether the journal has this record already.
    var isStored = false

    init(_ record: PersonRecord, number: UInt64, locale: String, sending: TokenBucket) {
        id = record.id
        name = record.name
        colorSeed = record.colorSeed
        isAdmin = record.isAdmin
        permissions = record.permissions
        createdAt = record.createdAt
        self.number = number
        self.locale = locale
        self.sending = sending
    }

    var record: PersonRecord {
        PersonRecord(id: id, name: name, colorSeed: colorSeed, isAdmin: isAdmin, permissions: permissions, createdAt: createdAt)
    }

    package var isBot: Bool { permissions != nil }
}

/// One way in that a person has open. Confined to the room loop.
package final class Connection {
    package let id: ConnectionID
    package let person: Person
    package let address: String
    package let transport: String
    package let since: Int64
    /// Rooms whose events it hears.
    package internal(set) var rooms: [RoomID] = []
    var watchesLobby = false
    /// Whether its person has been let in.
    var isWelcome = false
    /// Why its person was not.
    var refusal: Refusal?
    /// What it has asked for before that was decided.
    var early: [Request] = []
    /// It is about to be gone.
    var hearsNoMore = false

    init(id: ConnectionID, person: Person, address: String, transport: String, since: Int64) {
        self.id = id
        self.person = person
        self.address = address
        self.transport = transport
        self.since = since
    }
}

/// A person's seat in a room. Confined to the room loop.
package final class Member {
    package let person: Person
    package let color: String
    package let joinedAt: Int64
    /// False until the journal has their `join`.
    package internal(set) var isPresent = false
    /// The number of their `join`.
    package internal(set) var joined: Int64 = 0
    package internal(set) var connections: [Connection] = []
    /// Joins of their connections, to be answered once they are present.
    var waiting: [PendingJoin] = []
    /// How many of their joins wait for what the journal reads or plugins show of the past: as long as one does, they are not
    /// gone.
    var reading = 0
    /// What is to be done once the journal has answered their `join`.
    var afterJoin: [() -> Void] = []
    /// Runs while none of their connections is left.
    var grace: TimerID?
    /// Where the room was when their last connection was lost.
    var left: Position?
    /// Whispers and notices that came while none of their connections could hear them.
    private var unheard: [Message] = []
    /// Uptimes of their messages that are being stored.
    private var sending: [Int64] = []
    private var lastPublished: Int64?

    init(person: Person, color: String, joinedAt: Int64) {
        self.person = person
        self.color = color
        self.joinedAt = joinedAt
    }
}

extension Connection {
    /// It is one HTTP request, and hears nothing but the answer to it.
    var isPassing: Bool { transport == "http" }

    /// It is an HTTP request, one of many by which its person is here.
    var isRequest: Bool { ["http", "poll", "sse"].contains(transport) }
}

extension Member {
    /// Uptime of their last message that is published or may yet be, for slow mode.
    var lastSent: Int64? { sending.max() ?? lastPublished }

    func sends(at uptime: Int64) { sending.append(uptime) }

    /// The journal has answered about a message that was sent then. What is not published does not make its author wait.
    func hasSent(at uptime: Int64, isPublished: Bool) {
        if let index = sending.firstIndex(of: uptime) { sending.remove(at: index) }
        if isPublished { lastPublished = max(uptime, lastPublished ?? uptime) }
    }

    /// Keeps what nobody is there to hear. The oldest stay: they are what was said first.
    func keep(_ message: Message) {
        if connections.allSatisfy({ $0.isPassing || $0.hearsNoMore }), unheard.count < 100 { unheard.append(message) }
    }

    /// What was kept, to be told to a connection that hears it.
    func takeUnheard(for connection: Connection) -> [Message] {
        if connection.isPassing || connection.hearsNoMore { return [] }
        defer { unheard = [] }
        return unheard
    }

    func joinIsAnswered() {
        let actions = afterJoin
        afterJoin = []
        for action in actions { action() }
    }
}

/// A join that has not been answered.
struct PendingJoin {
    let connection: Connection
    let reference: Reference?
    let seen: Position?
    /// What was asked for; nil for a connection that comes back to a seat.
    let asked: Command.Join?
    /// Whether they have shown that they know the room's password.
    var knowsPassword = false

    /// Whether somebody comes back to the room, and not for the first time.
    func isReturn(to room: Room) -> Bool { seen?.epoch == room.record.epoch }
}
