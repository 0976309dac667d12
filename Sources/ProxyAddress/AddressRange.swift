/// Addresses that begin with the same bits, as in `10.0.0.0/8` (RFC 4632 §3.1, RFC 4291 §2.3).
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let family: IPAddress.Family
    private let first: UInt128
    private let prefixLength: Int
    private let hostBits: Int

    /// Reads an address, or an address and behind a slash the number of bits or, for IPv4, their mask: `10.0.0.0/255.0.0.0`.
    ///
    /// The address may be any of the range. `::ffff:10.0.0.0/104` is `10.0.0.0/8`. Other IPv6 ranges have no IPv4 addresses in
    /// them, not even `::/8`. A range of all addresses is refused: to trust everyone is to believe whatever anyone says.
    package init(_ text: String) throws(TrustedProxiesFailure) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { throw .noAddress(text) }
        guard parts.count == 2 else {
            self.init(address, prefixLength: address.width)
            return
        }
        // Written as IPv6, its bits are counted from there.
        let isMapped = address.family == .v4 && parts[0].utf8.contains(UInt8(ascii: ":"))
        guard let length = Self.number(parts[1]) ?? (isMapped ? nil : Self.maskLength(parts[1], of: address)) else { throw .badRange(text) }
        let prefixLength = isMapped ? length - 96 : length
        guard (1...address.width).contains(prefixLength) else { throw .badRange(text) }
        self.init(address, prefixLength: prefixLength)
    }

    private init(_ address: IPAddress, prefixLength: Int) {
        self.prefixLength = prefixLength
        hostBits = address.width - prefixLength
        family = address.family
        first = (address.value >> hostBits) << hostBits
    }

    /// Digits only: `Int` would take signs.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    /// How many ones a netmask begins with, if zeros follow and nothing else.
    private static func maskLength(_ text: Substring, of address: IPAddress) -> Int? {
        guard address.family == .v4, !text.utf8.contains(UInt8(ascii: ":")), let mask = IPAddress(text) else { return nil }
        let bits = UInt32(truncatingIfNeeded: mask.value)
        let length = (~bits).leadingZeroBitCount
        return bits.nonzeroBitCount == length ? length : nil
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.family == family && (address.value >> hostBits) << hostBits == first
    }

    package var description: String {
        let address = family == .v4 ? IPAddress(v4: UInt32(truncatingIfNeeded: first)) : IPAddress(v6: first)
        return "\(address)/\(prefixLength)"
    }
}
