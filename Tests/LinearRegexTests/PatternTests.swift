import Testing

@testable import LinearRegex

/// The texts of the match and its groups; nil if there is none.
private func found(_ pattern: String, in text: String, ignoresCase: Bool = false) throws -> [String?]? {
    let utf8 = Array(text.utf8)
    let match = try LinearPattern(pattern, ignoresCase: ignoresCase).find(in: utf8)
    return match.map { match in match.groups.map { range in range.map { String(decoding: utf8[$0], as: UTF8.self) } } }
}

@Suite("Patterns")
struct PatternTests {
    @Test("the parts of the syntax mean what they say", arguments: [
        ("a.c", "xabcx", ["abc"]), ("a|b", "cb", ["b"]), ("(a)(b)?", "ac", ["a", "a", nil]), ("a*", "aaa", ["aaa"]), ("a*?", "aaa", [""]),
        ("a+?b", "aab", ["aab"]), ("a{2}", "aaa", ["aa"]), ("a{2,}", "aaaa", ["aaaa"]), ("a{1,2}?", "aaa", ["a"]), ("a{,2}", "a{,2}", ["a{,2}"]),
        ("x{", "x{", ["x{"]), ("[abc]+", "xcab", ["cab"]), ("[^abc]+", "abxyc", ["xy"]), ("[a-c-]+", "x-b", ["-b"]), ("[]a]+", "]a]", ["]a]"]),
        ("[\\]]", "]", ["]"]), ("\\d+", "a12b", ["12"]), ("\\D+", "1ab2", ["ab"]), ("\\w+", "…한글_1…", ["한글_1"]), ("\\s", "a\u{3000}b", ["\u{3000}"]),
        ("\\p{L}+", "1é한", ["é한"]), ("\\p{Lu}", "aÉ", ["É"]), ("\\P{L}+", "ab12", ["12"]), ("\\pN", "a٣", ["٣"]), ("[\\p{Nd}.]+", "v1.2", ["1.2"]),
        ("^a", "ba", nil), ("^a", "ab", ["a"]), ("a$", "ba", ["a"]), ("a$", "a\n", ["a"]), ("(?m)^b$", "a\nb\nc", ["b"]), ("a\\z", "a\n", nil),
        ("\\bcat\\b", "concat cat", ["cat"]), ("\\Bcat", "cat concat", ["cat"]), ("(?i)ÄB", "äb", ["äb"]), ("(?i:a)b", "Ab", ["Ab"]), ("(?i:a)b", "AB", nil),
        ("(?s).", "\n", ["\n"]), (".", "\n", nil), ("(?<year>\\d{4})-(?<month>\\d\\d)", "on 2026-11", ["2026-11", "2026", "11"]), ("(?:ab)+", "ababx", ["abab"]),
        ("\\x41\\u0042\\u{1F600}", "AB😀", ["AB😀"]), ("\\.\\*\\\\", ".*\\", [".*\\"]), ("a(?i)b", "aB", ["aB"]), ("(a(?i)b)c", "aBC", nil),
        ("(a|ab)(c|bcd)(d*)", "abcd", ["abcd", "a", "bcd", ""]), ("(|a)*", "a", ["", ""]), ("(a*)*", "b", ["", ""]), ("(?:a|b)*?c", "abac", ["abac"]),
        ("", "abc", [""]), ("[가-힣]+", "abc한국", ["한국"]), ("😀+", "x😀😀", ["😀😀"]),
    ] as [(String, String, [String?]?)])
    func means(pattern: String, text: String, expected: [String?]?) throws {
        #expect(try found(pattern, in: text) == expected)
    }

    @Test("what is wrong is said, with its place", arguments: [
        ("(a", 1, "this '(' has no ')'"), ("a)", 2, "no '(' for this ')'"), ("ab[c", 3, "this '[' has no ']'"), ("*a", 1, "nothing before '*'"),
        ("a**", 3, "repeated already"), ("a\\", 2, "nothing behind"), ("(a)\\1", 4, "back-references are not possible"), ("(?=a)", 1, "look-around is not possible"),
        ("a(?<!b)", 2, "look-around"), ("(?>a)", 1, "atomic groups"), ("a++", 2, "possessive"), ("[b-a]", 2, "backwards"), ("a{3,2}", 2, "3 is more than 2"),
        ("a{2000}", 2, "at most 1000"), ("\\q", 1, "'\\q' is not known"), ("\\p{Hangul}", 1, "no property 'Hangul'"), ("(?<a>x)(?<a>y)", 8, "two groups are named 'a'"),
        ("\\x4", 1, "a character is written"), ("[[:alpha:]]", 2, "[:name:]"), ("^*", 1, "a place cannot be repeated"), ("(?P<a>b)", 1, "'(?P' is not known"),
    ])
    func mistakes(pattern: String, position: Int, message: String) throws {
        let error = try #require(throws: PatternError.self) { try LinearPattern(pattern) }
        #expect(error.message.contains(message), "\(error)")
        #expect(error.position == position)
    }

    @Test("a pattern that comes to too much is refused", arguments: [
        "(?:a{100}){100}", "(?:(?:(?:(?:){1000}){1000}){1000}){1000}", String(repeating: "(", count: 200) + String(repeating: ")", count: 200),
        String(repeating: "()", count: 30), String(repeating: "a", count: 5_000),
    ])
    func tooLarge(pattern: String) {
        #expect(throws: PatternError.self) { try LinearPattern(pattern) }
    }

    @Test("a search can begin further on, and sees what is before it") func from() throws {
        let pattern = try LinearPattern("\\ba")
        #expect(try pattern.find(in: Array("a ba a".utf8), from: 1)?.range == 5..<6)
        #expect(try pattern.find(in: Array("ba".utf8), from: 1) == nil)
    }

    @Test("names of groups are known") func names() throws {
        #expect(try LinearPattern("(?<a>x)(y)(?<b>z)").names == ["a": 1, "b": 3])
    }

    @Test("steps grow with the text and not faster, whatever the pattern", arguments: ["(a+)+b", "(a|a)*b", "(a*)*b", "(?:a?){30}a{30}", "(.*)(.*)(.*)x", "a.*a.*a.*b"])
    func linear(pattern: String) throws {
        let pattern = try LinearPattern(pattern)
        var steps: [Int] = []
        for length in [1_000, 2_000, 4_000] {
            let before = pattern.steps
            _ = try pattern.find(in: Array(repeating: 0x61, count: length))
            steps.append(pattern.steps - before)
        }
        #expect(Double(steps[1]) < 2.1 * Double(steps[0]))
        #expect(Double(steps[2]) < 2.1 * Double(steps[1]))
    }

    @Test("a search can be ended from outside") func interrupted() throws {
        let pattern = try LinearPattern("(a|b)*c")
        #expect(throws: LinearPattern.Interrupted.self) { try pattern.find(in: Array(repeating: 0x61, count: 100_000)) { false } }
        #expect(try pattern.find(in: Array("abc".utf8))?.range == 0..<3)
    }
}
