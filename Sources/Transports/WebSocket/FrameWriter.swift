import NIOCore

/// A server's frames: unmasked, unfragmented (RFC 6455 §5.2).
enum FrameWriter {
    enum Kind: UInt8 {
        case text = 0x81, binary = 0x82
        /// RFC 7692 §6: the bit that says that the message is compressed.
        case compressedText = 0xC1, compressedBinary = 0xC2
        case close = 0x88, ping = 0x89, pong = 0x8A
    }

    /// The length of the header before a payload of `count` bytes.
    static func headerSize(_ count: Int) -> Int { count < 126 ? 2 : count < 65_536 ? 4 : 10 }

    static func append(_ kind: Kind, _ payload: some Collection<UInt8>, to bytes: inout ByteBuffer) {
        bytes.reserveCapacity(minimumWritableBytes: headerSize(payload.count) + payload.count)
        bytes.writeInteger(kind.rawValue)
        switch payload.count {
        case ..<126: bytes.writeInteger(UInt8(payload.count))
        case ..<65_536:
            bytes.writeInteger(UInt8(126))
            bytes.writeInteger(UInt16(payload.count))
        default:
            bytes.writeInteger(UInt8(127))
            bytes.writeInteger(UInt64(payload.count))
        }
        bytes.writeBytes(payload)
    }

    /// A close frame. The reason is cut to what fits, at a character's end.
    static func close(_ code: UInt16, _ reason: String) -> ByteBuffer {
        var payload = [UInt8(code >> 8), UInt8(code & 0xFF)]
        for character in reason {
            if payload.count + character.utf8.count > 125 { break }
            payload += character.utf8
        }
        var bytes = ByteBuffer()
        append(.close, payload, to: &bytes)
        return bytes
    }
}
