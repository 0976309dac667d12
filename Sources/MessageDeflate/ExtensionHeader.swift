/// Reads `Sec-WebSocket-Extensions` (RFC 6455 §9.1).
enum ExtensionHeader {
    typealias Extension = (name: String, parameters: [(name: String, value: String?)])

    /// Nil if the value does not follow the grammar.
    static func parse(_ text: String) -> [Extension]? {
        var scanner = Scanner(Array(text.utf8))
        var extensions: [Extension] = []
        repeat {
            guard let name = scanner.token() else { return nil }
            var parameters: [(name: String, value: String?)] = []
            while scanner.take(";") {
                guard let name = scanner.token() else { return nil }
                var value: String?
                if scanner.take("=") {
                    guard let given = scanner.token() ?? scanner.quoted() else { return nil }
                    value = given
                }
                parameters.append((name, value))
            }
            extensions.append((name, parameters))
        } while scanner.take(",")
        return scanner.isAtEnd ? extensions : nil
    }

    private struct Scanner {
        let bytes: [UInt8]
        var at = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            skipSpace()
        }

        var isAtEnd: Bool { at == bytes.count }

        mutating func skipSpace() {
            while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
        }

        mutating func take(_ character: Character) -> Bool {
            guard at < bytes.count, bytes[at] == character.asciiValue else { return false }
            at += 1
            skipSpace()
            return true
        }

        mutating func token() -> String? {
            let start = at
            while at < bytes.count, Self.isToken(bytes[at]) { at += 1 }
            defer { skipSpace() }
            return at > start ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
        }

        /// §9.1: what is quoted must be a token once the quotes are gone.
        mutating func quoted() -> String? {
            guard at < bytes.count, bytes[at] == 0x22 else { return nil }
            at += 1
            var text: [UInt8] = []
            while at < bytes.count, bytes[at] != 0x22 {
                if bytes[at] == 0x5C { at += 1 }
                guard at < bytes.count, Self.isToken(bytes[at]) else { return nil }
                text.append(bytes[at])
                at += 1
            }
            guard at < bytes.count, !text.isEmpty else { return nil }
            at += 1
            skipSpace()
            return String(decoding: text, as: UTF8.self)
        }

        /// RFC 9110 §5.6.2.
        static func isToken(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
    }
}
