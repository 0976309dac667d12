/// Counts one kind of flash over the grid. Two readings of "flashes occurring concurrently" (WCAG 2.2, "general flash and red
/// flash thresholds") are counted and the larger number kept, for each sees what the other does not:
/// - by point: a quarter of a block's points flash so many times within the second, each in its own time. Sees a fade that
///   reaches the points one after the other;
/// - by block: a quarter of a block rises at one moment and a quarter falls at a later one, not necessarily the same quarter.
///   Sees regions that take turns.
///
/// Histories are bit fields: bit n is whether there was a transition n frames ago.
struct FlashCounter<T: Trace>: Sendable {
    /// The most flashes so far within one second.
    private(set) var worst = 0

    private var traces: [T]
    private var histories: [UInt64]
    private var rises: Marks
    private var falls: Marks
    private var blocks: [Block]
    private var block: SlidingBlock

    private struct Block: Sendable {
        var last = Transition.none
        var history: UInt64 = 0
    }

    init(grid: SampleGrid, first: [Shade]) {
        traces = first.map(T.init(at:))
        histories = Array(repeating: 0, count: grid.count)
        rises = Marks(points: grid.count)
        falls = rises
        block = SlidingBlock(grid: grid)
        blocks = Array(repeating: Block(), count: block.count)
    }

    /// The next frame is there: `move` is called for the points that change with it, then `count`.
    mutating func beginFrame() {
        for point in histories.indices { histories[point] <<= 1 }
        for place in blocks.indices { blocks[place].history <<= 1 }
    }

    mutating func move(_ point: Int, to shade: Shade) {
        switch traces[point].move(to: shade) {
        case .none: return
        case .rise: rises.set(point)
        case .fall: falls.set(point)
        }
        histories[point] |= 1
    }

    /// - Parameter second: the bits of a history that are less than one second old.
    mutating func count(within second: UInt64) {
        guard rises.count + falls.count > 0 else { return }
        countByPoint(within: second)
        countByBlock(within: second)
        rises.clear()
        falls.clear()
    }

    private mutating func countByPoint(within second: UInt64) {
        while true {
            let transitions = 2 * (worst + 1)
            func flashes(_ history: UInt64) -> Bool { (history & second).nonzeroBitCount >= transitions }
            // Nearly always too few, and then there is nothing to allocate.
            guard histories.count(where: flashes) >= block.threshold else { return }
            block.load(histories.map(flashes))
            guard (0..<block.count).contains(where: block.flashes(at:)) else { return }
            worst += 1
        }
    }

    private mutating func countByBlock(within second: UInt64) {
        guard max(rises.count, falls.count) >= block.threshold else { return }
        if rises.count >= block.threshold { take(rises.marks, as: .rise) }
        if falls.count >= block.threshold { take(falls.marks, as: .fall) }
        for block in blocks { worst = max(worst, (block.history & second).nonzeroBitCount / 2) }
    }

    /// A block that rises in one part and falls in another at the same moment has made one transition, whichever was due.
    private mutating func take(_ marks: [Bool], as transition: Transition) {
        block.load(marks)
        for place in blocks.indices where blocks[place].last != transition && block.flashes(at: place) {
            blocks[place].last = transition
            blocks[place].history |= 1
        }
    }
}

/// Points that do the same at one moment.
private struct Marks: Sendable {
    private(set) var marks: [Bool]
    private(set) var count = 0

    init(points: Int) { marks = Array(repeating: false, count: points) }

    mutating func set(_ point: Int) {
        marks[point] = true
        count += 1
    }

    mutating func clear() {
        guard count > 0 else { return }
        for point in marks.indices { marks[point] = false }
        count = 0
    }
}
