import RoomEngine

/// How something was decided: each handler in order, what it answered, and how long it took.
package struct Trace: Sendable {
    package struct Step: Sendable {
        /// Plugin and generation, e.g. `guard@g9`.
        package var hook: String
        package var phase: Phase
        /// `pass`, a verdict, or what went wrong.
        package var outcome: String
        package var notes: [String]
        package var nanoseconds: Int64
    }

    package var serial: UInt64
    package var event: HookKind
    /// Nil of what happens in no room.
    package var room: RoomID?
    package var person: String?
    package var personID: String?
    package var at: Int64
    package var text: String
    package var steps: [Step] = []
    package var outcome = ""
    /// It did not happen, or not then, or not there.
    package var isStopped = false
    /// A handler has changed it, or failed.
    package var isChanged = false
    /// The number of the message it was about, if it was stored.
    package var seq: Int64?

    /// What `why` is asked for: refusals carry it.
    package var id: String { Self.id(of: serial) }

    static func id(of serial: UInt64) -> String { "t\(serial)" }
}

/// The last decisions, found by their own id or by room and number. Confined to the room loop.
struct Traces {
    private let limit: UInt64 = 4_096
    private var ring: [Trace?]

    init() { ring = Array(repeating: nil, count: Int(limit)) }

    mutating func add(_ trace: consuming Trace) {
        ring[Int(trace.serial % limit)] = trace
    }

    /// What the trace was about has been stored.
    mutating func number(_ serial: UInt64, _ seq: Int64) -> Trace? {
        let place = Int(serial % limit)
        guard ring[place]?.serial == serial else { return nil }
        ring[place]?.seq = seq
        return ring[place]
    }

    /// Nothing is known any more of what a person said and did.
    mutating func forget(_ person: PersonID) {
        for place in ring.indices where ring[place]?.personID == person.text { ring[place] = nil }
    }

    /// By `t123`, or `room:seq`. The second looks at all of them: somebody asks now and then, messages come all the time.
    func find(_ id: String) -> Trace? {
        if id.first == "t", let serial = UInt64(id.dropFirst()) {
            return ring[Int(serial % limit)].flatMap { $0.serial == serial ? $0 : nil }
        }
        let parts = id.split(separator: ":")
        guard parts.count == 2, let seq = Int64(parts[1]) else { return nil }
        let room = RoomID(String(parts[0]))
        return ring.lazy.compactMap { $0 }.first { $0.seq == seq && $0.room == room }
    }
}
