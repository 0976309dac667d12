/// What one side of an Engine.IO session says to the other in one piece.
///
/// Source: Engine.IO protocol v4, "Protocol" and "Packet encoding".
package enum EngineIOPacket: Sendable, Equatable {
    /// A packet of any type with its payload, UTF-8.
    case plain(EngineIOPacketType, [UInt8] = [])
    /// A `message` packet with a binary payload.
    case binary([UInt8])
}

/// The types of packets; the raw value is the digit on the wire.
package enum EngineIOPacketType: UInt8, Sendable, CaseIterable {
    case open = 0x30
    case close
    case ping
    case pong
    case message
    case upgrade
    case noop
}

/// A packet as it is written: the payload of one WebSocket message, or a part of the payload of a poll.
///
/// The bytes are shared: an event that goes to a thousand clients is encoded once and queued a thousand times.
package enum EngineIOFrame: Sendable, Equatable {
    /// UTF-8, the packet type first.
    case text([UInt8])
    /// The bytes of a binary message as they are.
    case binary([UInt8])

    /// How many bytes are sent, without what a transport adds.
    package var byteCount: Int {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes.count
        }
    }
}

/// The payload of a `message` packet.
package enum EngineIOMessage: Sendable, Equatable {
    /// UTF-8.
    case text([UInt8])
    case binary([UInt8])
}

/// Why bytes are not Engine.IO packets. The session they came in is closed for it.
package enum EngineIOPacketError: Error, Equatable, CustomStringConvertible {
    case emptyPacket
    case unknownType(UInt8)
    case notUTF8
    case invalidBase64

    package var description: String {
        switch self {
        case .emptyPacket: "an Engine.IO packet has no type: a digit from 0 to 6 comes first"
        case .unknownType(let byte): "an Engine.IO packet begins with byte \(byte): a digit from 0 to 6 comes first"
        case .notUTF8: "an Engine.IO payload is not UTF-8"
        case .invalidBase64: "a binary Engine.IO packet is not base64 with padding (RFC 4648 §4)"
        }
    }
}

extension EngineIOPacket {
    /// What a client sent as one WebSocket message. Text is UTF-8: RFC 6455 §8.1 has the transport see to it.
    package init(_ frame: EngineIOFrame) throws(EngineIOPacketError) {
        switch frame {
        case .text(let bytes): self = try EngineIOPacket(text: bytes[...])
        case .binary(let bytes): self = .binary(bytes)
        }
    }

    /// A packet written as text, without the `b` of binary packets in polls.
    init(text bytes: ArraySlice<UInt8>) throws(EngineIOPacketError) {
        guard let first = bytes.first else { throw .emptyPacket }
        guard let type = EngineIOPacketType(rawValue: first) else { throw .unknownType(first) }
        self = .plain(type, Array(bytes.dropFirst()))
    }

    package var frame: EngineIOFrame {
        switch self {
        case .plain(let type, let payload): .text([type.rawValue] + payload)
        case .binary(let bytes): .binary(bytes)
        }
    }
}
