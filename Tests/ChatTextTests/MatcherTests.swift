import ChatText
import Testing

@Suite("Words in a text")
struct MatcherTests {
    func matcher(
        _ words: [String], _ folding: Matcher.Folding = .confusables, whole: Bool = true, allow: [String] = [],
        separators: Bool = true
    ) -> Matcher {
        Matcher(
            words: words,
            options: .init(folding: folding, wholeWord: whole, allow: allow, ignoresSeparators: separators))
    }

    func found(_ matcher: Matcher, _ text: String) -> [String] {
        matcher.findAll(text).map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) }
    }

    @Test(
        "a banned word is found however it is spelled",
        arguments: [
            "darn", "DARN", "dаrn", "d.a.r.n", "ｄａｒｎ", "d a r n", "d-a_r/n", "da.rn", "d4rn", "d@rn", "dårn",
            "d\u{200B}arn", "d\u{336}a\u{336}rn", "𝕕𝕒𝕣𝕟", "ⓓⓐⓡⓝ", "d . a . r . n", "d\na\nr\nn",
        ])
    func spelled(_ text: String) {
        #expect(found(matcher(["darn"]), text) == [text])
        #expect(found(matcher(["darn"]), "oh, \(text)!") == [text])
        #expect(matcher(["darn"]).find("oh \(text) it")?.word == "darn")
    }

    @Test(
        "a banned word next to signs is found",
        arguments: ["@darn", "darn!", "darn$", "$darn", "|darn|", "_darn_", "*darn*", "darn's"])
    func signs(_ text: String) { #expect(found(matcher(["darn"]), text) == ["darn"]) }

    @Test("signs are letters or separators, whichever makes a word")
    func readings() {
        #expect(found(matcher(["shit"]), "sh!t sh1t s|h!i|t") == ["sh!t", "sh1t", "s|h!i|t"])
        #expect(found(matcher(["hello"]), "he11o he||o hel1o") == ["he11o", "he||o", "hel1o"])
        #expect(found(matcher(["ass"]), "@$$") == ["@$$"])
        #expect(found(matcher(["b4d"]), "bad b4d") == ["bad", "b4d"])
        #expect(found(matcher(["b@d"]), "bad") == ["bad"])
    }

    @Test("numbers are no words, unless the word is a number")
    func numbers() {
        #expect(found(matcher(["ass", "so"]), "455 points, $5.0, 50") == [])
        #expect(found(matcher(["1488"]), "room 1488") == ["1488"])
        #expect(found(matcher(["1488"]), "11488") == [])
    }

    @Test(
        "a whole word is not inside another, not even across spaces",
        arguments: [
            "darnel", "adarn", "darn2", "mob adar n", "mod arnold", "who re-did it", "lad a rn", "d arn", "dar nit",
            "바본", "바보상자", "우리 집바 보자", "이 바 보자", "바1보", "가바보",
        ])
    func inside(_ text: String) { #expect(found(matcher(["darn", "whore", "바보"]), text) == []) }

    @Test("a word is found inside another if whole words are not asked for")
    func parts() {
        #expect(found(matcher(["darn"], whole: false), "adarnel") == ["darn"])
        #expect(found(matcher(["바보"], whole: false), "가바보상자") == ["바보"])
        #expect(found(matcher(["bad"], whole: false), "tuba dance, mob a dam") == [])
    }

    @Test(
        "Korean is found in syllables and in letters, and before particles",
        arguments: ["바보", "ㅂㅏㅂㅗ", "ㅂㅏ보", "바.보", "ㅂ ㅏ ㅂ ㅗ", "\u{1107}\u{1161}\u{1107}\u{1169}", "ﾲￂﾲￌ"])
    func korean(_ text: String) {
        for after in ["", "야", "가 있다", "들은", "ㅋㅋ", "ㅠㅠ", "입니다.", "님", "!", "🙂", " 같은"] {
            #expect(found(matcher(["바보"]), "이 \(text)\(after)") == [text], "\(after)")
        }
    }

    @Test("a word spelled out over spaces stands alone")
    func spelledOut() {
        #expect(found(matcher(["바보"]), "이 바 보!") == ["바 보"])
        #expect(found(matcher(["바보"]), "이 바 보네") == [])
    }

    @Test("a last consonant typed apart belongs to the syllable")
    func finals() {
        #expect(found(matcher(["시발"]), "시바ㄹ ㅅㅣㅂㅏㄹ 시ㅂㅏㄹ 시발ㅋㅋ 시발점 시바") == ["시바ㄹ", "ㅅㅣㅂㅏㄹ", "시ㅂㅏㄹ", "시발"])
        #expect(found(matcher(["ㅄ"]), "ㅂㅅ") == ["ㅂㅅ"])
    }

    @Test("a match in an allowed word is none")
    func allowed() {
        let matcher = matcher(["cunt", "darn"], whole: false, allow: ["Scunthorpe", "darning"])
        #expect(found(matcher, "Scunthorpe, SCUNTHORPE, s.c.u.n.t.h.o.r.p.e; darning") == [])
        #expect(found(matcher, "cunt in Scunthorpe") == ["cunt"])
        #expect(found(matcher, "Scunthorp, darned") == ["cunt", "darn"])
        #expect(found(self.matcher(["penis"], allow: ["pen island"]), "p e n i s land") == ["p e n i s"])
        #expect(found(self.matcher(["penis"], allow: ["pen island"], separators: false), "pen island") == [])
    }

    @Test("a phrase is found with its spaces, and joined")
    func phrases() {
        #expect(
            found(matcher(["go away"]), "Go  away! goaway go-away g o a w a y goa way")
                == ["Go  away", "goaway", "go-away", "g o a w a y"])
        #expect(found(matcher(["go away"], separators: false), "go away goaway go  away") == ["go away"])
    }

    @Test("the leftmost is found, and of those that begin there the longest")
    func order() {
        let matcher = matcher(["ab", "abcd", "bcdef", "cd"], .none, whole: false, separators: false)
        #expect(matcher.find("xabcdef")?.word == "abcd")
        #expect(matcher.find("xabcdef")?.range == 1..<5)
        #expect(matcher.findAll("xabcdef ab cd").map(\.word) == ["abcd", "ab", "cd"])
        #expect(matcher.find("xyz") == nil)
    }

    @Test("ranges are bytes of the text as it was written")
    func ranges() {
        #expect(matcher(["바보"]).find("é 바보!")?.range == 3..<9)
        #expect(matcher(["fine"]).find("한 ﬁne")?.range == 4..<9)
        #expect(matcher(["cafe"]).find("CAFE\u{301}!")?.range == 0..<6)
        #expect(matcher(["e"], whole: false).findAll("æ") == [])
    }

    @Test("each folding makes equal what it says")
    func foldings() {
        #expect(found(matcher(["Bad"], .none), "bad Bad BAD") == ["Bad"])
        #expect(found(matcher(["Bad", "ПРИВЕТ"], .case), "bad BAD b4d привет") == ["bad", "BAD", "привет"])
        #expect(found(matcher(["cafe"], .case), "cafe\u{301} cafe") == ["cafe"])
        #expect(found(matcher(["😈"], .none), "a😈b 😈") == ["😈", "😈"])
        #expect(found(matcher(["❤"], .confusables), "❤️") == ["❤"])
    }

    @Test("the first of equal words gives its name")
    func names() { #expect(matcher(["b4d", "bad"]).find("BAD")?.word == "b4d") }

    @Test("Han and kana letters are words of their own")
    func han() { #expect(found(matcher(["馬鹿", "バカ"]), "この馬鹿者、ﾊﾞｶだ") == ["馬鹿", "ﾊﾞｶ"]) }

    @Test("no words, empty words and words of nothing but punctuation find nothing")
    func nothing() {
        for words in [[], [""], ["..."], ["\u{200B}"]] { #expect(found(matcher(words), "a... \u{200B} b") == []) }
        #expect(matcher(["bad"]).find("") == nil)
    }

    @Test("the guard plugin's words come out as its own tests want")
    func guardPlugin() {
        let matcher = matcher(["darn", "바보"], allow: ["darning"])
        for word in ["DARN", "dаrn", "d.a.r.n", "ｄａｒｎ", "바보", "ㅂㅏㅂㅗ"] {
            #expect(found(matcher, "oh " + word) == [word])
        }
        #expect(matcher.find("well, darn it")?.range == 6..<10)
        #expect(found(matcher, "I am darning socks; a darnel grows there") == [])
    }
}
