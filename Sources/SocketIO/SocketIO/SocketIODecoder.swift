/// Makes packets of the messages of one Engine.IO session, whose attachments come in messages of their own.
///
/// Holds at most `SocketIOPacket.maxAttachments` messages; how large a message may be is the transport's to say. After an error
/// the session is to be closed.
package struct SocketIODecoder: Sendable {
    private struct Incomplete: Sendable {
        let text: SocketIOPacketText
        var attachments: [[UInt8]] = []
    }

    private var incomplete: Incomplete?

    package init() {}

    /// The packet that the message completes, if it does.
    package mutating func decode(_ message: EngineIOMessage) throws(SocketIOPacketError) -> SocketIOPacket? {
        switch message {
        case .text(let bytes): try decode(text: bytes)
        case .binary(let bytes): try decode(attachment: bytes)
        }
    }

    private mutating func decode(text bytes: [UInt8]) throws(SocketIOPacketError) -> SocketIOPacket? {
        guard incomplete == nil else { throw .unexpectedText }
        let text = try SocketIOPacketText(bytes)
        // With attachments to come the packet is made from empty ones, so that what is wrong with it is known at once.
        let packet = try text.packet(with: Array(repeating: [], count: text.attachmentCount))
        if text.attachmentCount == 0 { return packet }
        incomplete = Incomplete(text: text)
        return nil
    }

    private mutating func decode(attachment bytes: [UInt8]) throws(SocketIOPacketError) -> SocketIOPacket? {
        guard var current = incomplete else { throw .unexpectedBinary }
        current.attachments.append(bytes)
        let isComplete = current.attachments.count == current.text.attachmentCount
        incomplete = isComplete ? nil : current
        return isComplete ? try current.text.packet(with: current.attachments) : nil
    }
}
