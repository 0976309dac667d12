import ChatText
import Testing

@Suite("Messages")
struct MessageTests {
    func problem(_ text: String, _ limit: Int = 20) -> TextProblem? { ChatText.problem(inMessage: text, maxCharacters:
    limit) }

    @Test(
        "text of any language is a message",
        arguments: ["hi", "안녕하세요", "שלום", "👩‍👩‍👧‍👦", "a\tb\nc", "é", "e\u{301}", "\u{200F}א"])
    func fine(_ text: String) { #expect(problem(text) == nil) }

    @Test(
        "what nobody can see is empty",
        arguments: [
            "", " ", "\n\t", "         ", "\u{3000}", "\u{200B}\u{2060}", "\u{3164}", "\u{FEFF}", "\u{2800}",
            "\u{2028}",
        ])
    func empty(_ text: String) { #expect(problem(text) == .empty) }

    @Test("the limit counts scalars, and is itself allowed")
    func limit() {
        #expect(problem(String(repeating: "a", count: 20)) == nil)
        #expect(problem(String(repeating: "a", count: 21)) == .tooLong)
        #expect(problem(String(repeating: "가", count: 20)) == nil)
        #expect(problem(String(repeating: "가", count: 21)) == .tooLong)
        #expect(problem("a" + String(repeating: "\u{301}", count: 20)) == .tooLong)
        #expect(problem(String(repeating: "\u{1}", count: 1000)) == .tooLong)
        #expect(problem("a", 0) == .tooLong)
        #expect(problem("a", .max) == nil)
    }

    @Test("every control character but line feed and tab is refused, wherever it stands")
    func controls() {
        for value in Array(0..<0x20) + Array(0x7F..<0xA0) as [UInt32] {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for text in ["\(scalar)a", "12345\(scalar)7890", "12345678901234\(scalar)"] {
                #expect(problem(text) == (value == 9 || value == 10 ? nil : .control), "U+\(String(value, radix: 16))")
            }
        }
    }

    @Test("every printable ASCII character is allowed, in every place of eight")
    func printable() {
        for value in UInt8(0x21)...0x7E {
            for place in 0..<9 {
                var bytes = [UInt8](repeating: 0x20, count: 9)
                bytes[place] = value
                #expect(problem(String(decoding: bytes, as: UTF8.self)) == nil)
            }
        }
    }

    @Test("noncharacters are refused", arguments: [0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0x1FFFE, 0x10FFFF] as [UInt32])
    func noncharacters(_ value: UInt32) {
        #expect(Unicode.Scalar(value).map { problem("a\(Character($0))") } == .control)
    }

    @Test(
        "controls that turn the direction of writing are refused",
        arguments: ["a\u{202E}b", "\u{2066}a\u{2069}", "\u{202A}"])
    func directions(_ text: String) { #expect(problem(text) == .direction) }

    @Test("a problem is said in a sentence")
    func sentences() {
        #expect(TextProblem.tooLong.sentence(limit: 4000) == "A message has at most 4000 characters.")
        #expect(TextProblem.empty.sentence(limit: 1) == "A message needs something that can be read.")
        #expect(
            TextProblem.control.sentence(limit: 1)
                == "A message has no control characters other than line breaks and tabs.")
        #expect(
            TextProblem.direction.sentence(limit: 1)
                == "A message has no invisible characters that turn the direction of the writing.")
    }
}
