import Testing

@testable import MessageDeflate

@Suite("Compressed messages")
struct DeflateTests {
    private func inflate(_ bytes: [UInt8], limit: Int = 1 << 20, piece: Int = .max) throws -> [UInt8] {
        let inflater = try #require(Inflater())
        inflater.begin()
        return try inflate(bytes, with: inflater, limit, piece)
    }

    private func inflate(_ bytes: [UInt8], with inflater: Inflater, _ limit: Int, _ piece: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let next = Array(rest.prefix(piece))
            rest = rest.dropFirst(piece)
            try next.withUnsafeBytes { raw in try inflater.inflate(raw, limit: limit) { result += $0 } }
        }
        try inflater.end(limit: limit) { result += $0 }
        return result
    }

    @Test("the examples of RFC 7692 §7.2.3 are read", arguments: [
        [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
        [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
    ] as [[UInt8]])
    func examples(bytes: [UInt8]) throws {
        for piece in [1, 3, 100] { #expect(try inflate(bytes, piece: piece) == Array("Hello".utf8)) }
    }

    @Test("Hello is compressed as RFC 7692 §7.2.3.1 has it, an empty message as §7.2.3.6") func compress() throws {
        let deflater = try #require(Deflater(windowBits: 15))
        #expect(deflater.deflate(Array("Hello".utf8)) == [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
        // No window is kept: the same message is the same bytes again (§7.2.3.2 has fewer with one).
        #expect(deflater.deflate(Array("Hello".utf8)) == [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
        #expect(deflater.deflate([]) == [0x00])
        #expect(try inflate([0x00]) == [])
    }

    @Test("any message comes back, with any window, in any pieces") func roundTrip() throws {
        var generator = SystemRandomNumberGenerator()
        let inflater = try #require(Inflater())
        for bits in 9...15 {
            let deflater = try #require(Deflater(windowBits: bits))
            for size in [0, 1, 2, 100, 600, 5_000, 70_000] {
                for alphabet in [1...1, 0x61...0x64, 0...255] as [ClosedRange<UInt8>] {
                    let message = (0..<size).map { _ in UInt8.random(in: alphabet, using: &generator) }
                    inflater.begin()
                    #expect(try inflate(deflater.deflate(message), with: inflater, 1 << 20, 777) == message)
                }
            }
        }
    }

    @Test("a bomb ends at the limit, and the inflater can be used again") func bomb() throws {
        let deflater = try #require(Deflater(windowBits: 15, level: 9))
        let bomb = deflater.deflate([UInt8](repeating: 0, count: 50 << 20))
        #expect(bomb.count < 100_000)
        let inflater = try #require(Inflater())
        inflater.begin()
        var most = 0
        #expect(throws: Inflater.Failure.tooLarge) {
            try bomb.withUnsafeBytes { raw in try inflater.inflate(raw, limit: 65_536) { most += $0.count } }
        }
        #expect(most <= 65_536)
        inflater.begin()
        #expect(try inflate([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], with: inflater, 5, .max) == Array("Hello".utf8))
    }

    @Test("what is no compressed data fails, and random bytes never do worse") func malformed() throws {
        #expect(throws: Inflater.Failure.malformed) { try inflate([0xFF, 0xFF, 0xFF]) }
        #expect(throws: Inflater.Failure.malformed) { try inflate([0x07]) }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            do {
                #expect(try inflate(bytes, limit: 10_000, piece: 7).count <= 10_000)
            } catch {
                #expect(error is Inflater.Failure)
            }
        }
    }
}

@Suite("Agreeing on compression")
struct AgreementTests {
    private func agree(_ values: String...) -> String? { DeflateAgreement(DeflateOffer.offers(in: values))?.header }
    private let plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

    @Test("what is offered properly is taken up") func offers() {
        #expect(agree("permessage-deflate") == plain)
        #expect(agree("permessage-deflate; client_max_window_bits") == plain)
        #expect(agree("permessage-deflate; client_max_window_bits=10; server_no_context_takeover") == plain)
        #expect(agree("permessage-deflate; server_max_window_bits=10") == plain + "; server_max_window_bits=10")
        #expect(agree("permessage-deflate; server_max_window_bits=\"12\"") == plain + "; server_max_window_bits=12")
        #expect(agree("x-webkit-deflate-frame, permessage-deflate") == plain)
        #expect(agree("foo; bar=\"baz\"", "permessage-deflate") == plain)
    }

    @Test("an offer with a mistake is declined, and the next one tried", arguments: [
        "server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=010",
        "server_max_window_bits=x", "client_max_window_bits=7", "client_max_window_bits=99", "unknown", "server_no_context_takeover=1",
        "client_no_context_takeover; client_no_context_takeover", "server_max_window_bits=8",
    ])
    func mistakes(parameters: String) {
        #expect(agree("permessage-deflate; \(parameters)") == nil)
        #expect(agree("permessage-deflate; \(parameters), permessage-deflate") == plain)
    }

    @Test("a header that does not follow the grammar agrees on nothing", arguments: [
        "", ",", "permessage-deflate;", "permessage-deflate; =1", "permessage-deflate; server_max_window_bits=\"10", "permessage deflate",
    ])
    func grammar(value: String) { #expect(agree(value) == nil) }
}
