import JSONText

/// Bytes in events travel as attachments; a placeholder in the JSON says where each belongs.
///
/// Source: Socket.IO protocol v5, "Packet encoding"; `binary.ts` of the reference implementation.
extension SocketIOValue {
    private static let marker = "_placeholder"

    /// The value with attachments in place of placeholders. What was placed becomes nil in `attachments`.
    ///
    /// Each attachment is placed once. The reference implementation lets an attachment be named any number of times, and with
    /// it a small packet become a huge value.
    func placing(_ attachments: inout [[UInt8]?]) throws(SocketIOPacketError) -> SocketIOValue {
        switch self {
        case .null, .bool, .integer, .number, .string, .binary: return self
        case .array(let values):
            var placed: [SocketIOValue] = []
            for value in values { placed.append(try value.placing(&attachments)) }
            return .array(placed)
        case .object(var fields):
            if fields[Self.marker] == .bool(true) { return try Self.attachment(fields["num"], of: &attachments) }
            for (name, value) in fields { fields[name] = try value.placing(&attachments) }
            return .object(fields)
        }
    }

    private static func attachment(
        _ number: SocketIOValue?, of attachments: inout [[UInt8]?]
    ) throws(SocketIOPacketError) -> SocketIOValue {
        guard case .integer(let number) = number, let index = Int(exactly: number), attachments.indices.contains(index),
            let bytes = attachments[index]
        else { throw .misplacedAttachment }
        attachments[index] = nil
        return .binary(bytes)
    }
}

extension JSONWriter {
    /// Writes the value with placeholders for the bytes in it, which are added to `attachments`.
    mutating func value(_ value: SocketIOValue, attachments: inout [[UInt8]]) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .integer(let integer): self.integer(integer)
        case .number(let number): self.number(number)
        case .string(let text): string(text)
        case .array(let values):
            array { json in for value in values { json.value(value, attachments: &attachments) } }
        case .object(let fields):
            object { json in
                for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                    json.name(name)
                    json.value(value, attachments: &attachments)
                }
            }
        case .binary(let bytes):
            object { json in
                json.field("_placeholder", true)
                json.field("num", attachments.count)
            }
            attachments.append(bytes)
        }
    }
}
