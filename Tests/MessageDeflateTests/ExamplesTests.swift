import MessageDeflate
import Testing

private let hello = Array("Hello".utf8)

@Suite("The examples of RFC 7692 §7.2.3")
struct ExamplesTests {
    private func inflater(keepsContext: Bool = false) throws -> Inflater { try Inflater(limit: 1000, keepsContext: keepsContext) }

    @Test("a message of one compressed block, both ways", arguments: [9, 12, 15])
    func oneBlock(windowBits: Int) throws {
        #expect(try Deflater(windowBits: windowBits).deflate(hello) == bytes("f2 48 cd c9 c9 07 00"))
        #expect(try inflater().inflate(bytes("f2 48 cd c9 c9 07 00")) == hello)
    }

    @Test("the same in two frames")
    func fragmented() throws {
        let inflater = try inflater()
        let first = try inflater.inflate(bytes("f2 48 cd"), isLast: false)
        #expect(first + (try inflater.inflate(bytes("c9 c9 07 00"))) == hello)
    }

    @Test("a message that refers to the one before, with and without the window it needs")
    func sharedWindow() throws {
        let sharing = try inflater(keepsContext: true)
        #expect(try sharing.inflate(bytes("f2 48 cd c9 c9 07 00")) == hello)
        #expect(try sharing.inflate(bytes("f2 00 11 00 00")) == hello)
        let forgetting = try inflater()
        #expect(try forgetting.inflate(bytes("f2 48 cd c9 c9 07 00")) == hello)
        #expect(throws: InflateFailure.malformed) { try forgetting.inflate(bytes("f2 00 11 00 00")) }
    }

    @Test("the server's own messages never refer to each other")
    func nothingShared() throws {
        let deflater = try Deflater()
        #expect(deflater.deflate(hello) == deflater.deflate(hello))
    }

    @Test("a block that is not compressed")
    func storedBlock() throws {
        #expect(try inflater().inflate(bytes("00 05 00 fa ff 48 65 6c 6c 6f 00")) == hello)
    }

    @Test("a block with BFINAL set, with and without the empty block behind it", arguments: [false, true])
    func finalBlock(keepsContext: Bool) throws {
        let inflater = try inflater(keepsContext: keepsContext)
        for _ in 0..<3 {
            #expect(try inflater.inflate(bytes("f3 48 cd c9 c9 07 00 00")) == hello)
            #expect(try inflater.inflate(bytes("f3 48 cd c9 c9 07 00")) == hello)
        }
    }

    @Test("blocks behind one with BFINAL set")
    func afterFinalBlock() throws {
        let twice = bytes("f3 48 cd c9 c9 07 00 f3 48 cd c9 c9 07 00 f2 48 cd c9 c9 07 00")
        for size in 1...twice.count {
            #expect(try inflater().inflate(twice, pieces: size) == hello + hello + hello)
        }
    }

    @Test("two blocks, a flush between them")
    func twoBlocks() throws {
        #expect(try inflater().inflate(bytes("f2 48 05 00 00 00 ff ff ca c9 c9 07 00")) == hello)
    }

    @Test("an empty message is one zero byte; no byte at all is taken for one, too")
    func empty() throws {
        #expect(try Deflater().deflate([]) == [0])
        let inflater = try inflater()
        #expect(try inflater.inflate([0]) == [])
        #expect(try inflater.inflate([]) == [])
        #expect(try inflater.inflate([], isLast: false) == [])
        #expect(try inflater.inflate([0], isLast: false) == [])
        #expect(try inflater.inflate([]) == [])
        #expect(try inflater.inflate(bytes("f2 48 cd c9 c9 07 00")) == hello)
    }
}
