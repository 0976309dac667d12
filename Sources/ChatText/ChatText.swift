/// What text in a chat message is: whether it may be said, what it looks like, whom it names and where it leads.
///
/// Everything here is a pure function of its arguments. There is no I/O, no locale and no state, so all of it may be
/// called from any thread. Where a "character" is counted for a limit it is a Unicode scalar (see
/// `problem(inMessage:)`); where text is cut or measured for a person it is a grapheme cluster (UAX #29).
package enum ChatText {}

extension ChatText {
    /// Builds the tables that are built when first used, which takes some milliseconds: to be called before anything is
    /// timed, as plugins are.
    package static func prepare() {
        let words = Matcher(words: ["é가"], options: .init(folding: .confusables, wholeWord: true, allow: [], ignoresSeparators: true))
        _ = words.find("É 가 é가는 1$ ㅏ")
        _ = fold("É가ㄱ１")
        _ = links(in: "www.example.com é")
    }

    /// How many grapheme clusters (UAX #29) a text has: what a person would count. Takes time in the length of the
    /// text.
    package static func graphemes(_ text: String) -> Int { text.count }

    /// The text, or its beginning and "…" if it has more than `graphemes` grapheme clusters. What is returned has at
    /// most `graphemes` of them, the "…" included; nothing at all if `graphemes` is 0 or less.
    package static func truncate(_ text: String, to graphemes: Int) -> String {
        guard graphemes > 0 else { return "" }
        guard let end = text.index(text.startIndex, offsetBy: graphemes, limitedBy: text.endIndex),
            end < text.endIndex
        else { return text }
        return text[..<text.index(before: end)] + "…"
    }
}
