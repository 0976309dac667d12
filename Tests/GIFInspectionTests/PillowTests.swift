import Foundation
import GIFInspection
import Testing

@Suite("Fifty GIFs that Pillow has read")
struct PillowTests {
    @Test("size, frames, seconds and flashes are what Pillow's pictures say", arguments: PillowFixture.all.indices)
    func agrees(_ index: Int) throws {
        let fixture = PillowFixture.all[index]
        let bytes = [UInt8](try #require(Data(base64Encoded: fixture.base64)))
        let facts = try inspect(bytes)
        #expect(facts.bytes == bytes.count)
        #expect(facts.width == fixture.width && facts.height == fixture.height)
        #expect(facts.frames == fixture.delays.count)
        let milliseconds = fixture.delays.count == 1 ? 0 : fixture.delays.map { $0 < 20 ? 100 : $0 }.reduce(0, +)
        #expect(facts.seconds == Double(milliseconds) / 1000)
        #expect(facts.flashesPerSecond == fixture.flashes)
    }

    @Test("their stills are GIFs of one frame", arguments: PillowFixture.all.indices)
    func still(_ index: Int) throws {
        let fixture = PillowFixture.all[index]
        let bytes = [UInt8](try #require(Data(base64Encoded: fixture.base64)))
        let still = try #require(try inspect(bytes).still.assemble(from: bytes))
        let facts = try inspect(still)
        #expect(facts.frames == 1)
        #expect(facts.width == fixture.width && facts.height == fixture.height)
    }
}
