/// Many words, searched for in a text all at once and in time linear in the text's length.
///
/// Words and texts are folded in the same way, so "b4d" in the list finds "bad" and the other way round. Korean is
/// compared by letters: 시발, ㅅㅣㅂㅏㄹ and 시바ㄹ are one word, and 바보 is not found in 바본. Repeated letters ("baaad") are not
/// folded.
///
/// Building takes time and memory in the length of the words; build once and keep it.
package struct Matcher: Sendable {
    /// What is equal besides what is the same.
    package enum Folding: String, Sendable {
        /// Nothing: scalars are compared as they are. Composed and decomposed accents differ.
        case none
        /// Capital and small letters of every script (Unicode's lowercase mapping).
        case `case`
        /// What looks alike: as `ChatText.fold`, and "1" and "|" as l, "!" as i where that makes a word.
        case confusables
    }

    package struct Options: Sendable {
        package var folding: Folding
        /// Whether a match must not be inside a longer word. A word is a run of letters and digits (UAX #29 without its
        /// `_`, which people put around words); Han, kana, Thai, Lao, Khmer and Myanmar letters count as words of their
        /// own. Behind a Korean word particles may follow, as in 바보야 and 바보들은 (see `KoreanParticle`).
        package var wholeWord: Bool
        /// Words that are fine although a banned word is in them: a match that lies wholly in one of these is none.
        /// They are looked for inside longer words too.
        package var allow: [String]
        /// Whether white space and punctuation between letters, in words and text, are skipped: "b.a.d", "b a d",
        /// "ba-d".
        ///
        /// A match over white space counts only if the word has a space in the same place, or if it is spelled out
        /// letter by letter and is not inside a longer word: "b a d" is "bad", "so be at six" is not "beat". Digits and
        /// emoji are never skipped: "바1보" is not "바보". A word of nothing but punctuation is never found.
        package var ignoresSeparators: Bool

        package init(folding: Folding, wholeWord: Bool, allow: [String], ignoresSeparators: Bool) {
            self.folding = folding
            self.wholeWord = wholeWord
            self.allow = allow
            self.ignoresSeparators = ignoresSeparators
        }
    }

    package struct Match: Sendable, Equatable {
        /// The word as it is in the list; the first of those that are equal when folded.
        package var word: String
        /// Where it is in the text as it was written, in UTF-8 bytes; from the start of a scalar to the end of one.
        package var range: Range<Int>
    }

    /// A word in one of its readings, as the automaton knows it.
    struct Pattern: Sendable {
        /// Its place in the list; nil for a word that is allowed.
        var word: Int?
        var length: Int
        /// The letters that have white space before them.
        var spaced: [Int]
        var hasLetter: Bool
    }

    let words: [String]
    let options: Options
    let patterns: [Pattern]
    let automaton: Automaton

    /// Words that are empty, or are when folded, are never found.
    package init(words: [String], options: Options) {
        var patterns: [Pattern] = []
        var folded: [[UInt32]] = []
        func add(_ text: String, as word: Int?, _ reading: Leet.Reading) -> Bool {
            let letters = Self.read(text, options, reading)
            patterns.append(
                Pattern(
                    word: word, length: letters.letters.count,
                    spaced: letters.letters.indices.filter { letters.letters[$0].traits.contains(.spaced) },
                    hasLetter: letters.letters.contains { $0.traits.contains(.letter) }))
            folded.append(letters.letters.map(\.scalar))
            return letters.isAmbiguous
        }
        let banned = words.enumerated().map { (word: $1, index: Optional($0)) }
        for (word, index) in banned + options.allow.map({ (word: $0, index: nil) }) {
            // A word that can be read in two ways is looked for in both.
            if add(word, as: index, .letters) { _ = add(word, as: index, .signs) }
        }
        self.words = words
        self.options = options
        self.patterns = patterns
        automaton = Automaton(words: folded)
    }

    /// The leftmost match, and of those that begin there the longest; nil if there is none.
    ///
    /// Takes time in the text's length, times what the words make of it where many of them end in the same place.
    /// - Parameter mayGoOn: asked now and then; if not, what was found so far counts
    package func find(_ text: String, mayGoOn: () -> Bool = { true }) -> Match? {
        candidates(in: text, mayGoOn: mayGoOn).min().map { Match(word: words[$0.word], range: $0.range) }
    }

    /// All matches that do not overlap, from left to right, the longest of those that begin in the same place.
    package func findAll(_ text: String) -> [Match] {
        var matches: [Match] = []
        var end = 0
        for candidate in candidates(in: text).sorted() where candidate.range.lowerBound >= end {
            matches.append(Match(word: words[candidate.word], range: candidate.range))
            end = candidate.range.upperBound
        }
        return matches
    }

    static func read(_ text: String, _ options: Options, _ reading: Leet.Reading) -> LetterReader {
        var reader = LetterReader(
            folding: options.folding, ignoresSeparators: options.ignoresSeparators, reading: reading)
        text.readUTF8 { reader.read($0) }
        return reader
    }
}
