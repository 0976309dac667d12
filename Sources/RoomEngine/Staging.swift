import DequeModule

/// What is on its way to the journal, in the order in which it happened: one batch at a time, and what a turn has added stays
/// together.
///
/// A class because what hears of a result adds more. Confined to the room loop.
final class Staging {
    private struct Staged {
        let unit: JournalUnit
        /// Tried until the journal takes it.
        let isSure: Bool
        /// What else is in the unit, and is tried again by itself if the unit fails.
        var values: [Staged] = []
        let then: (CommitResult) -> Void
    }

    private let journal: any Journal
    /// Units of a batch, if no single turn has more.
    private let batch: Int
    private var lastBatch: UInt64 = 0
    private var inFlight: (batch: UInt64, units: [Staged])?

    /// What this turn has added, and what earlier turns have.
    private var staged: [Staged] = []
    private var waiting: Deque<[Staged]> = []

    /// What must be stored and could not be, in its order. Nothing that follows it is stored before it.
    private var late: [Staged] = []
    private var lateRooms: Set<RoomID?> = []
    /// Where in it values of plugins wait, by what they are the values of.
    private var latePlaces: [String: Int] = [:]
    /// What is late waits a little before it is tried again.
    private var isResting = false

    init(journal: any Journal, batch: Int) {
        self.journal = journal
        self.batch = batch
    }

    /// Whether everything that was added has been answered.
    var isSettled: Bool { inFlight == nil && staged.isEmpty && waiting.isEmpty }

    var isLate: Bool { !late.isEmpty }

    func isLate(_ room: RoomID) -> Bool { lateRooms.contains(room) }

    /// Values that plugins have just set are stored together with the unit: what they note down about a message must not be
    /// missing where the message is there.
    func add(_ unit: JournalUnit, then: @escaping (CommitResult) -> Void) {
        var values: [Staged] = []
        var place = staged.endIndex
        while place > 0, staged[place - 1].isSure {
            place -= 1
            if staged[place].unit.value != nil { values.insert(staged.remove(at: place), at: 0) }
        }
        staged.append(Staged(unit: values.flatMap(\.unit) + unit, isSure: false, values: values, then: then))
    }

    func addForSure(_ unit: JournalUnit, then: @escaping (CommitResult) -> Void) {
        staged.append(Staged(unit: unit, isSure: true, then: then))
    }

    // MARK: Batches

    func finishTurn(_ mayStore: Bool) {
        endTurn()
        guard inFlight == nil, mayStore else { return }
        let units = takeBatch()
        guard !units.isEmpty else { return }
        lastBatch += 1
        inFlight = (lastBatch, units)
        journal.commit(lastBatch, units.map(\.unit))
    }

    private func endTurn() {
        guard !staged.isEmpty else { return }
        waiting.append(staged)
        staged = []
    }

    private func takeBatch() -> [Staged] {
        var units: [Staged] = []
        if !isResting {
            swap(&units, &late)
            (lateRooms, latePlaces) = ([], [:])
        }
        while units.count < batch, let turn = waiting.popFirst() {
            for staged in turn {
                if !staged.unit.follows(lateRooms) {
                    units.append(staged)
                } else if staged.isSure {
                    putOff(staged)
                } else {
                    fail(staged, "earlier changes wait to be stored")
                }
            }
            // What heard that it failed may have added something.
            endTurn()
        }
        return units
    }

    /// The journal has answered.
    /// - Returns: whether something is late now, and ``tryAgain()`` is to be called when it has waited
    func committed(_ batch: UInt64, _ results: [CommitResult]) -> Bool {
        guard let flight = inFlight, flight.batch == batch else { return false }
        inFlight = nil
        var hasFailed = false
        for (staged, result) in zip(flight.units, results) {
            if case .failed(let why) = result {
                if staged.isSure { putOff(staged) } else { fail(staged, why) }
                hasFailed = hasFailed || staged.isSure || !staged.values.isEmpty
            } else {
                for value in staged.values { value.then(.stored([])) }
                staged.then(result)
            }
        }
        guard hasFailed, !isResting else { return false }
        isResting = true
        return true
    }

    func tryAgain() { isResting = false }

    // MARK: What could not be stored

    private func fail(_ staged: Staged, _ why: String) {
        for value in staged.values { putOff(value) }
        staged.then(.failed(why))
    }

    private func putOff(_ staged: Staged) {
        lateRooms.insert(staged.unit.room)
        // Only the last value counts: a plugin that counts what is refused meanwhile does not fill the memory.
        if let value = staged.unit.value {
            if let place = latePlaces[value] { return late[place] = staged }
            latePlaces[value] = late.count
        }
        late.append(staged)
    }
}
