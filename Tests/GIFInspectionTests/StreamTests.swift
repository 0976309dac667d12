import Foundation
import GIFInspection
import Testing

@Suite("However the bytes arrive")
struct StreamTests {
    /// Every kind of block, in few bytes.
    private var everything: [UInt8] {
        var gif = GIFWriter(width: 24, height: 16, loop: 2)
        gif.extensions = [0x21, 0xFE, 4, 71, 73, 70, 33, 0]
        gif.paint(delay: 4, interlaced: true) { x, y in UInt8((x * y) % 8) }
        gif.fill(2, Rectangle(x: 3, y: 1, width: 9, height: 9), delay: 5, disposal: 2, transparent: 1)
        gif.frames[1].colours = GIFWriter.colours
        gif.paint(Rectangle(x: 5, y: 5, width: 19, height: 11), delay: 9, disposal: 3) { x, _ in UInt8(x % 3) }
        gif.fill(1, delay: nil)
        return gif.bytes
    }

    @Test("a GIF that ends anywhere before its end is cut short there")
    func truncation() {
        for bytes in [everything, GIFWriter(width: 60, height: 60, filled: [0, 1]).bytes] {
            for length in bytes.indices {
                guard case .cutShort(at: length, reading: _) = refusal(Array(bytes.prefix(length))) else {
                    Issue.record("\(length) of \(bytes.count) bytes are not cut short")
                    return
                }
            }
        }
    }

    @Test("the answer does not depend on the parts", arguments: [1, 2, 3, 7, 64, 255, 256])
    func parts(_ size: Int) throws {
        let bytes = everything
        #expect(try inspect(bytes, part: size) == inspect(bytes))
        for fixture in PillowFixture.all.prefix(10) {
            let bytes = [UInt8](try #require(Data(base64Encoded: fixture.base64)))
            #expect(try inspect(bytes, part: size) == inspect(bytes))
        }
    }

    @Test("nor does the error")
    func errors() {
        var random = SeededRandom(state: 3)
        let mutator = Mutator(seeds: [everything])
        for _ in 0..<500 {
            let bytes = mutator.next(using: &random)
            let limits = GIFLimits(bytes: 900, side: 300, frames: 5, seconds: 1, totalPixels: 3_000)
            let whole = refusal(bytes, limits: limits)
            #expect(refusal(bytes, limits: limits, part: 1) == whole)
            #expect(refusal(bytes, limits: limits, part: 5) == whole)
        }
    }

    @Test("any collection of bytes will do, empty ones too")
    func collections() throws {
        let bytes = everything
        var inspector = GIFInspector(limits: GIFLimits(), seed: 1)
        try inspector.consume(EmptyCollection<UInt8>())
        try inspector.consume(bytes.prefix(50).lazy.map { $0 })
        try bytes.dropFirst(50).withUnsafeBytes { try inspector.consume($0) }
        #expect(try inspector.finish() == inspect(bytes))
    }

    @Test("asked twice, it says the same; after an error it says nothing else")
    func twice() throws {
        var inspector = GIFInspector()
        try inspector.consume(everything)
        let facts = try inspector.finish()
        #expect(try inspector.finish() == facts)

        var failed = GIFInspector()
        #expect(throws: GIFError.notGIF(at: 0)) { try failed.consume([1]) }
        #expect(throws: GIFError.notGIF(at: 0)) { try failed.consume(everything) }
        #expect(throws: GIFError.notGIF(at: 0)) { try failed.finish() }
    }
}

@Suite("Damaged files")
struct FuzzTests {
    /// How often it is tried: ROOST_FUZZ.
    private static let rounds = ProcessInfo.processInfo.environment["ROOST_FUZZ"].flatMap(Int.init) ?? 2_000

    @Test("no damage brings it down or over a limit", arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) throws {
        let limits = GIFLimits(bytes: 4_000, side: 400, frames: 12, seconds: 5, totalPixels: 40_000)
        var random = SeededRandom(state: seed)
        let mutator = Mutator(seeds: PillowFixture.all.compactMap { Data(base64Encoded: $0.base64).map([UInt8].init) })
        var accepted = 0, sentences: Set<String> = []
        for _ in 0..<Self.rounds / 4 {
            let bytes = mutator.next(using: &random)
            do throws(GIFError) {
                let facts = try inspect(bytes, limits: limits, part: Int.random(in: 1...500, using: &random))
                accepted += 1
                let fits =
                    facts.bytes == bytes.count && facts.bytes <= limits.bytes && max(facts.width, facts.height) <= limits.side
                    && (1...limits.frames).contains(facts.frames) && facts.seconds <= limits.seconds
                    && (0...50).contains(facts.flashesPerSecond)
                guard fits else { Issue.record("\(facts) is over a limit: \(bytes)"); return }
                guard let still = facts.still.assemble(from: bytes), refusal(still, limits: limits) == nil else {
                    Issue.record("the still is no GIF: \(bytes)")
                    return
                }
            } catch {
                sentences.insert(error.description.filter(\.isLetter))
            }
        }
        // Otherwise the damage is too coarse, or too little of it, to reach most of the code.
        #expect(accepted > Self.rounds / 100)
        #expect(sentences.count > 8)
    }
}

/// Damages files as discs, editors and attackers do.
struct Mutator {
    let seeds: [[UInt8]]

    func next(using random: inout SeededRandom) -> [UInt8] {
        guard var bytes = seeds.randomElement(using: &random) else { return [] }
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard let at = bytes.indices.randomElement(using: &random) else { return bytes }
            let end = min(bytes.count, at + Int.random(in: 1...40, using: &random))
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 3: bytes[at] = [0, 1, 0x21, 0x2C, 0x3B, 0xF9, 0xFF].randomElement(using: &random) ?? 0
            case 4: bytes.removeSubrange(at..<end)
            case 5: bytes.insert(contentsOf: bytes[at..<end], at: at)
            case 6: bytes.removeSubrange(at...)
            default:
                guard let other = seeds.randomElement(using: &random) else { break }
                bytes.replaceSubrange(at..., with: other.dropFirst(at))
            }
        }
        return bytes
    }
}
