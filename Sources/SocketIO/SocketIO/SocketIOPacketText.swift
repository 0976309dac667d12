import JSONText

/// A packet's text taken apart, its attachments still missing.
///
/// Source: Socket.IO protocol v5, "Packet encoding", "Format":
/// `<type>[<number of attachments>-][<namespace>,][<ack id>][<JSON payload>]`.
struct SocketIOPacketText {
    let type: SocketIOPacketType
    /// 0 unless the packet is a binary one.
    let attachmentCount: Int
    let namespace: String
    let ackID: UInt64?
    let payload: SocketIOValue?

    init(_ bytes: [UInt8]) throws(SocketIOPacketError) {
        guard let first = bytes.first, let type = SocketIOPacketType(rawValue: first) else { throw .unknownType(bytes.first) }
        self.type = type
        var rest = bytes.dropFirst()
        attachmentCount = type.isBinary ? try Self.takeAttachmentCount(&rest) : 0
        namespace = Self.takeNamespace(&rest)
        ackID = try Self.takeAckID(&rest)
        payload = rest.isEmpty ? nil : try Self.payload(rest)
    }

    private static func payload(_ bytes: ArraySlice<UInt8>) throws(SocketIOPacketError) -> SocketIOValue {
        do {
            return SocketIOValue(try JSONValue(parsingUTF8: bytes))
        } catch {
            throw .invalidJSON(at: error.offset)
        }
    }

    private static func takeAttachmentCount(_ rest: inout ArraySlice<UInt8>) throws(SocketIOPacketError) -> Int {
        guard let count = takeNumber(&rest), rest.popFirst() == UInt8(ascii: "-"), count > 0 else {
            throw .illegalAttachmentCount
        }
        guard count <= SocketIOPacket.maxAttachments else { throw .tooManyAttachments }
        return Int(count)
    }

    /// A namespace begins with a slash and ends with a comma or with the packet.
    private static func takeNamespace(_ rest: inout ArraySlice<UInt8>) -> String {
        guard rest.first == UInt8(ascii: "/") else { return "/" }
        let name = rest.prefix { $0 != UInt8(ascii: ",") }
        rest = rest.dropFirst(name.count + 1)
        return String(decoding: name, as: UTF8.self)
    }

    private static func takeAckID(_ rest: inout ArraySlice<UInt8>) throws(SocketIOPacketError) -> UInt64? {
        guard let first = rest.first, isDigit(first) else { return nil }
        guard let id = takeNumber(&rest), id <= SocketIOPacket.maxAckID else { throw .illegalAckID }
        return id
    }

    /// The number that the digits at the beginning make; nil if there are none or if it is huge.
    private static func takeNumber(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        let digits = rest.prefix(while: isDigit)
        rest = rest.dropFirst(digits.count)
        return UInt64(String(decoding: digits, as: UTF8.self))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

extension SocketIOPacketText {
    /// The packet with its attachments, as many as it said.
    func packet(with attachments: [[UInt8]]) throws(SocketIOPacketError) -> SocketIOPacket {
        switch type {
        case .connect:
            try refuseAckID()
            guard let payload else { return .connect(namespace: namespace) }
            guard case .object(let data) = payload else { throw .invalidPayload }
            return .connect(namespace: namespace, data: data)
        case .disconnect:
            try refuseAckID()
            guard payload == nil else { throw .invalidPayload }
            return .disconnect(namespace: namespace)
        case .connectError:
            try refuseAckID()
            switch payload {
            case .object?, .string?: return .connectError(namespace: namespace, data: payload ?? .null)
            default: throw .invalidPayload
            }
        case .event, .binaryEvent:
            let values = try arguments(attachments)
            let name = try Self.eventName(values.first)
            return .event(namespace: namespace, name: name, arguments: Array(values.dropFirst()), ackID: ackID)
        case .ack, .binaryAck:
            guard let ackID else { throw .missingAckID }
            return .ack(namespace: namespace, id: ackID, arguments: try arguments(attachments))
        }
    }

    private func arguments(_ attachments: [[UInt8]]) throws(SocketIOPacketError) -> [SocketIOValue] {
        guard case .array(let values) = payload else { throw .invalidPayload }
        guard type.isBinary else { return values }
        var unplaced: [[UInt8]?] = attachments
        guard case .array(let placed) = try SocketIOValue.array(values).placing(&unplaced) else { throw .invalidPayload }
        guard unplaced.allSatisfy({ $0 == nil }) else { throw .misplacedAttachment }
        return placed
    }

    /// The reference implementation lets events be called by numbers, and its emitters make them text.
    private static func eventName(_ value: SocketIOValue?) throws(SocketIOPacketError) -> String {
        switch value {
        case .string(let name)?:
            if SocketIOPacket.reservedEvents.contains(name) { throw .reservedEvent(name) }
            return name
        case .integer(let number)?: return String(number)
        default: throw .invalidPayload
        }
    }

    private func refuseAckID() throws(SocketIOPacketError) {
        if ackID != nil { throw .unexpectedAckID }
    }
}
