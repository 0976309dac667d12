import ChatText
import Testing

@Suite("Words in random texts")
struct MatcherPropertyTests {
    @Test("the automaton finds what a search word by word finds", arguments: [1, 2, 3, 4] as [UInt64])
    func sameAsNaive(_ seed: UInt64) {
        var random = SplitMix64(state: seed)
        for _ in 0..<5_000 {
            let naive = NaiveMatcher(
                words: random.texts(1...6, of: "aabbc. ", length: 1...5),
                allowed: random.texts(0...2, of: "aabbc ", length: 2...6),
                wholeWord: .random(using: &random), ignoresSeparators: .random(using: &random))
            let matcher = Matcher(
                words: naive.words,
                options: .init(
                    folding: .none, wholeWord: naive.wholeWord, allow: naive.allowed,
                    ignoresSeparators: naive.ignoresSeparators))
            let text = random.text(of: "aaabbbc. -", length: 0...24)
            let found = matcher.findAll(text).map { NaiveMatcher.Found(word: $0.word, range: $0.range) }
            #expect(found == naive.findAll(text), "\(naive) in \(text)")
            #expect(matcher.find(text)?.range == found.first?.range)
        }
    }

    @Test("any spelling of a word is found where it is", arguments: [5, 6] as [UInt64])
    func anySpelling(_ seed: UInt64) {
        let spellings: [Character: [String]] = [
            "b": ["b", "B", "ｂ", "𝐛", "ⓑ"], "a": ["a", "A", "а", "4", "@", "á", "a\u{301}"], "d": ["d", "D", "ԁ", "ď"],
            "바": ["바", "ㅂㅏ", "\u{1107}\u{1161}", "ㅂ\u{200B}ㅏ"], "봉": ["봉", "ㅂㅗㅇ", "보ㅇ", "\u{1107}\u{1169}\u{11BC}"],
        ]
        var random = SplitMix64(state: seed)
        let matcher = Matcher(
            words: ["bad", "바봉"],
            options: .init(folding: .confusables, wholeWord: true, allow: [], ignoresSeparators: true))
        for _ in 0..<5_000 {
            let word = Bool.random(using: &random) ? "bad" : "바봉"
            let separator = ["", ".", "-", "…", "\u{2060}"].randomElement(using: &random) ?? ""
            let spelled = word.map { spellings[$0]?.randomElement(using: &random) ?? "" }.joined(separator: separator)
            let before = ["", "oh ", "그 ", "🙂", "("].randomElement(using: &random) ?? ""
            let match = matcher.find(before + spelled + [" yes", "!", "", " 응"].randomElement(using: &random)!)
            #expect(match?.word == word, "\(spelled)")
            #expect(match?.range == before.utf8.count..<(before + spelled).utf8.count, "\(spelled)")
        }
    }
}

/// What `Matcher` promises for ASCII without folding, said as simply as possible: every word is tried in every place.
struct NaiveMatcher {
    struct Found: Equatable {
        var word: String
        var range: Range<Int>
    }

    var words: [String]
    var allowed: [String]
    var wholeWord: Bool
    var ignoresSeparators: Bool

    func findAll(_ text: String) -> [Found] {
        let text = Array(text)
        let excused = allowed.flatMap { word in
            text.indices.compactMap { end(of: word, in: text, at: $0, isAllowed: true) }
        }
        var found: [Found] = []
        var start = 0
        while start < text.count {
            let best = words.compactMap { word -> Found? in
                guard let range = end(of: word, in: text, at: start, isAllowed: false) else { return nil }
                if wholeWord, !isBounded(range, in: text) { return nil }
                let isExcused = excused.contains {
                    $0.lowerBound <= range.lowerBound && $0.upperBound >= range.upperBound
                }
                return isExcused ? nil : Found(word: word, range: range)
            }.reduce(nil as Found?) { best, next in
                guard let best else { return next }
                return next.range.upperBound > best.range.upperBound ? next : best
            }
            if let best { found.append(best) }
            start = best?.range.upperBound ?? start + 1
        }
        return found
    }

    private func end(of word: String, in text: [Character], at start: Int, isAllowed: Bool) -> Range<Int>? {
        let (letters, wordGaps) = split(Array(word))
        guard !letters.isEmpty, !ignoresSeparators || text[start].isLetter else { return nil }
        var gaps: Set<Int> = []
        var position = start
        for (index, letter) in letters.enumerated() {
            while ignoresSeparators, position < text.count, !text[position].isLetter {
                if text[position] == " " { gaps.insert(index) }
                position += 1
            }
            guard position < text.count, text[position] == letter else { return nil }
            position += 1
        }
        let range = start..<position
        if gaps.isSubset(of: wordGaps) { return range }
        return !isAllowed && gaps.count == letters.count - 1 && isBounded(range, in: text) ? range : nil
    }

    /// The letters of a word, and before which of them it has spaces.
    private func split(_ word: [Character]) -> ([Character], Set<Int>) {
        guard ignoresSeparators else { return (word, []) }
        var letters: [Character] = []
        var gaps: Set<Int> = []
        for character in word {
            if character.isLetter { letters.append(character) } else if character == " " { gaps.insert(letters.count) }
        }
        return (letters, gaps)
    }

    private func isBounded(_ range: Range<Int>, in text: [Character]) -> Bool {
        !joins(text, at: range.lowerBound) && !joins(text, at: range.upperBound)
    }

    /// Whether there are letters on both sides of a place.
    private func joins(_ text: [Character], at index: Int) -> Bool {
        index > 0 && index < text.count && text[index - 1].isLetter && text[index].isLetter
    }
}

/// Random numbers that are the same for the same seed (S. Vigna's splitmix64).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func text(of alphabet: String, length: ClosedRange<Int>) -> String {
        String((0..<Int.random(in: length, using: &self)).compactMap { _ in alphabet.randomElement(using: &self) })
    }

    mutating func texts(_ count: ClosedRange<Int>, of alphabet: String, length: ClosedRange<Int>) -> [String] {
        (0..<Int.random(in: count, using: &self)).map { _ in text(of: alphabet, length: length) }
    }
}
