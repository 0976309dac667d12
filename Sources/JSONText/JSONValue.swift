/// A JSON value in memory, for what has no fixed shape: manifests, plugins' settings and stores.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Fields in no particular order.
    case object([String: JSONValue])

    /// Parses a JSON text of any type at the top: UTF-8, nested at most 100 deep.
    package init(parsing text: some Sequence<UInt8>) throws(JSONSyntaxError) {
        let bytes = Array(text)
        guard bytes.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) != nil else { throw JSONSyntaxError(offset: 0) }
        self = try JSONParser.parse(bytes[...])
    }

    /// Parses bytes that are known to be UTF-8.
    package init(parsingUTF8 bytes: ArraySlice<UInt8>) throws(JSONSyntaxError) { self = try JSONParser.parse(bytes) }

    package subscript(_ name: String) -> JSONValue? {
        if case .object(let fields) = self { fields[name] } else { nil }
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    package var object: [String: JSONValue]? { if case .object(let fields) = self { fields } else { nil } }
    package var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }

    package var integer: Int64? {
        switch self {
        case .integer(let integer): integer
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }

    package var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// What to call the value's type in a message.
    package var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The JSON text, with the fields of objects in order of their names.
    package var text: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension JSONWriter {
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .integer(let integer): self.integer(integer)
        case .number(let number): self.number(number)
        case .string(let text): string(text)
        case .array(let values): array { json in for value in values { json.value(value) } }
        case .object(let fields):
            object { json in
                for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                    json.name(name)
                    json.value(value)
                }
            }
        }
    }
}
