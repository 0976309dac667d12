import ChatText
import Testing

@Suite("Mentions")
struct MentionTests {
    @Test(
        "a name behind @ is a mention",
        arguments: [
            ("@ann hi", ["ann"]), ("hi @ann, @bob.", ["ann", "bob"]), ("(@철수)", ["철수"]), ("@a_b-c.d-", ["a_b-c.d"]),
            ("@ann @ann", ["ann", "ann"]), ("@हिन्दी", ["हिन्दी"]), ("@ann's", ["ann"]), ("@7up", ["7up"]),
            ("@José", ["José"]), ("@user...", ["user"]), ("🙂@ann", ["ann"]),
        ])
    func mentioned(_ text: String, _ names: [String]) { #expect(ChatText.mentions(in: text).map(\.name) == names) }

    @Test(
        "no @ at the start of a word, no mention",
        arguments: ["", "ann", "ann@example.com", "@", "@ ann", "@@ann", "@.", "a_@b", "안녕@철수"])
    func none(_ text: String) { #expect(ChatText.mentions(in: text).isEmpty) }
}
