import MessageDeflate
import Testing

@Suite("Messages there and back")
struct MessageTests {
    @Test("any message survives, at any window, level and memory, in any pieces")
    func roundTrip() throws {
        var random = SeededRandom(state: 1)
        for windowBits in 9...15 {
            for (level, memoryLevel) in [(1, 1), (1, 5), (6, 5), (6, 8), (9, 9)] {
                let deflater = try Deflater(windowBits: windowBits, level: level, memoryLevel: memoryLevel)
                let inflater = try Inflater(limit: 100_000)
                for length in [0, 1, 2, 255, 8191, 8192, 8193, 100_000] {
                    let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                    for message in [chat(length, using: &random), noise] {
                        let compressed = deflater.deflate(message)
                        #expect(try inflater.inflate(compressed) == message)
                        #expect(try inflater.inflate(compressed, pieces: Int.random(in: 1...100, using: &random)) == message)
                    }
                }
            }
        }
    }

    @Test("no message ends with the bytes that are taken off")
    func noTail() throws {
        var random = SeededRandom(state: 2)
        let deflater = try Deflater()
        for length in 0..<600 {
            let compressed = deflater.deflate(chat(length, using: &random))
            #expect(compressed.suffix(4) != [0, 0, 0xFF, 0xFF] && !compressed.isEmpty)
        }
    }

    @Test("what Python's zlib has compressed is read", arguments: PythonFixture.all.indices)
    func python(_ index: Int) throws {
        let fixture = PythonFixture.all[index]
        let inflater = try Inflater(limit: fixture.expected.reduce(0) { max($0, $1.count) }, keepsContext: fixture.keepsContext)
        for (compressed, expected) in zip(fixture.messages, fixture.expected) {
            #expect(try inflater.inflate(compressed, pieces: 7) == expected)
        }
        let again = try Inflater(limit: 1_000_000, keepsContext: fixture.keepsContext)
        for (compressed, expected) in zip(fixture.messages, fixture.expected) {
            #expect(try again.inflate(compressed) == expected)
        }
    }

    @Test("a message that just fits is let through, one byte more is not", arguments: [1, 8190, 8191, 8192, 8193, 16_384, 50_000])
    func limit(_ length: Int) throws {
        var random = SeededRandom(state: 3)
        for message in [[UInt8](repeating: 7, count: length), chat(length, using: &random)] {
            let compressed = try Deflater().deflate(message)
            #expect(try Inflater(limit: length).inflate(compressed) == message)
            #expect(try Inflater(limit: length).inflate(compressed, pieces: 1) == message)
            #expect(throws: InflateFailure.tooLarge(limit: length - 1)) { try Inflater(limit: length - 1).inflate(compressed) }
            #expect(throws: InflateFailure.tooLarge(limit: length - 1)) { try Inflater(limit: length - 1).inflate(compressed, pieces: 3) }
        }
        #expect(try Inflater(limit: .max).inflate(try Deflater().deflate([1, 2, 3])) == [1, 2, 3])
    }

    @Test("a bomb is refused where it passes the limit, long before it ends, and takes no more memory than that")
    func bomb() throws {
        let megabyte = [UInt8](repeating: 0, count: 1 << 20)
        let compressed = try Deflater(level: 9).deflate(megabyte)
        // A hundred times the same, each a stream of its own: 100 MiB in 100 KiB.
        let bomb = Array(repeatElement(compressed, count: 100).joined())
        let inflater = try Inflater(limit: 1 << 16)
        var inflated = 0
        var read = 0
        #expect(throws: InflateFailure.tooLarge(limit: 1 << 16)) {
            while read < bomb.count {
                let piece = Array(bomb[read..<min(read + 16, bomb.count)])
                inflated += try inflater.inflate(piece, isLast: false).count
                read += piece.count
            }
        }
        #expect(inflated <= 1 << 16)
        #expect(read < 200)
        #expect(throws: InflateFailure.tooLarge(limit: 1 << 16)) { try inflater.inflate(bomb) }
        #expect(try inflater.inflate([0]) == [])
    }

    @Test("a limit holds over all pieces of a message, and anew for the next one")
    func limitOverPieces() throws {
        let deflater = try Deflater()
        let compressed = deflater.deflate([UInt8](repeating: 1, count: 600))
        let inflater = try Inflater(limit: 1000)
        for _ in 0..<10 { #expect(try inflater.inflate(compressed).count == 600) }
        // Two flushes in one message.
        #expect(throws: InflateFailure.tooLarge(limit: 1000)) { try inflater.inflate(compressed + [0, 0, 0xFF, 0xFF] + compressed) }
    }

    @Test("a message that is cut short is malformed wherever that happens")
    func cutShort() throws {
        var random = SeededRandom(state: 4)
        let message = chat(2000, using: &random)
        let compressed = try Deflater().deflate(message)
        let inflater = try Inflater(limit: 5000)
        for length in 1..<compressed.count {
            #expect(throws: InflateFailure.malformed, "\(length) of \(compressed.count)") {
                try inflater.inflate(Array(compressed.prefix(length)))
            }
        }
        #expect(try inflater.inflate(compressed) == message)
    }

    @Test("what is not compressed data is malformed", arguments: ["ff", "07", "48 65 6c 6c 6f", "00 05 00 00 00 48", "00 00 00 ff ff"])
    func malformed(_ hex: String) throws {
        #expect(throws: InflateFailure.malformed) { try Inflater(limit: 100).inflate(bytes(hex)) }
    }

    @Test("random bytes make no difference to what comes after, in whatever pieces they come")
    func fuzz() throws {
        var random = SeededRandom(state: 5)
        let inflater = try Inflater(limit: 3000)
        let deflater = try Deflater()
        let hello = deflater.deflate(Array("Hello".utf8))
        for _ in 0..<fuzzCount {
            var message = deflater.deflate(chat(Int.random(in: 0...400, using: &random), using: &random))
            if Bool.random(using: &random) { message = message.map { _ in UInt8.random(in: 0...255, using: &random) } }
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                message[Int.random(in: message.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let whole = Result { try inflater.inflate(message) }.mapError { $0 as? InflateFailure ?? .outOfMemory }
            let pieces = Result { try inflater.inflate(message, pieces: Int.random(in: 1...60, using: &random)) }
                .mapError { $0 as? InflateFailure ?? .outOfMemory }
            #expect(whole == pieces)
            if case .success(let output) = whole { #expect(output.count <= 3000) }
            #expect(try inflater.inflate(hello) == Array("Hello".utf8))
        }
    }
}
