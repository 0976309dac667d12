/// A place where a word is, before overlaps are settled. Sorted leftmost, then longest, then in the order of the words.
struct MatchCandidate: Comparable {
    var word: Int
    var range: Range<Int>

    static func < (one: MatchCandidate, other: MatchCandidate) -> Bool {
        if one.range.lowerBound != other.range.lowerBound { return one.range.lowerBound < other.range.lowerBound }
        if one.range.upperBound != other.range.upperBound { return one.range.upperBound > other.range.upperBound }
        return one.word < other.word
    }
}

extension Matcher {
    /// Letters and words looked at between two questions whether to go on.
    private static let patience = 4_096

    /// Every match that counts, in any order.
    func candidates(in text: String, mayGoOn: () -> Bool = { true }) -> [MatchCandidate] {
        var candidates: [MatchCandidate] = []
        var allowed: [Range<Int>] = []
        if search(text, .letters, &candidates, &allowed, mayGoOn) { _ = search(text, .signs, &candidates, &allowed, mayGoOn) }
        if candidates.isEmpty || allowed.isEmpty { return candidates }
        let excused = Coverage(allowed)
        return candidates.filter { !excused.covers($0.range) }
    }

    /// Searches a text in one reading, to its end or until it may not go on. Answers whether there is another.
    private func search(
        _ text: String, _ reading: Leet.Reading, _ candidates: inout [MatchCandidate], _ allowed: inout [Range<Int>], _ mayGoOn: () -> Bool
    ) -> Bool {
        let reader = Self.read(text, options, reading)
        let letters = reader.letters
        var (state, work) = (0, 0)
        for last in letters.indices {
            work += 1
            if work >= Self.patience {
                work = 0
                if !mayGoOn() { return false }
            }
            state = automaton.next(after: state, letters[last].scalar)
            if state == 0 { continue }
            automaton.forEachWord(endingIn: state) { index in
                let pattern = patterns[index]
                work += pattern.length
                let first = last + 1 - pattern.length
                guard isWhole(letters, first, last), followsSpaces(letters, first, last, pattern) else { return }
                let range = Int(letters[first].start)..<Int(letters[last].end)
                guard let word = pattern.word else { return allowed.append(range) }
                guard counts(letters, first, last, pattern, in: text) else { return }
                candidates.append(MatchCandidate(word: word, range: range))
            }
        }
        return reader.isAmbiguous
    }

    /// Whether a match takes no letter apart.
    private func isWhole(_ letters: [Letter], _ first: Int, _ last: Int) -> Bool {
        if letters[first].traits.contains(.continues) { return false }
        return last + 1 == letters.count || !letters[last + 1].traits.contains(.continues)
    }

    /// Whether white space in a match is where the word has it, or else between all of its letters.
    private func followsSpaces(_ letters: [Letter], _ first: Int, _ last: Int, _ pattern: Pattern) -> Bool {
        guard options.ignoresSeparators, first < last else { return true }
        let inner = (first + 1)...last
        if !inner.contains(where: { letters[$0].traits.contains(.spaced) && !pattern.spaced.contains($0 - first) }) {
            return true
        }
        // What is spelled out is no part of an allowed word: "pen island" must not excuse "p e n i s".
        if pattern.word == nil { return false }
        return inner.allSatisfy { !letters[$0].traits.isDisjoint(with: [.spaced, .continues]) }
            && isBounded(letters, first, last)
    }

    private func counts(_ letters: [Letter], _ first: Int, _ last: Int, _ pattern: Pattern, in text: String) -> Bool {
        if pattern.hasLetter, isNumber(letters[first...last]) { return false }
        return !options.wholeWord || isBounded(letters, first, last)
            || !letters[first].traits.contains(.joined) && isBeforeParticle(letters, last, in: text)
    }

    /// Whether a match is digits, with signs at most: 455 is not "ass", and $5 is not "ss".
    private func isNumber(_ match: ArraySlice<Letter>) -> Bool {
        match.contains { $0.traits.contains(.digit) } && !match.contains { $0.traits.contains(.letter) }
    }

    private func isBounded(_ letters: [Letter], _ first: Int, _ last: Int) -> Bool {
        !letters[first].traits.contains(.joined)
            && (last + 1 == letters.count || !letters[last + 1].traits.contains(.joined))
    }

    /// Whether what goes on behind a match up to the end of the word is Korean grammar.
    private func isBeforeParticle(_ letters: [Letter], _ last: Int, in text: String) -> Bool {
        // One letter more than any particle has: a word that goes on for longer need not be read to its end.
        let rest = letters[(last + 1)...].prefix(KoreanParticle.maxLetters + 1).prefix { $0.traits.contains(.joined) }
        guard rest.count <= KoreanParticle.maxLetters, let end = rest.last?.end else { return false }
        let start = letters[last].end
        return KoreanParticle.canFollow(Substring(text.utf8.dropFirst(Int(start)).prefix(Int(end - start))))
    }
}

/// Ranges, asked which others lie in one of them.
private struct Coverage {
    private let starts: [Int]
    /// For each start, how far any range that begins there or before reaches.
    private var reach: [Int] = []

    init(_ ranges: [Range<Int>]) {
        let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
        starts = sorted.map(\.lowerBound)
        for range in sorted { reach.append(max(reach.last ?? 0, range.upperBound)) }
    }

    func covers(_ range: Range<Int>) -> Bool {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low > 0 && reach[low - 1] >= range.upperBound
    }
}
