import ProxyAddress

/// Which addresses are on the public Internet, so that a plugin's request cannot reach what is around the server: the machine
/// itself, its network, a cloud's metadata service.
///
/// What is not public is listed after IANA's registries of special-purpose addresses (RFC 6890). Of IPv6 the space that is
/// given out, `2000::/3`, is public and everything else is not. Addresses that carry an IPv4 address are that address.
struct PublicAddresses: Sendable {
    private let special = Self.ranges([
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        // Azure's metadata and health service, which has a public address but answers inside only.
        "168.63.129.16/32",
        // Teredo, ORCHID and other protocols' own; documentation; 6to4.
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    ])
    private let given = Self.ranges(["2000::/3"])
    /// Translated to IPv4 on the way (NAT64, RFC 6052): the last four bytes are the address.
    private let translated = Self.ranges(["64:ff9b::/96"])

    func contains(_ address: IPAddress) -> Bool {
        if translated.contains(where: { $0.contains(address) }) { return address.lastFourBytes.map(contains) ?? false }
        if special.contains(where: { $0.contains(address) }) { return false }
        return address.family == .v4 || given.contains { $0.contains(address) }
    }

    private static func ranges(_ list: [String]) -> [AddressRange] {
        list.map { text in
            do {
                return try AddressRange(text)
            } catch {
                preconditionFailure("\(text): \(error)")
            }
        }
    }
}

extension IPAddress {
    /// The IPv4 address at the end of an IPv6 address.
    fileprivate var lastFourBytes: IPAddress? {
        let groups = description.split(separator: ":", omittingEmptySubsequences: false)
        if let last = groups.last, last.contains(".") { return IPAddress(last) }
        guard let low = groups.last, let high = groups.dropLast().last else { return nil }
        let (a, b) = (UInt32(high, radix: 16) ?? 0, UInt32(low, radix: 16) ?? 0)
        return IPAddress("\(a >> 8).\(a & 255).\(b >> 8).\(b & 255)")
    }
}
