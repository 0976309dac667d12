/// What one proxy says of the request it has passed on (RFC 7239 §4): `for=192.0.2.60;proto=http;by=203.0.113.43`.
struct ForwardedElement: Equatable {
    /// Who sent it to the proxy, without quotes.
    private(set) var node: String?
    /// How it was sent.
    private(set) var scheme: String?

    /// Nil unless it follows the grammar. Spaces around the semicolons are let through, as many proxies write them.
    init?(_ text: Substring) {
        var seen: Set<String> = []
        var rest = text.utf8[...]
        while true {
            rest = rest.trimmed
            // §4: a pair may be missing, as behind a last semicolon.
            if let pair = Self.pair(&rest) {
                guard seen.insert(pair.name).inserted else { return nil }
                switch pair.name {
                case "for": node = pair.value
                case "proto": scheme = pair.value.lowercased()
                default: break
                }
                rest = rest.trimmed
            }
            guard let next = rest.popFirst() else { break }
            guard next == UInt8(ascii: ";") else { return nil }
        }
        if seen.isEmpty { return nil }
    }

    private static func pair(_ rest: inout Substring.UTF8View.SubSequence) -> (name: String, value: String)? {
        let name = rest.prefix(while: isToken)
        let behind = rest[name.endIndex...]
        guard !name.isEmpty, behind.first == UInt8(ascii: "=") else { return nil }
        var remaining = behind.dropFirst()
        guard let value = value(&remaining) else { return nil }
        rest = remaining
        return (Substring(name).lowercased(), value)
    }

    private static func value(_ rest: inout Substring.UTF8View.SubSequence) -> String? {
        guard rest.first == UInt8(ascii: "\"") else {
            let token = rest.prefix(while: isToken)
            rest = rest[token.endIndex...]
            return token.isEmpty ? nil : String(Substring(token))
        }
        rest.removeFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                text.append(escaped)
            default: text.append(byte)
            }
        }
        return nil
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension Substring.UTF8View {
    /// Without the spaces and tabs around it (RFC 9110 §5.6.3).
    var trimmed: Substring.UTF8View {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let start = firstIndex { !isSpace($0) } ?? endIndex
        let end = self[start...].lastIndex { !isSpace($0) }.map { index(after: $0) } ?? start
        return self[start..<end]
    }
}
