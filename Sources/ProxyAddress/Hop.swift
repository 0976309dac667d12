/// One end of a connection a request has come by.
enum Hop: Equatable, CustomStringConvertible {
    case address(IPAddress)
    /// A process on this machine, or, said by a proxy, on the proxy's.
    case unixSocket

    /// Reads what sockets and proxies call it: an address, with a port or without, in brackets or without.
    ///
    /// RFC 7239 §6: `192.0.2.1:80`, `[2001:db8::1]:80`, a port may be hidden as `_name`. Some proxies write such things into
    /// X-Forwarded-For, too. nginx writes `unix:`. Nil for all else, also for `unknown` and hidden names.
    init?(_ text: some StringProtocol) {
        if text == "unix" || text.hasPrefix("unix:") {
            self = .unixSocket
        } else if let address = IPAddress(text) ?? Self.addressWithPort(text) {
            self = .address(address)
        } else {
            return nil
        }
    }

    private static func addressWithPort(_ text: some StringProtocol) -> IPAddress? {
        guard text.first == "[" else {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count == 2 && isPort(parts[1]) ? IPAddress(parts[0]) : nil
        }
        guard let bracket = text.firstIndex(of: "]") else { return nil }
        let address = text[text.index(after: text.startIndex)..<bracket]
        let rest = text[text.index(after: bracket)...]
        guard address.utf8.contains(UInt8(ascii: ":")), rest.isEmpty || (rest.first == ":" && isPort(rest.dropFirst())) else { return nil }
        return IPAddress(address)
    }

    /// RFC 7239 §6.
    private static func isPort(_ text: some StringProtocol) -> Bool {
        if text.first == "_" {
            return text.utf8.count > 1 && text.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
        }
        return (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    var description: String {
        switch self {
        case .address(let address): address.description
        case .unixSocket: "unix"
        }
    }
}
