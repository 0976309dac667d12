import Foundation

/// Packets put together in the body of a poll's answer or of a POST.
///
/// Source: Engine.IO protocol v4, "Packet encoding", "HTTP long-polling": packets are separated by the record separator, binary
/// ones are base64 behind a `b`. Nobody escapes the separator: the protocol assumes that no text has it, and JSON never does.
package enum EngineIOPayload {
    static let separator: UInt8 = 0x1E
    private static let binaryPrefix = UInt8(ascii: "b")

    /// All packets of a body, or the error of the first that is wrong.
    package static func decode(_ body: [UInt8]) throws(EngineIOPacketError) -> [EngineIOPacket] {
        guard String(validating: body, as: UTF8.self) != nil else { throw .notUTF8 }
        var packets: [EngineIOPacket] = []
        for part in body.split(separator: separator, omittingEmptySubsequences: false) {
            packets.append(try decodePart(part))
        }
        return packets
    }

    package static func encode(_ frames: some Sequence<EngineIOFrame>) -> [UInt8] {
        var body: [UInt8] = []
        for (index, frame) in frames.enumerated() {
            if index > 0 { body.append(separator) }
            switch frame {
            case .text(let bytes): body += bytes
            case .binary(let bytes):
                body.append(binaryPrefix)
                body += Data(bytes).base64EncodedData()
            }
        }
        return body
    }

    /// How many bytes a frame takes in a body, without a separator.
    static func size(of frame: EngineIOFrame) -> Int {
        switch frame {
        case .text(let bytes): bytes.count
        case .binary(let bytes): 1 + (bytes.count + 2) / 3 * 4
        }
    }

    private static func decodePart(_ part: ArraySlice<UInt8>) throws(EngineIOPacketError) -> EngineIOPacket {
        guard part.first == binaryPrefix else { return try EngineIOPacket(text: part) }
        guard let bytes = Data(base64Encoded: Data(part.dropFirst())) else { throw .invalidBase64 }
        return .binary(Array(bytes))
    }
}
