/// What is wrong with a list of trusted proxies. The data is the entry, as it was written.
package enum TrustedProxiesFailure: Error, Equatable, CustomStringConvertible {
    /// Neither a name nor an address.
    case noAddress(String)
    /// An address, but what follows the slash is no number of bits or mask for it, or covers all addresses.
    case badRange(String)

    package var description: String {
        switch self {
        case .noAddress(let entry):
            "Trusted proxies: “\(entry)” is no address. Write one like 192.0.2.1, a range like 10.0.0.0/8, or one of "
                + "\(TrustedProxies.names.keys.sorted().joined(separator: ", "))."
        case .badRange(let entry):
            "Trusted proxies: “\(entry)” is no range. Behind the slash belong the number of bits the addresses share, "
                + "from 1 to 32 (IPv6: 128), or for IPv4 a mask like 255.0.0.0."
        }
    }
}

/// Whose word is taken for where a request has come from.
package struct TrustedProxies: Sendable {
    /// The names a list may have instead of ranges, those of npm's proxy-addr.
    static let names = [
        "loopback": ["127.0.0.0/8", "::1/128"],
        "linklocal": ["169.254.0.0/16", "fe80::/10"],
        "uniquelocal": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
        "unix": [],
    ]

    private let ranges: [AddressRange]
    private let trustsUnixSockets: Bool

    /// - Parameter list: addresses, ranges (see ``AddressRange``), `loopback`, `linklocal`, `uniquelocal`, and `unix` for whoever
    ///   can open the server's Unix socket. An empty list trusts nobody.
    package init(_ list: [String]) throws(TrustedProxiesFailure) {
        var ranges: [AddressRange] = []
        for entry in list {
            for range in Self.names[entry] ?? [entry] { ranges.append(try AddressRange(range)) }
        }
        self.ranges = ranges
        trustsUnixSockets = list.contains("unix")
    }

    /// Whether an address, with or without a port, or `unix` is in the list: for others than proxies, too.
    package func contains(_ address: String) -> Bool { Hop(address).map(trusts) ?? false }

    func trusts(_ hop: Hop) -> Bool {
        switch hop {
        case .address(let address): ranges.contains { $0.contains(address) }
        case .unixSocket: trustsUnixSockets
        }
    }
}
