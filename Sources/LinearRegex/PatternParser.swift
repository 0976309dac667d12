/// Reads a pattern, by recursion: an alternative is a sequence of pieces, a piece an atom that may be repeated.
struct PatternParser {
    struct Flags {
        var ignoresCase: Bool
        /// `^` and `$` are at lines' ends.
        var isMultiline = false
        /// `.` is a line feed too.
        var dotIsAll = false
    }

    let scalars: [UInt32]
    var index = 0
    var flags: Flags
    private(set) var groups = 0
    private(set) var names: [String: Int] = [:]
    private var depth = 0

    /// How deep groups may nest: the parser and the compiler recurse.
    private static let mostDepth = 100

    init(_ pattern: String, ignoresCase: Bool) {
        scalars = pattern.unicodeScalars.map(\.value)
        flags = Flags(ignoresCase: ignoresCase)
    }

    mutating func parse() throws(PatternError) -> PatternTree {
        let tree = try alternatives()
        if index < scalars.count { throw error("there is no '(' for this ')'") }
        return tree
    }

    // MARK: Scalars

    var next: UInt32? { index < scalars.count ? scalars[index] : nil }

    func error(_ message: String, at place: Int? = nil) -> PatternError { PatternError(position: (place ?? index) + 1, message: message) }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == character.value else { return false }
        index += 1
        return true
    }

    // MARK: Pieces

    private mutating func alternatives() throws(PatternError) -> PatternTree {
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws(PatternError) -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = next, scalar != ("|" as Unicode.Scalar).value, scalar != (")" as Unicode.Scalar).value {
            let start = index
            guard let atom = try atom() else { continue }
            parts.append(try repeated(atom, from: start))
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .nothing : .sequence(parts)
    }

    /// Nil for flags that hold for the rest of the group.
    private mutating func atom() throws(PatternError) -> PatternTree? {
        let start = index
        guard let scalar = next.flatMap(Unicode.Scalar.init) else { throw error("something is missing") }
        index += 1
        switch scalar {
        case "(": return try group(from: start)
        case "[": return .set(try characterClass(from: start))
        case ".": return .set(ScalarSet(ranges: flags.dotIsAll ? [0...0x10FFFF] : [0...9, 11...0x10FFFF]))
        case "^": return .place(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .place(flags.isMultiline ? .lineEnd : .lastLineEnd)
        case "\\": return try escaped(from: start)
        case "*", "+", "?": throw error("there is nothing before '\(scalar)' that could be repeated", at: start)
        case "{" where isCount(at: start): throw error("there is nothing before '{' that could be repeated", at: start)
        default: return literal(scalar.value)
        }
    }

    func literal(_ scalar: UInt32) -> PatternTree {
        guard flags.ignoresCase else { return .scalar(scalar) }
        let others = ScalarSet.otherCases(of: scalar)
        return others.isEmpty ? .scalar(scalar) : .set(ScalarSet(ranges: ([scalar] + others).map { $0...$0 }, ignoresCase: true))
    }

    // MARK: Groups

    private mutating func group(from start: Int) throws(PatternError) -> PatternTree? {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.mostDepth { throw error("groups are nested deeper than \(Self.mostDepth)", at: start) }
        let outer = flags
        var number: Int?
        if take("?") {
            if take("<"), next != ("=" as Unicode.Scalar).value, next != ("!" as Unicode.Scalar).value {
                number = try newGroup(named: try groupName(), from: start)
            } else if !take(":") {
                if try !readFlags(from: start) { return nil }
            }
        } else {
            number = try newGroup(named: nil, from: start)
        }
        let inner = try alternatives()
        guard take(")") else { throw error("this '(' has no ')'", at: start) }
        flags = outer
        return number.map { .group(inner, $0) } ?? inner
    }

    private mutating func newGroup(named name: String?, from start: Int) throws(PatternError) -> Int {
        groups += 1
        if groups > LinearPattern.mostGroups {
            throw error("there are more than \(LinearPattern.mostGroups) groups: write (?:…) where nothing is to be captured", at: start)
        }
        if let name {
            if names[name] != nil { throw error("two groups are named '\(name)'", at: start) }
            names[name] = groups
        }
        return groups
    }

    private mutating func groupName() throws(PatternError) -> String {
        let start = index
        var name = ""
        while let scalar = next.flatMap(Unicode.Scalar.init), scalar.isASCII, isWordScalar(scalar) {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        guard !name.isEmpty, take(">") else { throw error("a group's name is letters, digits and '_', as in (?<name>…)", at: start) }
        return name
    }

    /// `i`, `m`, `s`, and with `-` before them their absence. False if they hold for the rest of the group around: `(?i)`.
    private mutating func readFlags(from start: Int) throws(PatternError) -> Bool {
        var isOn = true
        while let scalar = next.flatMap(Unicode.Scalar.init) {
            index += 1
            switch scalar {
            case "i": flags.ignoresCase = isOn
            case "m": flags.isMultiline = isOn
            case "s": flags.dotIsAll = isOn
            case "-": isOn = false
            case ":": return true
            case ")": return false
            case "=", "!", "<": throw error("look-around is not possible: it needs backtracking", at: start)
            case ">": throw error("atomic groups are not possible: nothing backtracks here", at: start)
            default: throw error("'(?\(scalar)' is not known", at: start)
            }
        }
        throw error("this '(' has no ')'", at: start)
    }

    // MARK: Repetition

    private mutating func repeated(_ atom: PatternTree, from start: Int) throws(PatternError) -> PatternTree {
        let place = index
        guard let (least, most) = try count() else { return atom }
        if case .place = atom { throw error("a place cannot be repeated", at: start) }
        let isLazy = take("?")
        if take("+") { throw error("possessive repetition is not possible: nothing backtracks here", at: place) }
        if let again = next.flatMap(Unicode.Scalar.init), again == "*" || again == "?" || again == "+" || again == "{" && isCount(at: index) {
            throw error("what is repeated already is repeated again: put a group around it")
        }
        return .repetition(atom, least: least, most: most, isLazy: isLazy)
    }

    private mutating func count() throws(PatternError) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = index
        guard isCount(at: start), take("{") else { return nil }
        let least = number() ?? 0
        let most = take(",") ? number() : least
        _ = take("}")
        for count in [least, most ?? 0] where count > LinearPattern.mostRepeats {
            throw error("a count is at most \(LinearPattern.mostRepeats)", at: start)
        }
        if let most, most < least { throw error("\(least) is more than \(most)", at: start) }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, (0x30...0x39).contains(scalar) {
            // Beyond what is allowed, how much it is does not matter.
            value = min((value ?? 0) * 10 + Int(scalar - 0x30), 1_000_000)
            index += 1
        }
        return value
    }

    /// Whether `{` is the beginning of `{2}`, `{2,}` or `{2,3}`; else it stands for itself.
    private func isCount(at start: Int) -> Bool {
        guard start < scalars.count, scalars[start] == ("{" as Unicode.Scalar).value else { return false }
        let rest = scalars[(start + 1)...].prefix { (0x30...0x39).contains($0) || $0 == 0x2C }
        let end = rest.endIndex
        guard end < scalars.count, scalars[end] == ("}" as Unicode.Scalar).value, let first = rest.first, first != 0x2C else { return false }
        return rest.filter { $0 == 0x2C }.count <= 1
    }
}
