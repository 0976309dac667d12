/// What is kept of a person.
package struct PersonRecord: Sendable, Equatable {
    package var id: PersonID
    package var name: String
    /// Random, and unrelated to the id and to the secret: colours are made from it.
    package var colorSeed: String
    package var isAdmin: Bool
    /// What a bot may do; nil for a person. Not kept in the journal: the bot's token says it.
    package var permissions: Set<BotPermission>?
    package var createdAt: Int64

    package init(
        id: PersonID, name: String, colorSeed: String, isAdmin: Bool = false, permissions: Set<BotPermission>? = nil, createdAt: Int64
    ) {
        self.id = id
        self.name = name
        self.colorSeed = colorSeed
        self.isAdmin = isAdmin
        self.permissions = permissions
        self.createdAt = createdAt
    }
}

/// What is kept of a room, beside its events.
package struct RoomRecord: Sendable, Equatable {
    package var id: RoomID
    package var title: String
    package var max: Int
    package var passwordHash: String?
    package var topic: String
    /// Seconds between two messages of one person.
    package var slow: Int
    package var owner: MemberInfo?
    package var permanent: Bool
    package var locked: Bool
    /// Words by which plugins and operators know kinds of rooms.
    package var tags: [String]
    package var createdAt: Int64
    /// New whenever the sequence cannot be continued.
    package var epoch: String

    package init(
        id: RoomID, title: String, max: Int, passwordHash: String?, topic: String, slow: Int = 0, owner: MemberInfo?,
        permanent: Bool, locked: Bool = false, tags: [String] = [], createdAt: Int64, epoch: String
    ) {
        self.tags = tags
        self.id = id
        self.title = title
        self.max = max
        self.passwordHash = passwordHash
        self.topic = topic
        self.slow = slow
        self.owner = owner
        self.permanent = permanent
        self.locked = locked
        self.createdAt = createdAt
        self.epoch = epoch
    }
}

/// Somebody who is in a room. Stored with their `join`, removed with their `exit`: who is found at a start was there when
/// the server died.
package struct Presence: Sendable, Equatable {
    package var room: RoomID
    package var member: MemberInfo
    package var joinedAt: Int64

    package init(room: RoomID, member: MemberInfo, joinedAt: Int64) {
        self.room = room
        self.member = member
        self.joinedAt = joinedAt
    }
}

/// A ban or a mute.
package struct Restriction: Sendable, Equatable {
    package enum Kind: String, Sendable { case ban, mute }

    package var kind: Kind
    package var room: RoomID
    package var person: PersonID
    package var name: String
    /// Milliseconds since 1970; nil for good.
    package var until: Int64?
    package var reason: String
    package var by: String
    package var at: Int64

    package init(kind: Kind, room: RoomID, person: PersonID, name: String, until: Int64?, reason: String, by: String, at: Int64) {
        self.kind = kind
        self.room = room
        self.person = person
        self.name = name
        self.until = until
        self.reason = reason
        self.by = by
        self.at = at
    }

    package func isOver(at now: Int64) -> Bool { until.map { $0 <= now } ?? false }
}

/// A change of a plugin's store.
package struct StoreChange: Sendable, Equatable {
    package var plugin: PluginID
    /// The store of the plugin itself (empty), of a person or of a room for it.
    package var scope: String
    package var key: String
    /// JSON; nil removes the key.
    package var value: String?
    /// Milliseconds since 1970 after which it is gone.
    package var expires: Int64?

    package static func scope(of person: PersonID) -> String { "user \(person)" }
    package static func scope(of room: RoomID) -> String { "room \(room)" }

    package init(plugin: PluginID, scope: String, key: String, value: String?, expires: Int64? = nil) {
        self.plugin = plugin
        self.scope = scope
        self.key = key
        self.value = value
        self.expires = expires
    }
}

/// What a plugin wants to be told at a time.
package struct Schedule: Sendable, Equatable {
    /// The name of the event, after `schedule:`.
    package var event: String
    /// Milliseconds since 1970.
    package var at: Int64
    /// JSON.
    package var data: String

    package init(event: String, at: Int64, data: String) {
        self.event = event
        self.at = at
        self.data = data
    }
}

/// A change of what a plugin has scheduled: one schedule per key.
package struct ScheduleChange: Sendable, Equatable {
    package var plugin: PluginID
    package var key: String
    /// Nil removes it.
    package var schedule: Schedule?

    package init(plugin: PluginID, key: String, schedule: Schedule?) {
        self.plugin = plugin
        self.key = key
        self.schedule = schedule
    }
}

