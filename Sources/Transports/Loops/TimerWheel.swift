/// Something that wants to be asked now and then how it is. Confined to the wheel's loop.
protocol Watched: AnyObject {
    /// Called when it is due; answers in how many seconds it wants to be asked again, or nil for never.
    /// - Parameter now: seconds, by the wheel
    func check(_ now: Int) -> Int?
}

/// One timer for all the connections of a network loop: a turn each second, and a slot for each second to come.
///
/// Confined to its loop. It holds what it watches weakly: a connection that is gone is dropped when its slot comes up.
struct TimerWheel {
    private struct Entry {
        weak var watched: (any Watched)?
    }

    private var slots: [[Entry]] = Array(repeating: [], count: 64)
    private(set) var now = 0

    mutating func watch(_ watched: any Watched, in seconds: Int) {
        let seconds = min(max(seconds, 1), slots.count - 1)
        slots[(now + seconds) % slots.count].append(Entry(watched: watched))
    }

    /// A second has passed.
    mutating func turn() {
        now += 1
        let due = slots[now % slots.count]
        slots[now % slots.count] = []
        for entry in due {
            guard let watched = entry.watched, let seconds = watched.check(now) else { continue }
            watch(watched, in: seconds)
        }
    }
}
