import Glibc

/// An IPv4 or IPv6 address, the same value however it was written.
///
/// An IPv4 address in IPv6's clothes (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2) is the IPv4 address: a socket that listens on both
/// reports the former, lists and headers name the latter. A zone (`%eth0`, RFC 4007 §11) is dropped: it means something on one
/// machine only.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Family: Sendable { case v4, v6 }

    package let family: Family
    /// The address as a number; of an IPv4 address only the lower 32 bits are used.
    let value: UInt128

    /// Reads the text form, and no other: no port, no brackets, no leading zeros, no `127.1`. Nil if it is something else.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        // C would read up to the first zero byte and not see what comes behind.
        guard text.utf8.count <= Self.longestText, !text.utf8.contains(0) else { return nil }
        guard text.utf8.contains(UInt8(ascii: ":")) else {
            var address = in_addr()
            guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
            self.init(v4: UInt32(bigEndian: address.s_addr))
            return
        }
        if let percent = text.firstIndex(of: "%") {
            guard text.index(after: percent) != text.endIndex else { return nil }
            text = String(text[..<percent])
        }
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        self.init(v6: withUnsafeBytes(of: address) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) })
    }

    /// 45 characters of address, a zone of a Linux interface's name, and some to spare.
    private static let longestText = 64

    init(v4 number: UInt32) {
        family = .v4
        value = UInt128(number)
    }

    init(v6 number: UInt128) {
        let isMapped = number >> 32 == Self.mappedPrefix
        family = isMapped ? .v4 : .v6
        value = isMapped ? number & 0xFFFF_FFFF : number
    }

    /// What the upper 96 bits of `::ffff:0:0/96` are.
    private static let mappedPrefix: UInt128 = 0xFFFF

    /// How many bits an address of its family has.
    var width: Int { family == .v4 ? 32 : 128 }

    /// The canonical text (RFC 5952), so that one address is always the same string.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch family {
        case .v4:
            var address = in_addr(s_addr: UInt32(truncatingIfNeeded: value).bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        case .v6:
            var bytes = value.bigEndian
            inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
