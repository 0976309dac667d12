/// Stops something that fails again and again, and tries it with one event after a while.
///
/// Times are milliseconds of uptime.
struct Breaker {
    /// Failures within a minute that stop it.
    static let most = 5
    /// How long it is stopped before it is tried again.
    static let pause: Int64 = 30_000

    private enum State {
        case closed
        case open(until: Int64)
        /// One event is on its way, to see whether it works again.
        case probing
    }

    private var state = State.closed
    private var recent: [Int64] = []

    /// What lists show: nil while nothing is wrong.
    func word(at uptime: Int64) -> String? {
        switch state {
        case .closed: nil
        case .open(let until): uptime < until ? "paused" : "on trial"
        case .probing: "on trial"
        }
    }

    /// Nothing is wrong: what is asked for every event, without looking at the clock.
    var isClosed: Bool { if case .closed = state { true } else { false } }

    /// Whether it must not be used now.
    func blocks(at uptime: Int64) -> Bool {
        switch state {
        case .closed: false
        case .open(let until): uptime < until
        case .probing: true
        }
    }

    /// It is used: if it was stopped, this is the trial.
    mutating func begins() {
        if case .open = state { state = .probing }
    }

    mutating func succeeded() {
        if case .probing = state { state = .closed }
    }

    /// True if it is stopped by this failure.
    mutating func failed(at uptime: Int64) -> Bool {
        switch state {
        // What fails when it is tried again is stopped again at once.
        case .probing: break
        // One of several that were under way when it was stopped.
        case .open: return false
        case .closed:
            recent = recent.filter { $0 > uptime - 60_000 } + [uptime]
            guard recent.count >= Self.most else { return false }
        }
        recent = []
        state = .open(until: uptime + Self.pause)
        return true
    }
}
