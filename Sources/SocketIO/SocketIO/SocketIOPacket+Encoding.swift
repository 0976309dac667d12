import JSONText

/// Source: Socket.IO protocol v5, "Packet encoding".
extension SocketIOPacket {
    /// An event for any number of clients, encoded once: its text (`42/chat,["name",…]`) and its attachments. They go to
    /// `EngineIOSession.send(_:holding:)` of each, and their bytes are shared.
    ///
    /// - Parameters:
    ///   - namespace: has no comma, which would end it
    ///   - name: none of `reservedEvents`
    ///   - arguments: with bytes in at most `maxAttachments` places
    ///   - offset: what a client gives back to get what came after this event; sent as the last argument, as connection state
    ///     recovery wants it
    package static func encodeEvent(
        namespace: String, name: String, arguments: [SocketIOValue], offset: String? = nil
    ) -> [EngineIOFrame] {
        let extra = offset.map { [SocketIOValue.string($0)] } ?? []
        return event(namespace: namespace, name: name, arguments: arguments + extra).frames
    }

    /// The packet as Engine.IO messages: its text, then its attachments.
    package var frames: [EngineIOFrame] {
        switch self {
        case .connect(let namespace, let data):
            frames(.connect, namespace, payload: data.map(SocketIOValue.object))
        case .disconnect(let namespace): frames(.disconnect, namespace)
        case .event(let namespace, let name, let arguments, let ackID):
            frames(.event, namespace, ackID, payload: .array([.string(name)] + arguments))
        case .ack(let namespace, let id, let arguments): frames(.ack, namespace, id, payload: .array(arguments))
        case .connectError(let namespace, let data): frames(.connectError, namespace, payload: data)
        }
    }

    private func frames(
        _ type: SocketIOPacketType, _ namespace: String, _ ackID: UInt64? = nil, payload: SocketIOValue? = nil
    ) -> [EngineIOFrame] {
        var json = JSONWriter()
        var attachments: [[UInt8]] = []
        if let payload { json.value(payload, attachments: &attachments) }

        var text = [EngineIOPacketType.message.rawValue]
        text.reserveCapacity(json.bytes.count + namespace.utf8.count + 8)
        switch type {
        case .event where !attachments.isEmpty: text.append(SocketIOPacketType.binaryEvent.rawValue)
        case .ack where !attachments.isEmpty: text.append(SocketIOPacketType.binaryAck.rawValue)
        default: text.append(type.rawValue)
        }
        if !attachments.isEmpty { text += "\(attachments.count)-".utf8 }
        if namespace != "/" { text += "\(namespace),".utf8 }
        if let ackID { text += "\(ackID)".utf8 }
        text += json.bytes
        return [.text(text)] + attachments.map(EngineIOFrame.binary)
    }
}
