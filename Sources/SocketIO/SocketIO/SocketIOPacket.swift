/// What client and server of a namespace say to each other.
///
/// Source: Socket.IO protocol v5, "Exchange protocol". Binary events and acknowledgements are events and acknowledgements with
/// bytes among their arguments: whether a packet is one is decided where it is written.
package enum SocketIOPacket: Sendable, Equatable {
    /// A client asks to be let in, with what it has to prove that it may; the server's answer has its `sid`.
    case connect(namespace: String, data: [String: SocketIOValue]? = nil)
    case disconnect(namespace: String)
    case event(namespace: String, name: String, arguments: [SocketIOValue], ackID: UInt64? = nil)
    case ack(namespace: String, id: UInt64, arguments: [SocketIOValue])
    /// The server lets a client not in: an object with a `message`, or only the message.
    case connectError(namespace: String, data: SocketIOValue)

    package var namespace: String {
        switch self {
        case .connect(let namespace, _), .disconnect(let namespace), .event(let namespace, _, _, _), .ack(let namespace, _, _),
            .connectError(let namespace, _):
            namespace
        }
    }

    /// Names that say something to the libraries at either end and are not sent as events (`RESERVED_EVENTS` of the reference
    /// implementation's parser).
    package static let reservedEvents: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]

    /// The most attachments of a packet. The reference implementation's clients refuse more, too.
    package static let maxAttachments = 10

    /// Ack ids are JavaScript numbers: up to 2⁵³ − 1.
    static let maxAckID: UInt64 = 1 << 53 - 1
}

/// The types of packets on the wire; the raw value is the digit.
enum SocketIOPacketType: UInt8 {
    case connect = 0x30
    case disconnect
    case event
    case ack
    case connectError
    case binaryEvent
    case binaryAck

    var isBinary: Bool { self == .binaryEvent || self == .binaryAck }
}

/// Why messages are not Socket.IO packets. The session they came in is closed for it.
package enum SocketIOPacketError: Error, Equatable, CustomStringConvertible {
    case unknownType(UInt8?)
    case illegalAttachmentCount
    case tooManyAttachments
    case illegalAckID
    case missingAckID
    case unexpectedAckID
    /// At a byte of the packet.
    case invalidJSON(at: Int)
    case invalidPayload
    case reservedEvent(String)
    case misplacedAttachment
    case unexpectedText
    case unexpectedBinary

    package var description: String {
        switch self {
        case .unknownType(let byte?): "a Socket.IO packet begins with byte \(byte): a digit from 0 to 6 comes first"
        case .unknownType(nil): "a Socket.IO packet is empty: a digit from 0 to 6 comes first"
        case .illegalAttachmentCount: "a binary packet does not say how many attachments it has, as in 51-"
        case .tooManyAttachments: "a binary packet has more than \(SocketIOPacket.maxAttachments) attachments"
        case .illegalAckID: "an ack id is above 2^53 - 1"
        case .missingAckID: "an acknowledgement does not say of what: it needs an ack id"
        case .unexpectedAckID: "only events and acknowledgements have ack ids"
        case .invalidJSON(let index): "the payload is not JSON at byte \(index) of the packet"
        case .invalidPayload: "the payload does not fit the packet: events are arrays that begin with a name, acks are arrays"
        case .reservedEvent(let name): "an event is called \(name), which is reserved"
        case .misplacedAttachment: "the placeholders do not name each attachment once"
        case .unexpectedText: "text came where an attachment was due"
        case .unexpectedBinary: "an attachment came without its packet"
        }
    }
}
