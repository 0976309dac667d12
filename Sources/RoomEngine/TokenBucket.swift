/// Lets through `burst` at once and then `rate` a second. Times are milliseconds of uptime.
package struct TokenBucket: Sendable {
    private var tokens: Double
    private var last: Int64

    package init(burst: Int, at now: Int64) {
        tokens = Double(burst)
        last = now
    }

    /// Takes one token. Nil if there was one, else the seconds until there is.
    package mutating func take(burst: Int, rate: Double, at now: Int64) -> Double? {
        tokens = min(Double(burst), tokens + Double(now - last) / 1_000 * rate)
        last = now
        if tokens >= 1 {
            tokens -= 1
            return nil
        }
        return (1 - tokens) / rate
    }

    /// Whether it is as good as new, so that it need not be kept.
    package func isFull(burst: Int, rate: Double, at now: Int64) -> Bool {
        tokens + Double(now - last) / 1_000 * rate >= Double(burst)
    }
}
