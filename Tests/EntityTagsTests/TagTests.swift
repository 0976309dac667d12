import EntityTags
import Testing

@Suite("Entity tags (RFC 9110 §8.8.3)")
struct TagTests {
    @Test(
        "a tag is read and written",
        arguments: ["\"xyzzy\"", "W/\"xyzzy\"", "\"\"", "W/\"\"", "\"a,b\"", "\"back\\slash\"", "\"ü\"", "\"!#~\""])
    func read(_ text: String) throws {
        let tag = try #require(EntityTag(text))
        #expect(tag.description == text)
        #expect(tag.isWeak == text.hasPrefix("W"))
    }

    @Test(
        "nothing else is one",
        arguments: ["", "xyzzy", "\"", "\"x", "x\"", "w/\"x\"", "W/x", "W/ \"x\"", "\"a b\"", "\"a\"b\"", "*", " \"x\"", "\"x\" "])
    func invalid(_ text: String) {
        #expect(EntityTag(text) == nil)
    }

    /// The table of §8.8.3.2.
    @Test(
        "strong and weak comparison",
        arguments: [
            ("W/\"1\"", "W/\"1\"", false, true), ("W/\"1\"", "W/\"2\"", false, false), ("W/\"1\"", "\"1\"", false, true),
            ("\"1\"", "\"1\"", true, true),
        ])
    func comparison(_ one: String, _ other: String, strongly: Bool, weakly: Bool) throws {
        let one = try #require(EntityTag(one)), other = try #require(EntityTag(other))
        #expect(one.strongly(equals: other) == strongly && other.strongly(equals: one) == strongly)
        #expect(one.weakly(equals: other) == weakly && other.weakly(equals: one) == weakly)
    }
}

@Suite("Times (RFC 9110 §5.6.7)")
struct DateTests {
    private let now = 1_795_000_000

    @Test(
        "all three forms",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Wed, 31 Dec 1969 23:59:59 GMT", -1), ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
            ("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800), ("Sat Jan 10 00:00:00 2026", 1_768_003_200),
            ("Fri, 31 Dec 1999 23:59:60 GMT", 946_684_800),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799), ("Sat, 01 Jan 0000 00:00:00 GMT", -62_167_219_200),
            ("Mon, 01 Mar 1900 00:00:00 GMT", -2_203_891_200),
        ])
    func forms(_ text: String, _ seconds: Int) {
        #expect(secondsSince1970(httpDate: text, now: now) == seconds)
    }

    @Test(
        "a year of two digits is not more than 50 years ahead",
        arguments: [("26", 2026), ("76", 2076), ("77", 1977), ("99", 1999), ("00", 2000)])
    func centuries(_ digits: String, _ year: Int) {
        #expect(secondsSince1970(httpDate: "Monday, 01-Mar-\(digits) 00:00:00 GMT", now: now)
            == secondsSince1970(httpDate: "Mon, 01 Mar \(year) 00:00:00 GMT", now: now))
    }

    @Test(
        "what is no time",
        arguments: [
            "", "0", "yesterday", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun 06 Nov 1994 08:49:37 GMT",
            "sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Wed, 29 Feb 2023 08:49:37 GMT", "Mon, 29 Feb 1900 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:60:00 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 Nov 1994 08:49:37.5 GMT",
            "Sun, 06 Nov 94 08:49:37 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "Sun Nov  16 08:49:37 1994",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun,  06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun Nov    6 08:49:37 1994",
        ])
    func invalid(_ text: String) {
        #expect(secondsSince1970(httpDate: text, now: now) == nil)
    }
}
