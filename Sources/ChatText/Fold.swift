extension ChatText {
    /// A text in the form in which texts that look alike are equal: for comparing, not for showing.
    ///
    /// - Small letters; wide, narrow, circled, mathematical and other forms of Latin letters and digits as ASCII.
    /// - Letters of other scripts that look like Latin ones as those, and Latin letters without diacritics (see
    ///   `ConfusableTable`, after UTS #39). æ is ae, ß is ss.
    /// - Digits and signs used for letters: 0 o, 1 i, 3 e, 4 a, 5 s, 7 t, @ a, $ s. Numbers become letters by this too.
    /// - Nothing of what cannot be seen, and no combining marks other than those that spell (Indic vowels, Arabic and
    ///   Hebrew points, marks of kana).
    /// - Hangul letters typed one by one, in any block, as syllables (see `HangulComposer`). Syllables stay as they
    ///   are: 시바ㄹ is not 시발 here, because in 바보ㅋ the last letter is not part of the word either. `Matcher` compares
    ///   letter by letter and finds both.
    ///
    /// Folding a folded text changes nothing. Takes time in the length of the text.
    package static func fold(_ text: String) -> String {
        let confusables = Confusables.shared
        var folded: [UInt8] = []
        folded.reserveCapacity(text.utf8.count)
        var hangul = HangulComposer()
        for scalar in text.unicodeScalars {
            if (0xAC00...0xD7A3).contains(scalar.value) {
                hangul.flush(into: &folded)
                folded.append(scalar: scalar.value)
            } else if let letters = Hangul.letters(of: scalar.value) {
                letters.forEach { hangul.add($0) }
            } else if scalar.isASCII {
                hangul.flush(into: &folded)
                folded.append(scalar: Leet.letter(for: scalar.value) ?? scalar.value)
            } else {
                confusables.fold(scalar.value) {
                    hangul.flush(into: &folded)
                    folded.append(scalar: Leet.letter(for: $0) ?? $0)
                }
            }
        }
        hangul.flush(into: &folded)
        return String(decoding: folded, as: UTF8.self)
    }
}
