/// Something that wants to be asked now and then how it is. Confined to the wheel's loop.
protocol Watched: AnyObject {
    /// Called when it is due; answers in how many seconds it wants to be asked again, or nil for never.
    /// - Parameter now: seconds, by the wheel
    func check(_ now: Int) -> Int?
}

/// One timer for all the connections of a network loop: a turn each second, and a slot for each second to come.
///
/// A class because what it watches looks at it, and adds to it, while it turns. Confined to its loop. What it watches it holds until its slot comes up and it says that it is done: not weakly, for an
/// object with weak references pays for them each time it is retained.
final class TimerWheel {
    private var slots: [[any Watched]] = Array(repeating: [], count: 64)
    private(set) var now = 0

    func watch(_ watched: any Watched, in seconds: Int) {
        let seconds = min(max(seconds, 1), slots.count - 1)
        slots[(now + seconds) % slots.count].append(watched)
    }

    /// A second has passed.
    func turn() {
        now += 1
        let due = slots[now % slots.count]
        slots[now % slots.count] = []
        for watched in due {
            if let seconds = watched.check(now) { watch(watched, in: seconds) }
        }
    }
}
