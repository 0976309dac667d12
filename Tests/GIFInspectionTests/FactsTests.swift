import GIFInspection
import Testing

@Suite("What is read of a GIF")
struct FactsTests {
    @Test("length, size and number of frames")
    func facts() throws {
        let bytes = GIFWriter(width: 12, height: 7, filled: [0, 1, 2]).bytes
        let facts = try inspect(bytes)
        #expect(facts.bytes == bytes.count)
        #expect(facts.width == 12 && facts.height == 7)
        #expect(facts.frames == 3)
    }

    @Test(
        "a delay under 20 ms is shown as 100 ms",
        arguments: [(nil, 10), (0, 10), (1, 10), (2, 2), (3, 3), (10, 10), (150, 150)] as [(Int?, Int)])
    func delays(written: Int?, shown: Int) throws {
        var gif = GIFWriter(delay: 10, filled: [0])
        gif.fill(1, delay: written)
        #expect(try inspect(gif.bytes).seconds == Double(10 + shown) / 100)
    }

    @Test("a single frame lasts no time, whatever its delay says")
    func stillHasNoLength() throws {
        let facts = try inspect(GIFWriter(delay: 65_535, filled: [1]).bytes)
        #expect(facts.seconds == 0)
    }

    @Test("the older format is read, with and without what only the newer one has")
    func gif87a() throws {
        var gif = GIFWriter(delay: nil, filled: [0, 1])
        gif.header = "GIF87a"
        #expect(try inspect(gif.bytes).frames == 2)
        gif.fill(2, delay: 30)
        #expect(try inspect(gif.bytes).frames == 3)
    }

    @Test("comments, plain text, unknown and empty extensions are passed over")
    func extensions() throws {
        var gif = GIFWriter(filled: [0, 1])
        gif.extensions = [0x21, 0xFE, 3, 1, 2, 3, 2, 0, 0, 0]
        gif.extensions += [0x21, 0x01, 12] + Array(repeating: 0, count: 12) + [1, 65, 0]
        gif.extensions += [0x21, 0x77, 1, 1, 0, 0x21, 0xFF, 0, 0x21, 0xFF, 3, 1, 2, 3, 0]
        #expect(try inspect(gif.bytes).frames == 2)
    }

    @Test("the last of several graphic control extensions counts")
    func twoControls() throws {
        var gif = GIFWriter(filled: [0, 1])
        gif.extensions = [0x21, 0xF9, 4, 0, 99, 0, 0, 0]
        #expect(try inspect(gif.bytes).seconds == 0.2)
    }

    @Test("a frame may bring its own colours", arguments: [true, false])
    func localTable(global: Bool) throws {
        var gif = GIFWriter(filled: [0, 1])
        gif.frames[0].colours = GIFWriter.colours
        gif.frames[1].colours = [1, 2, 3, 4, 5, 6]
        if !global { gif.colours = nil }
        #expect(try inspect(gif.bytes).frames == 2)
    }
}

@Suite("The compressed data of a frame")
struct CompressionTests {
    /// 300 × 200 pixels of every colour, which fill the dictionary several times.
    private func noise(colours: Int) -> GIFWriter {
        var random = SeededRandom(state: 7)
        var gif = GIFWriter(width: 300, height: 200)
        gif.colours = (0..<3 * colours).map { UInt8($0 % 256) }
        gif.paint { _, _ in UInt8.random(in: 0..<UInt8(clamping: colours), using: &random) }
        return gif
    }

    @Test("every code size is read", arguments: 2...8)
    func codeSizes(_ size: Int) throws {
        var gif = noise(colours: 1 << size)
        gif.frames[0].codeSize = size
        #expect(try inspect(gif.bytes).frames == 1)
    }

    @Test("strings hundreds of pixels long, over the ends of rows, are read", arguments: [1, 7, 8, 9, 400, 4_096])
    func longStrings(width: Int) throws {
        var gif = GIFWriter(width: width, height: 400)
        gif.fill(3)
        #expect(try inspect(gif.bytes).frames == 1)
    }

    @Test("a dictionary that is never cleared goes on being used")
    func deferredClear() throws {
        var gif = GIFWriter(width: 100, height: 100)
        gif.fill(0)
        // One pixel a code; from the 3,838th on the codes stay at 12 bits and define nothing.
        gif.frames[0].codes = [(256, 9)] + (0..<10_000).map { index in
            let next = min(4_096, 257 + max(1, index))
            return (index % 8, next < 512 ? 9 : next < 1_024 ? 10 : next < 2_048 ? 11 : 12)
        }
        #expect(try inspect(gif.bytes).frames == 1)
    }

    @Test("neither a clear code at the start nor an end code is needed, and what follows the last pixel is not read")
    func harmless() throws {
        var gif = GIFWriter(width: 2, height: 1)
        gif.fill(0)
        for codes in [
            [(0, 9), (1, 9)], [(256, 9), (0, 9), (1, 9)], [(0, 9), (1, 9), (1, 9), (511, 9), (257, 9), (300, 9)],
            [(256, 9), (256, 9), (0, 9), (258, 9), (511, 9)],
        ] {
            gif.frames[0].codes = codes
            #expect(try inspect(gif.bytes).frames == 1)
        }
    }

    @Test("pixels of the transparent colour may lie beyond the colour table")
    func transparentBeyondTable() throws {
        var gif = GIFWriter(width: 2, height: 1)
        gif.fill(200, transparent: 200)
        #expect(try inspect(gif.bytes).frames == 1)
    }
}

@Suite("The still of a GIF")
struct StillTests {
    @Test("it is the first frame alone, on the same screen")
    func firstFrame() throws {
        var gif = GIFWriter(width: 20, height: 10, loop: 0)
        gif.paint(delay: 7, transparent: 3, interlaced: true) { x, y in UInt8((x + y) % 8) }
        gif.frames[0].colours = GIFWriter.colours
        gif.fill(2, Rectangle(x: 1, y: 1, width: 3, height: 3))
        let bytes = gif.bytes

        let still = try inspect(bytes).still
        let picture = try #require(still.assemble(from: bytes))
        #expect(picture.count == still.byteCount)
        gif.frames.removeLast()
        gif.loop = nil
        #expect(picture == gif.bytes)

        let facts = try inspect(picture)
        #expect(facts.frames == 1)
        #expect(facts.width == 20 && facts.height == 10)
        #expect(facts.seconds == 0 && facts.flashesPerSecond == 0)
    }

    @Test("a frame without a graphic control extension has none in its still, and its first of two is left out")
    func control() throws {
        var gif = GIFWriter(delay: nil, filled: [1])
        let plain = try inspect(gif.bytes).still
        #expect(plain.control == nil)
        #expect(plain.assemble(from: gif.bytes) == gif.bytes)

        gif = GIFWriter(filled: [1])
        let clean = gif.bytes
        gif.extensions = [0x21, 0xF9, 4, 0, 99, 0, 0, 0]
        #expect(try inspect(gif.bytes).still.assemble(from: gif.bytes) == clean)
    }

    @Test("it can be cut from a slice, and not from another, shorter file")
    func sources() throws {
        let bytes = GIFWriter(filled: [1, 2]).bytes
        let still = try inspect(bytes).still
        let slice = ([1, 2, 3] + bytes).dropFirst(3)
        #expect(still.assemble(from: slice) == still.assemble(from: bytes))
        #expect(still.assemble(from: bytes.prefix(still.image.upperBound - 1)) == nil)
    }
}