package enum JournalWrite: Sendable, Equatable {
    /// Appends the event to its room. It gets the room's next `seq`. One that changes a message (``Event/target``) does so with
    /// it: from then on the message is read as ``Event/take(_:)`` leaves it, and so are its earlier edits.
    case event(Event)
    case room(RoomRecord)
    /// With its events, restrictions and presences.
    case roomRemoved(RoomID)
    case present(Presence)
    case absent(room: RoomID, person: PersonID)
    case person(PersonRecord)
    case restrict(Restriction)
    case lift(Restriction.Kind, room: RoomID, person: PersonID)
    case appoint(Appointment)
    case dismiss(room: RoomID, person: PersonID)
    case store(StoreChange)
    case schedule(ScheduleChange)
    case hold(HeldMessage)
    case unhold(String)
    case report(Report)
    case closeReport(String, room: RoomID)
    /// Notes who did what.
    case audit(AuditLine)
    /// Keeps so much of a room's past; nil for what the server keeps of every room.
    case keep(RoomID, Retention?)
    /// Removes a room's events up to that number. The others keep their numbers.
    case forget(RoomID, through: Int64)
}

extension JournalWrite {
    /// What it sets a value of, if it is a plugin's value that it sets.
    fileprivate var value: String? {
        switch self {
        case .store(let change): "store \(change.plugin)\0\(change.scope)\0\(change.key)"
        case .schedule(let change): "schedule \(change.plugin)\0\(change.key)"
        default: nil
        }
    }
}

/// Writes that are stored together or not at all.
package typealias JournalUnit = [JournalWrite]

extension JournalUnit {
    /// What it sets a value of, if it does nothing else: a later one takes the place of one that is not stored.
    var value: String? { count == 1 ? self[0].value : nil }

    /// Whether it must wait for, or fail with, earlier units of these rooms, so that everything is stored in the order in which
    /// it happened. Nil stands for what is about no room.
    package func follows(_ failed: Set<RoomID?>) -> Bool { !failed.isEmpty && !failed.isDisjoint(with: order) }

    /// The room that it is about, and nil if it is about none, or sets values of plugins beside.
    package var order: [RoomID?] {
        let room = room
        return room != nil && contains { $0.value != nil } ? [room, nil] : [room]
    }

    /// The room that it is about; a unit is about one at most.
    package var room: RoomID? {
        for write in self {
            switch write {
            case .event(let event): return event.room
            case .room(let record): return record.id
            case .present(let presence): return presence.room
            case .restrict(let restriction): return restriction.room
            case .roomRemoved(let room), .absent(let room, _), .lift(_, let room, _), .dismiss(let room, _): return room
            case .appoint(let appointment): return appointment.room
            case .hold(let message): return message.event.room
            case .report(let report): return report.room
            case .closeReport(_, let room): return room
            case .keep(let room, _), .forget(let room, _): return room
            case .person, .store, .schedule, .unhold, .audit: continue
            }
        }
        return nil
    }
}

package enum CommitResult: Sendable, Equatable {
    /// Stored; the numbers of the unit's events, in their order.
    case stored([Int64])
    /// The person's message with this `cid` was stored before, with this number. Of the unit only what comes before the message
    /// was stored.
    case duplicate(Int64)
    /// Nothing of the unit was stored.
    case failed(String)
}

/// Which events of a room are wanted.
package struct EventQuery: Sendable, Equatable {
    package enum Range: Sendable, Equatable {
        case after(Int64)
        case before(Int64)
        /// The message that a person sent under this `cid`.
        case sent(by: PersonID, cid: String)
        /// Events of the person with that id since then (milliseconds since 1970), and messages of theirs changed since then.
        case by(String, since: Int64)
        /// The last topic before that number.
        case topic(before: Int64)
    }

    package var room: RoomID
    package var range: Range
    /// The first ones, or the last ones before.
    package var limit: Int

    package init(room: RoomID, range: Range, limit: Int) {
        self.room = room
        self.range = range
        self.limit = limit
    }
}

/// What is kept. Both calls return at once; the answers come by ``Engine/committed(_:_:)`` and
/// ``Engine/found(_:_:)`` on the room loop, commits in the order they were asked for.
package protocol Journal: AnyObject {
    /// Stores the units in order. When one fails, those that follow it fail too (``JournalUnit/follows(_:)``), the others do not.
    func commit(_ batch: UInt64, _ units: [JournalUnit])
    /// Looks events up, in ascending order, as of some moment not before the last answered commit.
    func find(_ query: UInt64, _ wanted: EventQuery)
}

/// What the journal knew when the server started.
package struct Snapshot: Sendable {
    /// The rooms, each with the number of its last event.
    package var rooms: [(record: RoomRecord, head: Int64)]
    package var present: [Presence]
    package var restrictions: [Restriction]
    package var held: [HeldMessage]
    package var moderators: [Appointment]
    package var reports: [Report]
    /// Of rooms that have a retention of their own, or events of which have been removed.
    package var keeping: [RoomID: Keeping] = [:]

    package init(
        rooms: [(record: RoomRecord, head: Int64)] = [], present: [Presence] = [], restrictions: [Restriction] = [], held: [HeldMessage] = [],
        moderators: [Appointment] = [], reports: [Report] = []
    ) {
        self.moderators = moderators
        self.rooms = rooms
        self.present = present
        self.restrictions = restrictions
        self.held = held
        self.reports = reports
    }
}
