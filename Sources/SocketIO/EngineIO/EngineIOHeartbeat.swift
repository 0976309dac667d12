/// When to ping a client and when to give it up.
///
/// Source: Engine.IO protocol v4, "Heartbeat". As in the reference implementation, whatever a client says after a ping is a sign of
/// life: a pong may be late behind other traffic, so the wait goes on for `timeout` after the last packet of any type.
struct EngineIOHeartbeat: Sendable {
    enum Beat {
        case none
        case ping
        case dead
    }

    private let interval: Int64
    private let timeout: Int64
    private var lastHeard: Int64
    private var isPinged = false
    /// When `beat(at:)` has something to say.
    private(set) var deadline: Int64

    init(interval: Int64, timeout: Int64, now: Int64) {
        self.interval = interval
        self.timeout = timeout
        lastHeard = now
        deadline = now + interval
    }

    mutating func heard(at now: Int64) { lastHeard = now }

    mutating func heardPong(at now: Int64) {
        isPinged = false
        deadline = now + interval
    }

    mutating func beat(at now: Int64) -> Beat {
        guard now >= deadline else { return .none }
        if !isPinged {
            isPinged = true
            deadline = now + timeout
            return .ping
        }
        guard now < lastHeard + timeout else { return .dead }
        deadline = lastHeard + timeout
        return .none
    }
}
