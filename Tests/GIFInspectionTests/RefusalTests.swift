import GIFInspection
import Testing

@Suite("What is refused, and what is said of it")
struct RefusalTests {
    private var good: GIFWriter { GIFWriter(filled: [0, 1]) }
    /// Where the first block is: behind the header, the screen and eight colours.
    private let blocks = 37
    /// Where the first frame's image separator is, behind its graphic control extension.
    private let image = 45

    @Test("another kind of file, at the first byte that differs")
    func notGIF() {
        #expect(refusal(Array("\u{89}PNG".utf8)) == .notGIF(at: 0))
        #expect(refusal(Array("GIF88a".utf8)) == .notGIF(at: 4))
        #expect(refusal(Array("GIF89b".utf8)) == .notGIF(at: 5))
    }

    @Test("an empty file and one that stops")
    func cutShort() {
        #expect(refusal([]) == .cutShort(at: 0, reading: .header))
        #expect(refusal(Array(good.bytes.dropLast())) == .cutShort(at: good.bytes.count - 1, reading: .block))
        #expect(refusal(Array(good.bytes.prefix(10))) == .cutShort(at: 10, reading: .screenDescriptor))
        #expect(refusal(Array(good.bytes.prefix(40))) == .cutShort(at: 40, reading: .graphicControl))
    }

    @Test("anything behind the end, were it a single zero")
    func trailingBytes() throws {
        let bytes = good.bytes
        #expect(refusal(bytes + [0]) == .trailingBytes(at: bytes.count))
        #expect(refusal(bytes + bytes) == .trailingBytes(at: bytes.count))
        var inspector = GIFInspector()
        try inspector.consume(bytes)
        _ = try inspector.finish()
        #expect(throws: GIFError.trailingBytes(at: bytes.count)) { try inspector.consume([1]) }
    }

    @Test("a screen or a frame of no size")
    func zeroSize() {
        #expect(refusal(GIFWriter(width: 0, height: 4).bytes) == .zeroSize(.screen, at: 6))
        #expect(refusal(GIFWriter(width: 4, height: 0).bytes) == .zeroSize(.screen, at: 6))
        var gif = good
        gif.fill(0, Rectangle(x: 0, y: 0, width: 3, height: 0))
        #expect(refusal(gif.bytes) == .zeroSize(.frame(3), at: good.bytes.count - 1 + 8))
    }

    @Test("a file without a frame")
    func noFrame() {
        #expect(refusal(GIFWriter().bytes) == .noFrame(at: blocks))
    }

    @Test("a byte that begins no block")
    func unknownBlock() {
        var gif = good
        gif.extensions = [0]
        #expect(refusal(gif.bytes) == .unknownBlock(0, at: blocks))
    }

    @Test("a graphic control extension of another size")
    func badBlock() {
        var gif = good
        gif.extensions = [0x21, 0xF9, 5, 0, 0, 0, 0, 0, 0]
        #expect(refusal(gif.bytes) == .badBlock(.graphicControl, size: 5, expected: 4, at: blocks + 2))
        gif.extensions = [0x21, 0xF9, 4, 0, 0, 0, 0, 1, 0, 0]
        #expect(refusal(gif.bytes) == .badBlock(.graphicControl, size: 1, expected: 0, at: blocks + 7))
    }

