import ChatText
import Testing

@Suite("Links")
struct LinkTests {
    func urls(_ text: String) -> [String] { ChatText.links(in: text).map(\.url) }
    func hosts(_ text: String) -> [String] { ChatText.links(in: text).map(\.host) }

    @Test(
        "an address is found without the sentence around it",
        arguments: [
            ("see https://example.com/a?b=c#d.", "https://example.com/a?b=c#d"),
            ("(http://example.com)", "http://example.com"), ("HTTPS://Example.COM/A", "HTTPS://Example.COM/A"),
            ("www.example.unknown!", "www.example.unknown"), ("go to naver.com, now", "naver.com"),
            ("naver.com에서 봐", "naver.com"), ("https://naver.com에서", "https://naver.com"), ("링크naver.com", "naver.com"),
            ("보기:https://a.kr/한글", "https://a.kr/한글"), ("http://localhost:8080/x", "http://localhost:8080/x"),
            ("https://en.wikipedia.org/wiki/Foo_(bar))", "https://en.wikipedia.org/wiki/Foo_(bar)"),
            ("http://[::1]:80/", "http://[::1]:80/"), ("한글.한국", "한글.한국"), ("**example.com**", "example.com"),
            ("example.com:8080/x", "example.com:8080/x"), ("example.com:", "example.com"), ("bit.ly/abc", "bit.ly/abc"),
            ("see example.com.Then", "example.com"), ("...example.com...", "example.com"),
            ("「https://a.jp」", "https://a.jp"), ("bücher.de", "bücher.de"),
            ("<a href=\"http://x.org/\">", "http://x.org/"), ("x.com?q=1", "x.com?q=1"),
        ])
    func found(_ text: String, _ url: String) { #expect(urls(text) == [url]) }

    @Test(
        "what only looks like one is none",
        arguments: [
            "", "hello.", "e.g. this", "3.14", "ann@example.com", "ann.lee@example.com", "http://", "https:///x",
            "main.rs", "README.md", "a/b.com", "ftp://example.com", "xhttp://a", "...", "www.", "www", "192.168.0.1",
            "-a-.com", "mailto:ann@example.com", "end.Next sentence",
        ])
    func none(_ text: String) { #expect(urls(text) == []) }

    @Test(
        "the host is the one that is connected to",
        arguments: [
            ("http://bank.com@evil.com/", "evil.com"), ("https://EXAMPLE.com:443", "example.com"),
            ("http://[::1]:80/", "[::1]"), ("http://a.com\\@b.com", "a.com"), ("http://example.com./", "example.com"),
            ("http://u:p@h.org", "h.org"), ("Naver.Com", "naver.com"),
        ])
    func host(_ text: String, _ host: String) { #expect(hosts(text) == [host]) }

    @Test("several links come in order")
    func several() {
        #expect(
            urls("a.com,b.com http://c.com,http://d.com/x www.e.net")
                == ["a.com", "b.com", "http://c.com", "http://d.com/x", "www.e.net"])
    }

    @Test("whatever the text, links are parts of it, in order, and have a host")
    func anyText() {
        var random = SplitMix64(state: 7)
        let pieces = [
            "http://", "https:", "//", "a", "B", "com", "naver.com", ".", ":", "80", "@", "[", "]", "/", "?", "-",
            "가", " ", ")", "www.",
        ]
        for _ in 0..<20_000 {
            let text = (0..<12).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            var rest = Array(text.unicodeScalars)[...]
            for link in ChatText.links(in: text) {
                let url = Array(link.url.unicodeScalars)
                while !rest.isEmpty, !rest.starts(with: url) { rest.removeFirst() }
                #expect(!rest.isEmpty && !link.host.isEmpty, "\(link) in \(text)")
                rest = rest.dropFirst(url.count)
            }
        }
    }
}
