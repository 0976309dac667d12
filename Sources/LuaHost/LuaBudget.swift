/// How long a run may take without a pause: nanoseconds of the monotonic clock. Where the thread has not had as much CPU time by
/// then, because the machine had too much else to do, a run goes on until it has, for at most ten times as long.
package struct LuaBudget: Sendable, Comparable {
    package let nanoseconds: Int64

    package static func milliseconds(_ count: Int64) -> LuaBudget { LuaBudget(nanoseconds: count * 1_000_000) }
    package static func seconds(_ count: Int64) -> LuaBudget { milliseconds(count * 1_000) }

    /// Whole milliseconds, rounded up.
    package var milliseconds: Int64 { (nanoseconds + 999_999) / 1_000_000 }

    package static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }
}
