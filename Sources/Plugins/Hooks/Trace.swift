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
    package var room: RoomID
    package var person: String?
    package var at: Int64
    package var text: String
    package var steps: [Step] = []
    package var outcome = ""
    /// The number of the message it was about, if it was stored.
    package var seq: Int64?

    /// What `why` is asked for: refusals carry it.
    package var id: String { "t\(serial)" }
}

/// The last decisions, found by their own id or by room and number. Confined to the room loop.
struct Traces {
    private struct MessageKey: Hashable {
        let room: RoomID
        let seq: Int64
    }

    private let limit: UInt64 = 4_096
    private var ring: [Trace?]
    private var byMessage: [MessageKey: UInt64] = [:]

    init() { ring = Array(repeating: nil, count: Int(limit)) }

    mutating func add(_ trace: Trace) {
        let place = Int(trace.serial % limit)
        if let old = ring[place], let seq = old.seq { byMessage[MessageKey(room: old.room, seq: seq)] = nil }
        ring[place] = trace
    }

    /// What the trace was about has been stored.
    mutating func number(_ serial: UInt64, _ seq: Int64) {
        let place = Int(serial % limit)
        guard ring[place]?.serial == serial, let room = ring[place]?.room else { return }
        ring[place]?.seq = seq
        byMessage[MessageKey(room: room, seq: seq)] = serial
    }

    /// By `t123`, or `room:seq`.
    func find(_ id: String) -> Trace? {
        if id.first == "t", let serial = UInt64(id.dropFirst()) {
            return ring[Int(serial % limit)].flatMap { $0.serial == serial ? $0 : nil }
        }
        let parts = id.split(separator: ":")
        guard parts.count == 2, let seq = Int64(parts[1]) else { return nil }
        return byMessage[MessageKey(room: RoomID(String(parts[0])), seq: seq)].flatMap { ring[Int($0 % limit)] }
    }
}
