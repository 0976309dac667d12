/// Puts Hangul letters that were typed one by one into syllables, as a keyboard with two sets of keys does: ㅅㅣㅂㅏㄹ is
/// 시발.
///
/// A consonant ends a syllable unless a vowel follows it. Laughter is left alone: in ㅂㅏㅂㅗㅋㅋ the consonant ㅋ, said again
/// with no vowel after it, ends nothing, and the result is 바보ㅋㅋ.
struct HangulComposer {
    /// Letters as `Hangul.letters(of:)` gives them.
    private var letters: [UInt32] = []

    mutating func add(_ letter: UInt32) { letters.append(letter) }

    /// Appends what was added, composed, to a text in UTF-8, and is empty again.
    mutating func flush(into text: inout [UInt8]) {
        if letters.isEmpty { return }
        var index = 0
        while index < letters.count {
            let (scalar, length) = syllable(at: index)
            text.append(scalar: scalar)
            index += length
        }
        letters.removeAll(keepingCapacity: true)
    }

    /// The syllable that begins at `start`, or the letter there if none does, and how many letters it is made of.
    private func syllable(at start: Int) -> (scalar: UInt32, length: Int) {
        guard let initial = Hangul.initials.firstIndex(of: letters[start]), isVowel(start + 1) else {
            return (letters[start], 1)
        }
        let (vowel, vowels) = cluster(at: start + 1, continuing: isVowel)
        var length = 1 + vowels
        var final = 0
        if isFinal(start + length) {
            let (consonant, consonants) = cluster(at: start + length, continuing: isFinal)
            final = Hangul.finals.firstIndex(of: consonant) ?? 0
            if final > 0 { length += consonants }
        }
        return (0xAC00 + UInt32(initial) * 588 + (vowel - 0x314F) * 28 + UInt32(final), length)
    }

    /// The letter at `index`, together with the next one if that continues and the two have a common form (ㅗ and ㅏ: ㅘ).
    private func cluster(at index: Int, continuing: (Int) -> Bool) -> (scalar: UInt32, length: Int) {
        if continuing(index + 1),
            let both = Hangul.parts.firstIndex(where: { $0.0 == letters[index] && $0.1 == letters[index + 1] })
        {
            return (0x3131 + UInt32(both), 2)
        }
        return (letters[index], 1)
    }

    private func isVowel(_ index: Int) -> Bool { index < letters.count && letters[index] >= 0x314F }

    private func isFinal(_ index: Int) -> Bool {
        guard index < letters.count, !isVowel(index), !isVowel(index + 1) else { return false }
        let isSaidAgain = index + 1 < letters.count && letters[index + 1] == letters[index]
        return !isSaidAgain || isVowel(index + 2)
    }
}
