/// What a pattern is compiled to: instructions of ``Machine``.
struct Program {
    enum Instruction {
        case scalar(UInt32)
        case set(Int)
        case place(PatternTree.Place)
        /// Goes on in both places, the first preferred.
        case split(Int, Int)
        case jump(Int)
        /// Notes the position, of the group's beginning (2n) or end (2n + 1).
        case save(Int)
        case match
    }

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet] = []
    /// Two for each group and for the whole match.
    let slots: Int
    /// Parts that were visited: repetitions of nothing emit nothing, but take time.
    private var visits = 0

    init(_ tree: PatternTree, groups: Int) throws(PatternError) {
        slots = 2 * (groups + 1)
        try emit(.save(0))
        try compile(tree)
        try emit(.save(1))
        try emit(.match)
    }

    private mutating func emit(_ instruction: Instruction) throws(PatternError) {
        instructions.append(instruction)
        if instructions.count > LinearPattern.mostInstructions { throw Self.tooLarge }
    }

    private static let tooLarge = PatternError(position: 1, message: "the pattern is too large: its repetitions come to more than \(LinearPattern.mostInstructions) parts")

    private mutating func compile(_ tree: PatternTree) throws(PatternError) {
        visits += 1
        if visits > 10 * LinearPattern.mostInstructions { throw Self.tooLarge }
        switch tree {
        case .nothing: break
        case .scalar(let scalar): try emit(.scalar(scalar))
        case .set(let set):
            sets.append(set)
            try emit(.set(sets.count - 1))
        case .place(let place): try emit(.place(place))
        case .group(let inner, let number):
            try emit(.save(2 * number))
            try compile(inner)
            try emit(.save(2 * number + 1))
        case .sequence(let parts): for part in parts { try compile(part) }
        case .choice(let parts): try compile(choice: parts)
        case .repetition(let inner, let least, let most, let isLazy):
            for _ in 0..<least { try compile(inner) }
            if let most {
                try compile(inner, upTo: most - least, isLazy)
            } else {
                try compileEndless(inner, isLazy)
            }
        }
    }

    private mutating func compile(choice parts: [PatternTree]) throws(PatternError) {
        var exits: [Int] = []
        for part in parts.dropLast() {
            let split = instructions.count
            try emit(.split(split + 1, 0))
            try compile(part)
            exits.append(instructions.count)
            try emit(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        if let last = parts.last { try compile(last) }
        for exit in exits { instructions[exit] = .jump(instructions.count) }
    }

    /// Up to so many more.
    private mutating func compile(_ inner: PatternTree, upTo count: Int, _ isLazy: Bool) throws(PatternError) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(instructions.count)
            try emit(.split(0, 0))
            try compile(inner)
        }
        for split in splits { setSplit(split, into: split + 1, out: instructions.count, isLazy) }
    }

    /// Any number more. What may match nothing is entered once and then repeated: so the preferred way through it can be
    /// nothing, as it is where matching backtracks.
    private mutating func compileEndless(_ inner: PatternTree, _ isLazy: Bool) throws(PatternError) {
        if inner.isNullable {
            let entry = instructions.count
            try emit(.split(0, 0))
            let body = instructions.count
            try compile(inner)
            let again = instructions.count
            try emit(.split(0, 0))
            setSplit(again, into: body, out: instructions.count, isLazy)
            setSplit(entry, into: body, out: instructions.count, isLazy)
        } else {
            let loop = instructions.count
            try emit(.split(0, 0))
            try compile(inner)
            try emit(.jump(loop))
            setSplit(loop, into: loop + 1, out: instructions.count, isLazy)
        }
    }

    private mutating func setSplit(_ place: Int, into: Int, out: Int, _ isLazy: Bool) {
        instructions[place] = isLazy ? .split(out, into) : .split(into, out)
    }
}
