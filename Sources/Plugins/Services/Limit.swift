import RoomEngine

/// How often something may happen, and how often it has: a token bucket.
struct Limit {
    let count: Int
    /// A second.
    let rate: Double
    private var bucket: TokenBucket

    /// - Parameter now: milliseconds of uptime, as everywhere here
    init(count: Int, seconds: Double, at now: Int64) {
        self.count = count
        rate = Double(count) / seconds
        bucket = TokenBucket(burst: count, at: now)
    }

    /// Takes one. Nil if it may happen, else the seconds to wait.
    mutating func take(at now: Int64) -> Double? { bucket.take(burst: count, rate: rate, at: now) }

    /// Whether it is as good as new, so that it need not be kept.
    func isUnused(at now: Int64) -> Bool { bucket.isFull(burst: count, rate: rate, at: now) }
}

extension PluginStore {
    /// Keys that one plugin counts at a time.
    static let mostLimits = 10_000

    /// Counts one more of what `key` names.
    func take(_ key: String, count: Int, seconds: Double, at now: Int64) -> Double? {
        var limit = limits[key] ?? Limit(count: count, seconds: seconds, at: now)
        // Called with other numbers than before, it begins anew.
        if limit.count != count || limit.rate != Double(count) / seconds { limit = Limit(count: count, seconds: seconds, at: now) }
        let wait = limit.take(at: now)
        if limits[key] == nil, limits.count >= Self.mostLimits { makeRoom(at: now) }
        limits[key] = limit
        return wait
    }

    /// Forgets the limits that nobody is near, or else half of them: an attacker with many names must not fill the memory.
    private func makeRoom(at now: Int64) {
        limits = limits.filter { !$0.value.isUnused(at: now) }
        if limits.count >= Self.mostLimits { limits = Dictionary(uniqueKeysWithValues: limits.prefix(Self.mostLimits / 2).map { ($0, $1) }) }
    }
}
