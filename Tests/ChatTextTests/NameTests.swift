import ChatText
import Testing

@Suite("Names")
struct NameTests {
    func name(_ text: String, _ limit: Int = 10) -> String? { ChatText.normalizedName(text, maxCharacters: limit) }

    @Test("white space is trimmed, and inside it is one space")
    func space() {
        #expect(name("  Ann \t\n  Lee\u{3000}") == "Ann Lee")
        #expect(name("a\u{A0}b") == "a b")
    }

    @Test("what is kept is 1 to the limit in scalars")
    func length() {
        #expect(name("") == nil)
        #expect(name("   ") == nil)
        #expect(name("   1234567890   ") == "1234567890")
        #expect(name("12345678901") == nil)
        #expect(name("가나다라마바사아자차") == "가나다라마바사아자차")
        #expect(name("123456789 1") == nil)
    }

    @Test(
        "names with invisible or control characters are refused",
        arguments: [
            "a\u{200B}b", "ann\u{3164}", "\u{3164}", "a\u{AD}b", "a\u{202E}b", "a\u{0}b", "a\u{200D}b", "김\u{200D}철수",
            "a\u{FE0F}", "1\u{FE0F}", "\u{FEFF}ann", "\u{2800}", "\u{E0041}a", "🙂\u{200D}", "\u{200D}🙂",
        ])
    func invisible(_ text: String) { #expect(name(text) == nil) }

    @Test("joiners are fine where they join", arguments: ["👩‍💻 Ann", "1️⃣", "❤️‍🔥", "علی‌رضا", "क्‍ष"])
    func joiners(_ text: String) { #expect(name(text) == text) }

    @Test("marks need a letter, and more than four in a row are a smear")
    func marks() {
        #expect(name("\u{301}a") == nil)
        #expect(name("a\u{301}\u{302}\u{303}\u{304}") == "a\u{301}\u{302}\u{303}\u{304}")
        #expect(name("a\u{301}\u{302}\u{303}\u{304}\u{305}") == nil)
    }
}
