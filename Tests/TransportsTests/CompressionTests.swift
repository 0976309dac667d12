import JSONText
import MessageDeflate
import NIOCore
import RoomEngine
import Testing

@testable import Transports

@Suite("Compressed messages")
struct CompressionTests {
    private func message(_ text: String) -> Message { .refused(nil, Refusal(.refused, text)) }

    private func frame(_ message: Message, by format: any MessageFormat) -> [UInt8] {
        var bytes = ByteBuffer()
        format.append(message, to: &bytes)
        return Array(bytes.readableBytesView)
    }

    @Test("a short message goes out as it is: it takes one packet either way") func short() {
        let said = message("hello")
        #expect(frame(said, by: DeflatedNativeFormat(windowBits: 15)) == frame(said, by: NativeFormat()))
    }

    @Test("a long message is compressed, and every client can inflate it that agreed on that window", arguments: 9...15)
    func long(windowBits: Int) throws {
        let said = message(String(repeating: "What is said again and again. ", count: 200))
        let plain = frame(said, by: NativeFormat()), packed = frame(said, by: DeflatedNativeFormat(windowBits: windowBits))
        #expect(packed.count < plain.count / 5)
        // As a client would send it: with a mask, of zeros.
        let header = packed[1] < 126 ? 2 : 4
        var input = ByteBuffer(bytes: [packed[0], 0x80 | packed[1]])
        input.writeBytes(packed[2..<header])
        input.writeBytes([0, 0, 0, 0])
        input.writeBytes(packed[header...])
        var parser = FrameParser(limit: 65_536, allowsCompression: true)
        guard case .compressed(isText: true, let bytes)? = try parser.next(from: &input) else {
            Issue.record("not one compressed text")
            return
        }
        let inflated = try Inflater(limit: 65_536).inflate(bytes, isLast: true)
        #expect(Array(inflated.readableBytesView) == Array(plain.dropFirst(4)))
    }

    @Test("what is sent twice is the same twice: nothing of a message is needed for the next one") func independent() {
        let format = DeflatedNativeFormat(windowBits: 15)
        let said = message(String(repeating: "again ", count: 500))
        #expect(frame(said, by: format) == frame(said, by: format))
    }
}
