import NIOCore
import Testing

@testable import Transports

/// Frames as a client sends them.
func frame(_ opcode: UInt8, _ payload: [UInt8], final isFinal: Bool = true, reserved: UInt8 = 0, masked: Bool = true) -> [UInt8] {
    var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | reserved | opcode]
    let mask: [UInt8] = [0x12, 0x34, 0x56, 0x78]
    switch payload.count {
    case ..<126: bytes.append((masked ? 0x80 : 0) | UInt8(payload.count))
    case ..<65_536: bytes += [(masked ? 0x80 : 0) | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
        bytes.append((masked ? 0x80 : 0) | 127)
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    guard masked else { return bytes + payload }
    return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
}

@Suite("WebSocket frames")
struct FrameTests {
    /// Everything that comes of some bytes, given in pieces of `size`.
    private func parse(_ bytes: [UInt8], limit: Int = 1_000, size: Int) throws -> [IncomingMessage] {
        var parser = FrameParser(limit: limit)
        var messages: [IncomingMessage] = []
        var rest = ByteBuffer()
        for start in stride(from: 0, to: bytes.count, by: size) {
            rest.writeBytes(bytes[start..<min(start + size, bytes.count)])
            while let message = try parser.next(from: &rest) { messages.append(message) }
        }
        return messages
    }

    private func failure(_ bytes: [UInt8], limit: Int = 1_000) -> UInt16? {
        for size in [1, 3, bytes.count] {
            do {
                _ = try parse(bytes, limit: limit, size: size)
                return nil
            } catch let error as ProtocolFailure {
                if size == bytes.count { return error.code }
            } catch {
                return nil
            }
        }
        return nil
    }

    private func text(_ string: String) -> IncomingMessage { .text(ByteBuffer(string: string)) }

    @Test("a message comes whole, however it was cut", arguments: [1, 2, 3, 7, 1_000]) func pieces(size: Int) throws {
        let bytes = frame(1, Array("héllo".utf8)) + frame(2, [0, 255]) + frame(9, [1]) + frame(1, []) + frame(8, [3, 232])
        #expect(try parse(bytes, size: size) == [text("héllo"), .binary(ByteBuffer(bytes: [0, 255])), .ping(ByteBuffer(bytes: [1])), text(""), .close(code: 1_000)])
    }

    @Test("fragments are put together, with control frames between them", arguments: [1, 5, 1_000]) func fragments(size: Int) throws {
        let euro = Array("€".utf8)
        let bytes = frame(1, [euro[0]], final: false) + frame(9, []) + frame(0, [euro[1]], final: false) + frame(10, []) + frame(0, [euro[2]])
        #expect(try parse(bytes, size: size) == [.ping(ByteBuffer()), .pong, text("€")])
    }

    @Test("long messages have longer headers") func lengths() throws {
        for count in [125, 126, 127, 65_535, 65_536, 70_000] {
            let payload = [UInt8](repeating: 0x61, count: count)
            #expect(try parse(frame(1, payload), limit: 100_000, size: 4_096) == [.text(ByteBuffer(bytes: payload))])
        }
    }

    @Test("what breaks the protocol is a violation", arguments: [
        frame(1, [0x61], reserved: 0x40), frame(1, [0x61], reserved: 0x20), frame(1, [0x61], reserved: 0x10),
        frame(3, []), frame(7, []), frame(11, []), frame(15, []), frame(1, [0x61], masked: false), frame(0, [0x61]),
        frame(1, [], final: false) + frame(1, []), frame(9, [], final: false), frame(9, [UInt8](repeating: 0, count: 126)),
        frame(8, [3]), frame(8, [3, 231]), frame(8, [3, 236]), frame(8, [3, 237]), frame(8, [3, 247]), frame(8, [0x13, 0x88]),
        [0x81, 0xFE, 0, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5], [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
    ])
    func violations(bytes: [UInt8]) { #expect(failure(bytes) == 1002) }

    @Test("text that is not UTF-8 fails at the first wrong byte", arguments: [
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x61, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
    func notUTF8(payload: [UInt8]) {
        #expect(failure(frame(1, payload)) == 1007)
        #expect(failure(frame(8, [3, 232] + payload)) == 1007)
    }

    @Test("invalid UTF-8 is noticed before the frame is complete") func failFast() throws {
        var parser = FrameParser(limit: 1_000)
        let whole = frame(1, Array("abc".utf8) + [0xFF] + [UInt8](repeating: 0x61, count: 100))
        var beginning = ByteBuffer(bytes: whole[..<12])
        #expect(throws: ProtocolFailure.notUTF8) { try parser.next(from: &beginning) }
    }

    @Test("a message over the limit fails by its header, in one frame or in many") func tooBig() {
        #expect(failure(frame(1, [UInt8](repeating: 0x61, count: 1_001))) == 1009)
        let part = [UInt8](repeating: 0x61, count: 600)
        #expect(failure(frame(1, part, final: false) + frame(0, part)) == 1009)
        #expect(failure([0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]) == 1009)
    }

    @Test("a close frame's reason is cut at a character's end") func closeReason() {
        let bytes = FrameWriter.close(1000, String(repeating: "é", count: 100))
        #expect(bytes.readableBytes == 2 + 2 + 122)
    }
}

/// Numbers that follow from a seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