    @Test(
        "a frame that leaves the screen",
        arguments: [
            Rectangle(x: 1, y: 0, width: 8, height: 8), Rectangle(x: 0, y: 8, width: 1, height: 1),
            Rectangle(x: 65_535, y: 65_535, width: 1, height: 1), Rectangle(x: 0, y: 0, width: 8, height: 9),
        ])
    func outside(_ area: Rectangle) {
        var gif = GIFWriter()
        gif.fill(0, area)
        #expect(
            refusal(gif.bytes)
                == .frameOutsideScreen(frame: 1, frameArea: area, screenWidth: 8, screenHeight: 8, at: image))
    }

    @Test("a frame without any colours")
    func missingColourTable() {
        var gif = good
        gif.colours = nil
        gif.frames[0].colours = GIFWriter.colours
        let second = gif.head.count + GIFWriter.bytes(of: gif.frames[0]).count + 8
        #expect(refusal(gif.bytes) == .missingColourTable(frame: 2, at: second))
    }

    @Test("a code size that is none", arguments: [0, 1, 9, 255])
    func badCodeSize(_ size: Int) {
        var bytes = good.bytes
        bytes[image + 10] = UInt8(size)
        #expect(refusal(bytes) == .badCodeSize(size, frame: 1, at: image + 10))
    }

    @Test(
        "a code before it has a meaning",
        arguments: [
            ([(258, 9)], 258, 1), ([(256, 9), (300, 9)], 300, 2), ([(0, 9), (259, 9)], 259, 2),
            ([(0, 9), (258, 9), (256, 9), (258, 9)], 258, 4),
        ] as [([(Int, Int)], Int, Int)])
    func badCode(codes: [(Int, Int)], code: Int, byte: Int) {
        var gif = good
        gif.frames[0].codes = codes
        #expect(refusal(gif.bytes) == .badCode(code, frame: 1, at: image + 12 + byte))
    }

    @Test("a colour that the table does not have")
    func colourOutsideTable() {
        var gif = good
        gif.frames[1].pixels[0] = 8
        let second = gif.head.count + GIFWriter.bytes(of: gif.frames[0]).count + 8
        #expect(refusal(gif.bytes) == .colourOutsideTable(8, colours: 8, frame: 2, at: second + 14))
        gif.frames[1].transparent = 9
        #expect(refusal(gif.bytes) == .colourOutsideTable(8, colours: 8, frame: 2, at: second + 14))
    }

    @Test("a frame whose data has too few pixels, whether the data says so or just ends")
    func imageDataShort() {
        var gif = good
        gif.frames[0].codes = [(256, 9), (0, 9), (0, 9), (257, 9)]
        #expect(refusal(gif.bytes) == .imageDataShort(frame: 1, pixels: 2, of: 64, at: image + 16))
        gif.frames[0].codes = [(0, 9), (258, 9)]
        #expect(refusal(gif.bytes) == .imageDataShort(frame: 1, pixels: 3, of: 64, at: image + 15))
        gif.frames[0].codes = []
        #expect(refusal(gif.bytes) == .imageDataShort(frame: 1, pixels: 0, of: 64, at: image + 11))
    }

    @Test("a large frame that lacks its last pixel")
    func lastPixel() {
        var gif = GIFWriter(width: 100, height: 100)
        gif.fill(0)
        gif.frames[0].codes = GIFWriter.compress(Array(repeating: 0, count: 9_999), codeSize: 8)
        guard case .imageDataShort(frame: 1, pixels: 9_999, of: 10_000, at: _) = refusal(gif.bytes) else {
            Issue.record("the frame was not refused for its last pixel")
            return
        }
    }
}

@Suite("Limits")
struct LimitTests {
    private let gif = GIFWriter(width: 10, height: 6, delay: 50, filled: [0, 1, 2])

    @Test("what reaches every limit is accepted")
    func reached() throws {
        let bytes = gif.bytes
        _ = try inspect(bytes, limits: GIFLimits(bytes: bytes.count, side: 10, frames: 3, seconds: 1.5, totalPixels: 180))
    }

    @Test("what passes one is refused with that limit")
    func passed() {
        let bytes = gif.bytes
        #expect(refusal(bytes, limits: GIFLimits(bytes: bytes.count - 1)) == .overLimit(.bytes(most: bytes.count - 1)))
        #expect(refusal(bytes, limits: GIFLimits(side: 9)) == .overLimit(.side(10, most: 9)))
        #expect(refusal(bytes, limits: GIFLimits(frames: 2)) == .overLimit(.frames(most: 2)))
        #expect(refusal(bytes, limits: GIFLimits(seconds: 1.4)) == .overLimit(.seconds(1.5, most: 1.4)))
        #expect(refusal(bytes, limits: GIFLimits(totalPixels: 179)) == .overLimit(.totalPixels(180, most: 179)))
        #expect(refusal(bytes, limits: GIFLimits(bytes: 0)) == .overLimit(.bytes(most: 0)))
    }

