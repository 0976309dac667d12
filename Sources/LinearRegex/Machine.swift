/// Runs a program over a text: all ways through it at once, one scalar after the other, those preferred in front.
///
/// A place of the program is entered at most once per position of the text, by the way that is preferred among those that
/// lead there. So the time is at most the product of the text's length and the program's.
///
/// A class because it keeps its memory. Confined to one thread.
final class Machine {
    /// The ways of one position of the text.
    private struct Ways {
        /// Where in the program something is taken from the text or a match ends, in order of preference.
        var places: [Int] = []
        /// What each of those has noted, one after the other.
        var notes: [Int] = []
        /// Every place of the program that was entered.
        private var entered: [Int] = []
        private var isEntered: [Bool]

        init(_ program: Program) { isEntered = Array(repeating: false, count: program.instructions.count) }

        /// False if it was before.
        mutating func enter(_ place: Int) -> Bool {
            if isEntered[place] { return false }
            isEntered[place] = true
            entered.append(place)
            return true
        }

        mutating func clear() {
            for place in entered { isEntered[place] = false }
            entered.removeAll(keepingCapacity: true)
            places.removeAll(keepingCapacity: true)
            notes.removeAll(keepingCapacity: true)
        }

        /// Gives back what a large match has needed.
        mutating func shrink() {
            clear()
            if notes.capacity > 8_192 { notes = [] }
        }
    }

    private enum Task {
        case enter(Int)
        case restore(slot: Int, Int)
    }

    private let program: Program
    private var current: Ways
    private var following: Ways
    private var notes: [Int]
    private var tasks: [Task] = []
    private(set) var steps = 0

    /// Steps between two questions whether to go on.
    private static let patience = 4_096

    init(_ program: Program) {
        self.program = program
        current = Ways(program)
        following = Ways(program)
        notes = Array(repeating: -1, count: program.slots)
    }

    func run(_ text: [UInt8], from start: Int, mayGoOn: () -> Bool) throws(LinearPattern.Interrupted) -> LinearPattern.Match? {
        defer {
            current.shrink()
            following.shrink()
            tasks = []
        }
        var found: [Int]?
        var nextQuestion = steps + Self.patience
        var position = start
        var before = start > 0 ? Self.scalar(before: start, in: text) : nil
        while true {
            let (scalar, width) = Self.scalar(at: position, in: text)
            // Nothing that begins later is wanted once something was found.
            if found == nil {
                for slot in notes.indices { notes[slot] = -1 }
                enter(0, &current, position, before, scalar, end: text.count)
            }
            if current.places.isEmpty, found != nil { break }
            let (afterwards, _) = Self.scalar(at: position + width, in: text)
            for (order, place) in current.places.enumerated() {
                steps += 1
                let isTaken: Bool
                switch program.instructions[place] {
                case .scalar(let wanted): isTaken = scalar == wanted
                case .set(let set): isTaken = scalar.map(program.sets[set].contains) ?? false
                case .match:
                    found = Array(current.notes[order * program.slots..<(order + 1) * program.slots])
                    isTaken = false
                default: isTaken = false
                }
                if isTaken {
                    for slot in notes.indices { notes[slot] = current.notes[order * program.slots + slot] }
                    enter(place + 1, &following, position + width, scalar, afterwards, end: text.count)
                }
                // Those behind are less preferred.
                if case .match = program.instructions[place] { break }
            }
            swap(&current, &following)
            following.clear()
            if scalar == nil { break }
            before = scalar
            position += width
            if steps >= nextQuestion {
                nextQuestion = steps + Self.patience
                if !mayGoOn() { throw LinearPattern.Interrupted() }
            }
            if current.places.isEmpty, found != nil { break }
        }
        return found.map { notes in
            LinearPattern.Match(
                groups: stride(from: 0, to: notes.count, by: 2).map { notes[$0] >= 0 && notes[$0 + 1] >= 0 ? notes[$0]..<notes[$0 + 1] : nil })
        }
    }

    /// Follows everything that takes nothing from the text, from a place of the program on.
    private func enter(_ place: Int, _ ways: inout Ways, _ position: Int, _ before: UInt32?, _ after: UInt32?, end: Int) {
        tasks.append(.enter(place))
        while let task = tasks.popLast() {
            guard case .enter(let place) = task else {
                if case .restore(let slot, let value) = task { notes[slot] = value }
                continue
            }
            steps += 1
            if !ways.enter(place) { continue }
            switch program.instructions[place] {
            case .jump(let target): tasks.append(.enter(target))
            case .split(let first, let second):
                tasks.append(.enter(second))
                tasks.append(.enter(first))
            case .save(let slot):
                tasks.append(.restore(slot: slot, notes[slot]))
                notes[slot] = position
                tasks.append(.enter(place + 1))
            case .place(let wanted):
                if Self.isAt(wanted, position, before, after, end: end) { tasks.append(.enter(place + 1)) }
            case .scalar, .set, .match:
                ways.places.append(place)
                ways.notes += notes
            }
        }
    }

    private static func isAt(_ place: PatternTree.Place, _ position: Int, _ before: UInt32?, _ after: UInt32?, end: Int) -> Bool {
        switch place {
        case .textStart: position == 0
        case .textEnd: after == nil
        // Not behind a line feed that ends the text: no line begins there.
        case .lineStart: before == nil || before == 0x0A && after != nil
        case .lineEnd: after == nil || after == 0x0A
        case .lastLineEnd: after == nil || after == 0x0A && position + 1 == end
        case .wordEdge: isWord(before) != isWord(after)
        case .noWordEdge: isWord(before) == isWord(after)
        }
    }

    private static func isWord(_ scalar: UInt32?) -> Bool { scalar.flatMap(Unicode.Scalar.init).map(isWordScalar) ?? false }

    // MARK: UTF-8

    /// The scalar that begins at a place, and its bytes; nil at the end. The text is UTF-8 throughout.
    private static func scalar(at place: Int, in text: [UInt8]) -> (UInt32?, Int) {
        guard place < text.count else { return (nil, 0) }
        let first = text[place]
        if first < 0x80 { return (UInt32(first), 1) }
        let width = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = UInt32(first) & (0x7F >> UInt32(width))
        for offset in 1..<width where place + offset < text.count { value = value << 6 | UInt32(text[place + offset] & 0x3F) }
        return (value, width)
    }

    private static func scalar(before place: Int, in text: [UInt8]) -> UInt32? {
        var start = place - 1
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        return scalar(at: start, in: text).0
    }
}
