/// Why a request's `Sec-WebSocket-Extensions` cannot be read. The handshake must fail (RFC 6455 §9.1): answer 400.
package enum ExtensionHeaderFailure: Error, Equatable {
    /// The value does not follow the grammar: it stops making sense at a byte of it.
    case malformed(value: String, offset: Int)
}

/// An extension a client offers, with its parameters, in their order (RFC 6455 §9.1).
struct OfferedExtension: Equatable {
    struct Parameter: Equatable {
        let name: String
        /// Without the quotes it may have had; nil if the name stands alone.
        let value: String?
    }

    let name: String
    let parameters: [Parameter]
}

/// Reads one `Sec-WebSocket-Extensions` value (RFC 6455 §9.1).
struct ExtensionParser {
    private let bytes: [UInt8]
    private var position = 0

    /// The extensions of one value, most wanted first. Empty elements of the list are passed over (RFC 9110 §5.6.1.2).
    static func parse(_ value: String) throws(ExtensionHeaderFailure) -> [OfferedExtension] {
        var parser = ExtensionParser(bytes: Array(value.utf8))
        guard let extensions = parser.list() else { throw .malformed(value: value, offset: parser.position) }
        return extensions
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func list() -> [OfferedExtension]? {
        var extensions: [OfferedExtension] = []
        repeat {
            skipSpace()
            if position == bytes.count || bytes[position] == UInt8(ascii: ",") { continue }
            guard let name = token() else { return nil }
            var parameters: [OfferedExtension.Parameter] = []
            while take(";") {
                guard let parameter = parameter() else { return nil }
                parameters.append(parameter)
            }
            extensions.append(OfferedExtension(name: name, parameters: parameters))
        } while take(",")
        return position == bytes.count ? extensions : nil
    }

    private mutating func parameter() -> OfferedExtension.Parameter? {
        guard let name = token() else { return nil }
        guard take("=") else { return OfferedExtension.Parameter(name: name, value: nil) }
        guard let value = token() ?? quoted() else { return nil }
        return OfferedExtension.Parameter(name: name, value: value)
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        skipSpace()
        return true
    }

    private mutating func token() -> String? {
        let start = position
        while position < bytes.count, Self.isToken(bytes[position]) { position += 1 }
        guard position > start else { return nil }
        defer { skipSpace() }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// RFC 6455 §9.1: what is quoted must be a token once quotes and backslashes are gone.
    private mutating func quoted() -> String? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
        position += 1
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") { position += 1 }
            guard position < bytes.count, Self.isToken(bytes[position]) else { return nil }
            text.append(bytes[position])
            position += 1
        }
        guard position < bytes.count, !text.isEmpty else { return nil }
        position += 1
        skipSpace()
        return String(decoding: text, as: UTF8.self)
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
