import GIFInspection
import Testing

/// Flashes a second, the same for any place of the sampling points.
private func flashes(_ gif: GIFWriter) throws -> Double {
    let bytes = gif.bytes
    let answers = Set(try (1...3).map { try inspect(bytes, seed: $0).flashesPerSecond })
    return try #require(answers.count == 1 ? answers.first : nil, "it depends on the sampling points: \(answers)")
}

private let black = GIFWriter.black, white = GIFWriter.white, red = GIFWriter.red, grey = GIFWriter.grey

@Suite("Flashes a second (WCAG 2.3.1)")
struct FlashTests {
    @Test(
        "black and white in turn flash half as often as they change",
        arguments: [(2, 25), (5, 10), (10, 5), (17, 3), (20, 2), (25, 2), (50, 1), (100, 0)])
    func blackAndWhite(delay: Int, expected: Int) throws {
        #expect(try flashes(GIFWriter(delay: delay, loop: 0, filled: [black, white])) == Double(expected))
    }

    @Test("a long animation that flashes in one second only is as bad as that second")
    func worstSecond() throws {
        let calm = Array(repeating: grey, count: 30), wild = [black, white, black, white, black, white, black, white]
        #expect(try flashes(GIFWriter(delay: 10, filled: calm + wild + calm)) == 4)
    }

    @Test("three flashes a second are allowed, four are too many")
    func allowed() throws {
        #expect(try !inspect(GIFWriter(delay: 17, loop: 0, filled: [black, white]).bytes).flashesTooOften)
        #expect(try inspect(GIFWriter(delay: 12, loop: 0, filled: [black, white]).bytes).flashesTooOften)
    }

    @Test("what does not change does not flash", arguments: [[0], [1, 1, 1, 1], [2, 2, 2]] as [[UInt8]])
    func still(_ colours: [UInt8]) throws {
        #expect(try flashes(GIFWriter(delay: 2, loop: 0, filled: colours)) == 0)
    }

    @Test("a change that is never taken back is no flash: once from black to white, and a slow fade")
    func oneWay() throws {
        #expect(try flashes(GIFWriter(filled: [black, white])) == 0)
        var fade = GIFWriter(delay: 4)
        fade.colours = (0..<256).flatMap { [UInt8($0), UInt8($0), UInt8($0)] }
        for level in stride(from: 0, to: 256, by: 2) { fade.fill(UInt8(level), delay: 4) }
        #expect(try flashes(fade) == 0)
    }

    @Test("an animation that repeats flashes over its seam, one that does not has none")
    func seam() throws {
        // Up at the start of the last 0.2 s, down where it starts again.
        var gif = GIFWriter(loop: 0)
        gif.fill(black, delay: 300)
        gif.fill(white, delay: 20)
        #expect(try flashes(gif) == 1)
        gif.loop = nil
        #expect(try flashes(gif) == 0)
    }

    @Test("a fade to and fro flashes, in whatever steps it comes")
    func fades() throws {
        var gif = GIFWriter(loop: 0)
        gif.colours = (0..<256).flatMap { [UInt8($0), UInt8($0), UInt8($0)] }
        for level in Array(stride(from: 0, to: 250, by: 50)) + Array(stride(from: 250, to: 0, by: -50)) {
            gif.fill(UInt8(level), delay: 2)
        }
        #expect(try flashes(gif) == 5)
    }

    @Test("less than a tenth of the luminance is no flash, nor is one whose darker side is 0.8 or more")
    func tooFaint() throws {
        // Luminance 0.216 and 0.296; 0.871 and 1.
        var faint = GIFWriter(loop: 0, filled: [0, 1])
        faint.colours = [128, 128, 128, 148, 148, 148]
        #expect(try flashes(faint) == 0)
        faint.colours = [128, 128, 128, 156, 156, 156]
        #expect(try flashes(faint) == 5)
        #expect(try flashes(GIFWriter(loop: 0, filled: [white, 7])) == 0)
        #expect(try flashes(GIFWriter(loop: 0, filled: [white, 6])) == 5)
    }

    @Test("red and black flash")
    func redAndBlack() throws {
        #expect(try flashes(GIFWriter(loop: 0, filled: [red, black])) == 5)
    }

    @Test("saturated red flashes against a grey that is just as bright; other colours do not")
    func redAndGrey() throws {
        // All three have a luminance of 0.21.
        var gif = GIFWriter(loop: 0, filled: [0, 1])
        gif.colours = [255, 0, 0, 127, 127, 127]
        #expect(try flashes(gif) == 5)
        gif.colours = [0, 140, 0, 127, 127, 127]
        #expect(try flashes(gif) == 0)
        // Too dark to be seen as red.
        gif.colours = [40, 0, 0, 0, 0, 0]
        #expect(try flashes(gif) == 0)
    }
}

@Suite("How much of the picture flashes")
struct FlashAreaTests {
    /// A black picture in which these areas are white half of the time, at 5 Hz.
    private func blinking(width: Int, height: Int, _ areas: [Rectangle]) -> GIFWriter {
        var gif = GIFWriter(width: width, height: height, loop: 0)
        for colour in [white, black] {
            gif.paint { x, y in
                areas.contains { ($0.x..<$0.x + $0.width).contains(x) && ($0.y..<$0.y + $0.height).contains(y) } ? colour : black
            }
        }
        return gif
    }

