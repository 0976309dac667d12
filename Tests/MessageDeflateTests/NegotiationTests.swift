import MessageDeflate
import Testing

private let always = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

@Suite("What is agreed on")
struct NegotiationTests {
    private func answer(_ values: String..., windowBits: Int = 15) throws -> String? {
        DeflateAgreement(try DeflateOffer.parse(headerValues: values), windowBits: windowBits)?.responseHeader
    }

    @Test(
        "neither side keeps its window, whatever the client offers",
        arguments: [
            "permessage-deflate",
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; client_max_window_bits=8",
            "permessage-deflate; client_max_window_bits=\"10\"",
            "permessage-deflate;server_no_context_takeover;client_no_context_takeover",
            " permessage-deflate\t;  client_no_context_takeover ,",
            "x-webkit-deflate-frame, permessage-deflate",
            "permessage-bzip2; level=\"9\"; \tfast, permessage-deflate, permessage-deflate; server_max_window_bits=9",
        ])
    func accepted(_ value: String) throws {
        #expect(try answer(value) == always)
    }

    @Test("a smaller window is granted and named", arguments: 9...15)
    func serverWindow(bits: Int) throws {
        let offers = try DeflateOffer.parse(headerValues: ["permessage-deflate; server_max_window_bits=\(bits)"])
        #expect(offers.first?.serverMaxWindowBits == bits)
        let agreement = try #require(DeflateAgreement(offers))
        #expect(agreement.windowBits == bits)
        #expect(agreement.responseHeader == "\(always); server_max_window_bits=\(bits)")
    }

    @Test("the server's own smaller window is what all get who can follow it")
    func ownWindow() throws {
        #expect(try answer("permessage-deflate", windowBits: 12) == always)
        #expect(try answer("permessage-deflate; server_max_window_bits=15", windowBits: 12) == "\(always); server_max_window_bits=12")
        #expect(try answer("permessage-deflate; server_max_window_bits=10", windowBits: 12) == "\(always); server_max_window_bits=10")
        #expect(DeflateAgreement(try DeflateOffer.parse(headerValues: ["permessage-deflate"]), windowBits: 12)?.windowBits == 12)
    }

    @Test("a window zlib cannot have is declined, and the next offer taken")
    func smallestWindow() throws {
        #expect(try answer("permessage-deflate; server_max_window_bits=8") == nil)
        #expect(try answer("permessage-deflate; server_max_window_bits=8, permessage-deflate") == always)
    }

    @Test(
        "an offer that cannot be understood is declined",
        arguments: [
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=09",
            "permessage-deflate; server_max_window_bits=+9",
            "permessage-deflate; server_max_window_bits=0x9",
            "permessage-deflate; server_max_window_bits=99999999999999999999",
            "permessage-deflate; client_max_window_bits=7",
            "permessage-deflate; client_max_window_bits=16",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; client_no_context_takeover=true",
            "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
            "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
            "permessage-deflate; fast",
            "permessage-deflate; Server_no_context_takeover",
            "Permessage-Deflate",
            "permessage-deflatex",
        ])
    func declined(_ value: String) throws {
        #expect(try answer(value) == nil)
        #expect(try answer("\(value), permessage-deflate") == always)
        #expect(try answer(value, "permessage-deflate") == always)
    }

    @Test("no header, an empty one, and other extensions only", arguments: [[], [""], [" , ,\t"], ["foo; bar=baz", "x"]])
    func nothingOffered(_ values: [String]) throws {
        #expect(try DeflateOffer.parse(headerValues: values).isEmpty)
    }

    @Test("the offers keep the client's order, over several headers")
    func order() throws {
        let offers = try DeflateOffer.parse(headerValues: [
            "permessage-deflate; server_max_window_bits=10; client_max_window_bits, foo",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        ])
        #expect(offers.map(\.serverMaxWindowBits) == [10, nil])
        #expect(offers.map(\.acceptsClientMaxWindowBits) == [true, false])
        #expect(offers.map(\.serverNoContextTakeover) == [false, true])
        #expect(offers.map(\.clientNoContextTakeover) == [false, true])
    }

    @Test("quotes and backslashes are taken off, even of digits")
    func quoted() throws {
        #expect(try answer("permessage-deflate; server_max_window_bits=\"1\\0\"") == "\(always); server_max_window_bits=10")
    }

    @Test(
        "what is not in the grammar fails the handshake, and where is said",
        arguments: [
            ("permessage-deflate;", 19), ("permessage-deflate; client_max_window_bits=", 43), ("; foo", 0), ("foo bar", 4),
            ("foo; =1", 5), ("foo; a=\"", 8), ("foo; a=\"b", 9), ("foo; a=\"b c\"", 9), ("foo; a=\"\"", 8), ("foo; a=\"b\\", 10),
            ("foo; a=b=c", 8), ("foo/1", 3), ("föö", 1), ("foo, \"bar\"", 5), ("foo\u{0}", 3), ("foo; a=\"b\" c", 11),
        ])
    func malformed(_ value: String, offset: Int) {
        #expect(throws: ExtensionHeaderFailure.malformed(value: value, offset: offset)) {
            try DeflateOffer.parse(headerValues: ["permessage-deflate", value])
        }
    }

    @Test("random headers are read or refused, never more")
    func fuzz() {
        var random = SeededRandom(state: 11)
        let parts = ["permessage-deflate", ";", ",", "=", " ", "\"", "\\", "server_max_window_bits", "9", "é", "\t"]
        for _ in 0..<fuzzCount {
            let value = (0..<Int.random(in: 0..<14, using: &random)).map { _ in parts[Int.random(in: 0..<parts.count, using: &random)] }
            guard let offers = try? DeflateOffer.parse(headerValues: [value.joined()]) else { continue }
            if let agreement = DeflateAgreement(offers) { #expect(agreement.responseHeader.hasPrefix(always)) }
        }
    }
}
