import ChatText
import Testing

@Suite("Folding")
struct FoldTests {
    @Test(
        "look-alikes fold to one form",
        arguments: [
            ("Hello", "hello"), ("ＨＥＬＬＯ", "hello"), ("dаrn", "darn"), ("ΑΒ", "ab"), ("αβ", "ab"), ("ВАД", "baд"),
            ("вад", "baд"), ("b4d", "bad"), ("l33t 5h1t", "leet shit"), ("@$$", "ass"), ("café", "cafe"),
            ("cafe\u{301}", "cafe"), ("Øre", "ore"), ("straße", "strasse"), ("Æon", "aeon"), ("𝓫𝓪𝓭", "bad"),
            ("ⓑⓐⓓ", "bad"), ("🄱🅐🅳", "bad"), ("ᴮᵃᵈ", "bad"), ("ʙᴀᴅ", "bad"), ("ℂℒℯ", "cle"), ("\u{212A}", "k"),
            ("\u{212B}", "a"), ("ﬁne", "fine"), ("x²", "x2"), ("b\u{200B}a\u{AD}d", "bad"), ("z\u{336}a\u{335}", "za"),
            ("İı", "ii"), ("🇫🇷", "fr"), ("Ꭰꓮ", "da"), ("hello!", "hello!"), ("a|b", "a|b"),
        ])
    func looksAlike(_ text: String, _ folded: String) { #expect(ChatText.fold(text) == folded) }

    @Test(
        "Hangul typed letter by letter folds to syllables",
        arguments: [
            ("ㅂㅏㅂㅗ", "바보"), ("ㅂㅏ보", "바보"), ("ㅅㅣㅂㅏㄹ", "시발"), ("ㅂㅏㅂㅗㅋㅋ", "바보ㅋㅋ"), ("ﾊﾞｶ", "バカ"),
            ("\u{1107}\u{1161}\u{1107}\u{1169}", "바보"), ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", "한글"),
            ("ㄷㅏㄹㄱ", "닭"), ("ㄷㅏㄹㄱㅣ", "달기"), ("ㄱㅗㅏ", "과"), ("ㄱㅏㄱㄱㅣ", "각기"), ("ㅄ", "ㅂㅅ"), ("ㅋㅋㅋ", "ㅋㅋㅋ"), ("ㅠㅠ", "ㅠㅠ"),
            ("바보ㅋㅋ", "바보ㅋㅋ"), ("ㅂ\u{200B}ㅏ", "바"), ("ﾡￂ", "가"),
        ])
    func hangul(_ text: String, _ folded: String) { #expect(ChatText.fold(text) == folded) }

    @Test("what spells is kept", arguments: ["한국어", "日本語", "हिन्दी", "ไทย", "עִבְרִית", "🙂", "ㅋㅋ", "か\u{3099}"])
    func kept(_ text: String) { #expect(ChatText.fold(text) == text) }

    @Test("folding what is folded changes nothing, for every scalar")
    func idempotent() {
        for value in UInt32(0)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let folded = ChatText.fold(String(Character(scalar)))
            if ChatText.fold(folded) != folded { Issue.record("U+\(String(value, radix: 16))") }
        }
    }
}
