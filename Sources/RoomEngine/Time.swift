import HeapModule

/// What time it is, by both clocks, in milliseconds.
package struct Instant: Sendable, Equatable {
    /// Since 1970. May jump when the machine's clock is set; what is stored and shown uses it.
    package var wall: Int64
    /// Since some moment before the start. Never jumps; whatever waits uses it.
    package var uptime: Int64

    package init(wall: Int64, uptime: Int64) {
        self.wall = wall
        self.uptime = uptime
    }
}

/// Where the engine gets the time. Tests turn a virtual one.
package protocol Clock: AnyObject {
    var now: Instant { get }
}

/// Names a timer, to cancel it.
package struct TimerID: Hashable, Sendable {
    fileprivate let number: UInt64
}

/// Things to do at a time. The engine owns one; the loop around it asks for ``next`` and calls ``run(at:)``.
///
/// A cancelled timer stays in the heap, as a stale entry, until its time.
struct Timers {
    private struct Entry: Comparable {
        let deadline: Int64
        let number: UInt64
        static func < (a: Self, b: Self) -> Bool { (a.deadline, a.number) < (b.deadline, b.number) }
    }

    private var heap = Heap<Entry>()
    private var actions: [UInt64: () -> Void] = [:]
    private var count: UInt64 = 0

    /// `deadline` in milliseconds of uptime. Timers of the same deadline run in the order they were set.
    mutating func set(at deadline: Int64, _ action: @escaping () -> Void) -> TimerID {
        count += 1
        heap.insert(Entry(deadline: deadline, number: count))
        actions[count] = action
        return TimerID(number: count)
    }

    mutating func cancel(_ timer: TimerID) { actions[timer.number] = nil }

    /// The uptime at which the next timer is due.
    var next: Int64? {
        mutating get {
            while let entry = heap.min, actions[entry.number] == nil { heap.removeMin() }
            return heap.min?.deadline
        }
    }

    /// Takes the next timer that is due at `uptime`.
    mutating func take(at uptime: Int64) -> (() -> Void)? {
        guard let next, next <= uptime else { return nil }
        return actions.removeValue(forKey: heap.removeMin().number)
    }
}