    @Test("less than a quarter of 341 × 256 pixels is no flash, more is one, wherever it is")
    func quarter() throws {
        for (x, y) in [(0, 0), (300, 200), (530, 330)] {
            let small = Rectangle(x: x, y: y, width: 120, height: 120)
            #expect(try flashes(blinking(width: 700, height: 500, [small])) == 0)
            let large = Rectangle(x: x, y: y, width: 170, height: 170)
            #expect(try flashes(blinking(width: 700, height: 500, [large])) == 5)
        }
    }

    @Test("areas add up within 341 × 256 pixels, and not beyond")
    func together() throws {
        let one = Rectangle(x: 0, y: 0, width: 120, height: 120)
        let near = Rectangle(x: 160, y: 100, width: 120, height: 120), far = Rectangle(x: 800, y: 500, width: 120, height: 120)
        #expect(try flashes(blinking(width: 1_000, height: 700, [one, near])) == 5)
        #expect(try flashes(blinking(width: 1_000, height: 700, [one, far])) == 0)
    }

    @Test("of a small picture a quarter is enough")
    func smallPicture() throws {
        #expect(try flashes(blinking(width: 64, height: 64, [Rectangle(x: 0, y: 0, width: 64, height: 12)])) == 0)
        #expect(try flashes(blinking(width: 64, height: 64, [Rectangle(x: 0, y: 0, width: 64, height: 20)])) == 5)
        #expect(try flashes(blinking(width: 1, height: 1, [Rectangle(x: 0, y: 0, width: 1, height: 1)])) == 5)
        #expect(try flashes(blinking(width: 3, height: 200, [Rectangle(x: 0, y: 50, width: 3, height: 80)])) == 5)
    }

    @Test("a fine balanced pattern that changes sides does not flash, a coarse one does")
    func pattern() throws {
        for (side, expected) in [(1, 0.0), (2, 0), (16, 5)] {
            var gif = GIFWriter(width: 128, height: 128, loop: 0)
            for turn in 0..<2 { gif.paint { x, y in UInt8((x / side + y / side + turn) % 2) } }
            #expect(try flashes(gif) == expected)
        }
    }

    @Test("parts that take turns add up to flashes of the whole")
    func turns() throws {
        var gif = GIFWriter(width: 160, height: 40, loop: 0)
        for turn in 0..<4 { gif.paint { x, _ in x / 40 == turn ? white : black } }
        #expect(try flashes(gif) == 5)
    }

    @Test("a wave too narrow to flash at once counts as often as each point flashes")
    func wave() throws {
        var gif = GIFWriter(width: 160, height: 40, loop: 0)
        for turn in 0..<5 { gif.paint { x, _ in x / 32 == turn ? white : black } }
        #expect(try flashes(gif) == 2)
    }
}

@Suite("Flashes of what the viewer composes")
struct CompositionTests {
    private let whole = Rectangle(x: 0, y: 0, width: 40, height: 40), corner = Rectangle(x: 0, y: 0, width: 1, height: 1)

    @Test("what is cleared shows the page, which may be dark or light", arguments: [black, white])
    func clearing(colour: UInt8) throws {
        var gif = GIFWriter(width: 40, height: 40, loop: 0)
        gif.fill(colour, disposal: 2)
        gif.fill(colour, corner, disposal: 2)
        #expect(try flashes(gif) == 5)
    }

    @Test("what is kept stays under frames that paint elsewhere", arguments: [0, 1, 5])
    func keeping(disposal: Int) throws {
        var gif = GIFWriter(width: 40, height: 40, loop: 0)
        gif.fill(black, disposal: disposal)
        gif.fill(white, corner, disposal: disposal)
        gif.fill(black, corner, disposal: disposal)
        #expect(try flashes(gif) == 0)
    }

    @Test("what is taken back shows what was there before", arguments: [3, 4])
    func restoring(disposal: Int) throws {
        var gif = GIFWriter(width: 40, height: 40, loop: 0)
        gif.fill(black)
        gif.fill(white, disposal: disposal)
        gif.fill(black, corner)
        gif.fill(white, disposal: disposal)
        gif.fill(black, corner)
        gif.fill(white, disposal: disposal)
        #expect(try flashes(gif) == 5)
    }

    @Test("transparent pixels leave what is there")
    func transparency() throws {
        var gif = GIFWriter(width: 40, height: 40, loop: 0)
        gif.fill(black)
        gif.fill(white, transparent: white)
        gif.fill(white, transparent: white)
        #expect(try flashes(gif) == 0)
        gif.frames[2].transparent = nil
        #expect(try flashes(gif) > 0)
    }

    @Test("interlaced rows are put where they belong", arguments: [true, false])
    func interlacing(interlaced: Bool) throws {
        // Half of one field flashes at the top; spread over the picture it would be an eighth of every field.
        var gif = GIFWriter(width: 341, height: 1_024, loop: 0)
        for colour in [white, black] { gif.paint(interlaced: interlaced) { _, y in y < 128 ? colour : black } }
        #expect(try flashes(gif) == 5)
    }

    @Test("every frame is painted with its own colours")
    func localColours() throws {
        var gif = GIFWriter(loop: 0, filled: [0, 0])
        gif.frames[1].colours = [255, 255, 255, 0, 0, 0]
        #expect(try flashes(gif) == 5)
    }
}
