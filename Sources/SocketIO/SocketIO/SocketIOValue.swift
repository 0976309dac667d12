import JSONText

/// What events carry: JSON with bytes in it.
package enum SocketIOValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Never a whole number that `integer` can hold when it comes from the wire.
    case number(Double)
    case string(String)
    case array([SocketIOValue])
    /// Fields in no particular order.
    case object([String: SocketIOValue])
    /// A `Buffer`, `ArrayBuffer` or typed array in the terms of the reference implementation; travels as an attachment.
    case binary([UInt8])

    package init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let values): self = .array(values.map(SocketIOValue.init))
        case .object(let fields): self = .object(fields.mapValues(SocketIOValue.init))
        }
    }

    /// The value as JSON; nil if there are bytes in it.
    package var json: JSONValue? {
        switch self {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .integer(let integer): return .integer(integer)
        case .number(let number): return .number(number)
        case .string(let text): return .string(text)
        case .array(let values):
            let json = values.compactMap(\.json)
            return json.count == values.count ? .array(json) : nil
        case .object(let fields):
            let json = fields.compactMapValues(\.json)
            return json.count == fields.count ? .object(json) : nil
        case .binary: return nil
        }
    }

    package var hasBinary: Bool {
        switch self {
        case .binary: true
        case .array(let values): values.contains(where: \.hasBinary)
        case .object(let fields): fields.values.contains(where: \.hasBinary)
        case .null, .bool, .integer, .number, .string: false
        }
    }

    package subscript(_ name: String) -> SocketIOValue? {
        if case .object(let fields) = self { fields[name] } else { nil }
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }
}

extension SocketIOValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral integer: Int64) { self = .integer(integer) }
    package init(booleanLiteral flag: Bool) { self = .bool(flag) }
}

extension SocketIOValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    package init(arrayLiteral values: SocketIOValue...) { self = .array(values) }
    package init(dictionaryLiteral fields: (String, SocketIOValue)...) {
        self = .object(Dictionary(fields) { _, last in last })
    }
}
