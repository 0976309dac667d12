import ChatText
import Testing

@Suite("Width and length")
struct WidthTests {
    @Test(
        "columns in a terminal",
        arguments: [
            ("", 0), ("hello", 5), ("a\tb\n", 2), ("안녕", 4), ("日本", 4), ("ｱ", 1), ("Ａ", 2), ("é", 1), ("e\u{301}", 1),
            ("🙂", 2), ("👩‍👩‍👧‍👦", 2), ("🇰🇷", 2), ("❤️", 2), ("❤", 1), ("a\u{200B}b", 2),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("👍🏽", 2), ("ㅋㅋ", 4), ("न", 1), ("\u{1B}[1m", 3), ("─│", 2), ("。", 2),
            ("…", 1),
        ])
    func width(_ text: String, _ columns: Int) { #expect(ChatText.width(text) == columns) }

    @Test("graphemes are what a person counts")
    func graphemes() {
        #expect(ChatText.graphemes("") == 0)
        #expect(ChatText.graphemes("안녕👩‍👩‍👧‍👦e\u{301}") == 4)
    }

    @Test(
        "a text is cut between graphemes, and the cut shows",
        arguments: [
            ("hello", 5, "hello"), ("hello", 4, "hel…"), ("hello", 1, "…"), ("hello", 0, ""), ("hello", -1, ""),
            ("", 3, ""), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"), ("👩‍👩‍👧‍👦👍🏽!", 2, "👩‍👩‍👧‍👦…"),
        ])
    func truncate(_ text: String, _ limit: Int, _ cut: String) { #expect(ChatText.truncate(text, to: limit) == cut) }
}
