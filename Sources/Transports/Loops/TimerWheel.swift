/// Something that wants to be asked now and then how it is. Confined to the wheel's loop.
protocol Watched: AnyObject {
    /// Where the wheel has it; for the wheel alone to change.
    var place: TimerWheel.Place? { get set }

    /// Called when it is due; answers in how many seconds it wants to be asked again, or nil for never.
    /// - Parameter now: seconds, by the wheel
    func check(_ now: Int) -> Int?
}

/// One timer for all the connections of a network loop: a turn each second, and a slot for each second to come.
///
/// A class because what it watches looks at it, and adds to it, while it turns. Confined to its loop. What it watches it holds
/// until that says that it is done: not weakly, for an object with weak references pays for them each time it is retained.
final class TimerWheel {
    struct Place {
        fileprivate var slot: Int
        fileprivate var index: Int
    }

    private var slots: [[any Watched]] = Array(repeating: [], count: 64)
    private(set) var now = 0

    /// Asks it in so many seconds, and not when it would have been asked before.
    func watch(_ watched: any Watched, in seconds: Int) {
        forget(watched)
        let slot = (now + min(max(seconds, 1), slots.count - 1)) % slots.count
        watched.place = Place(slot: slot, index: slots[slot].count)
        slots[slot].append(watched)
    }

    /// Lets go of what is over.
    func forget(_ watched: any Watched) {
        guard let place = watched.place else { return }
        watched.place = nil
        let last = slots[place.slot].removeLast()
        if last !== watched {
            slots[place.slot][place.index] = last
            last.place = place
        }
    }

    /// A second has passed.
    func turn() {
        now += 1
        let due = slots[now % slots.count]
        slots[now % slots.count] = []
        for watched in due { watched.place = nil }
        for watched in due {
            if let seconds = watched.check(now) { watch(watched, in: seconds) }
        }
    }
}
