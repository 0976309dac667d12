import ChatText
import Testing

@Suite("Emoji") struct EmojiTests {
    @Test("one emoji is one, however many characters it is made of", arguments: [
        "👍", "👍🏽", "❤️", "☕️", "😀", "🇰🇷", "1️⃣", "#️⃣", "👩‍💻", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍🌈", "❤️‍🔥", "🫱🏻‍🫲🏿",
    ])
    func emoji(text: String) { #expect(ChatText.emoji(text) == text) }

    @Test("a character that shows as text by itself gets what makes it a picture", arguments: [("❤", "❤️"), ("☕", "☕"), ("✔", "✔️"), ("™", "™️")])
    func variation(text: String, expected: String) { #expect(ChatText.emoji(text) == expected) }

    @Test("everything else is none", arguments: [
        "", " ", "a", "가", "1", "#", "12", "👍👍", "👍a", "a👍", "❤︎", "🇰", "🇰🇷🇰🇷", "\u{200D}", "\u{FE0F}", "<", "\u{20E3}", "a\u{20E3}", ":+1:", "e\u{301}", "👍\u{301}",
        "👍" + String(repeating: "\u{200D}👍", count: 20),
    ])
    func none(text: String) { #expect(ChatText.emoji(text) == nil) }
}