    @Test("a small file that unpacks into too much is refused before it is unpacked")
    func bomb() {
        let frame = GIFWriter(width: 512, height: 512, filled: [0])
        var bytes = frame.head
        for _ in 0..<4 { bytes += GIFWriter.bytes(of: frame.frames[0]) }
        // The fourth frame's data is not even there.
        bytes.removeLast(20)
        let limits = GIFLimits(totalPixels: 1_000_000)
        #expect(refusal(bytes, limits: limits) == .overLimit(.totalPixels(4 * 512 * 512, most: 1_000_000)))
    }

    @Test("a frame beyond the limit is refused at its first byte, a side with the screen")
    func early() {
        let two = gif.head + gif.frames[..<2].flatMap(GIFWriter.bytes(of:)) + [0x2C]
        #expect(refusal(two, limits: GIFLimits(frames: 2)) == .overLimit(.frames(most: 2)))
        #expect(refusal(Array(gif.bytes.prefix(13)), limits: GIFLimits(side: 5)) == .overLimit(.side(10, most: 5)))
    }
}

@Suite("Sentences for people")
struct SentenceTests {
    @Test(
        "every error is one sentence that names the place",
        arguments: [
            (.notGIF(at: 0), "The file is not a GIF: it does not begin with GIF87a or GIF89a (byte 0 differs)."),
            (.cutShort(at: 9, reading: .imageData), "The GIF is cut short: it ends after 9 bytes, in the data of a frame."),
            (.trailingBytes(at: 9), "The GIF ends at byte 9, but the file goes on after it."),
            (.overLimit(.bytes(most: 5 << 20)), "The GIF is larger than 5 MiB, the most allowed."),
            (.overLimit(.bytes(most: 10)), "The GIF is larger than 10 bytes, the most allowed."),
            (.overLimit(.side(10, most: 5)), "The GIF is 10 pixels wide or high; 5 are allowed."),
            (.overLimit(.frames(most: 5)), "The GIF has more than 5 frames, the most allowed."),
            (.overLimit(.seconds(1.5, most: 1)), "The GIF lasts 1.5 seconds or more; 1.0 are allowed."),
            (.overLimit(.totalPixels(9, most: 5)), "The GIF's frames have 9 pixels or more together; 5 are allowed."),
            (.zeroSize(.screen, at: 6), "The GIF has a width or height of zero (byte 6)."),
            (.zeroSize(.frame(2), at: 60), "Frame 2 has a width or height of zero (byte 60)."),
            (.noFrame(at: 13), "The GIF ends at byte 13 without a single frame."),
            (.unknownBlock(7, at: 13), "The GIF is damaged: byte 13 is 7, which begins no block."),
            (
                .badBlock(.graphicControl, size: 5, expected: 4, at: 9),
                "The GIF is damaged: at byte 9, a graphic control extension has a block of 5 bytes where 4 belong."
            ),
            (
                .frameOutsideScreen(
                    frame: 2, frameArea: Rectangle(x: 1, y: 2, width: 3, height: 4), screenWidth: 3, screenHeight: 3, at: 9),
                "Frame 2 (byte 9), 3 × 4 pixels at (1, 2), does not fit the GIF's 3 × 3."
            ),
            (.missingColourTable(frame: 2, at: 9), "Frame 2 (byte 9) has no colour table, and neither has the GIF."),
            (.badCodeSize(9, frame: 2, at: 9), "Frame 2 is damaged: its code size at byte 9 is 9, and must be 2 to 8."),
            (
                .badCode(300, frame: 2, at: 9),
                "Frame 2 is damaged: at byte 9 its data uses the code 300 before it has a meaning."
            ),
            (
                .colourOutsideTable(8, colours: 8, frame: 2, at: 9),
                "Frame 2 is damaged: at byte 9 it uses colour 8, and its colour table ends at 7."
            ),
            (
                .imageDataShort(frame: 2, pixels: 3, of: 4, at: 9),
                "Frame 2 is incomplete: its data ends at byte 9 with 3 of 4 pixels."
            ),
        ] as [(GIFError, String)])
    func sentence(error: GIFError, text: String) {
        #expect(error.description == text)
    }
}
