import ProxyAddress
import Testing

@Suite("Addresses and ranges")
struct AddressTests {
    @Test(
        "an address has one text, however it was written",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("2001:0db8::0001", "2001:db8::1"), ("fe80::1%eth0", "fe80::1"),
            ("fe80::1%1", "fe80::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:201", "192.0.2.1"), ("0:0:0:0:0:ffff:c000:0201", "192.0.2.1"),
            ("::fffe:192.0.2.1", "::fffe:c000:201"), ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ])
    func canonical(_ text: String, _ canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(
        "nothing else is one",
        arguments: [
            "", " ", "localhost", "1.2.3", "1.2.3.4.5", "127.1", "2130706433", "0x7f.0.0.1", "010.0.0.1", "10.0.300.1", "1.2.3.4 ",
            " 1.2.3.4",
            "1.2.3.4\n", "1.2.3.4\u{0}", "::1\u{0}", "1.2.3.4%eth0", "::1%", "[::1]", "1.2.3.4:80", "::8:8:8:8:8:8:8:8:8", ":::", "1::2::3",
            "::ffff:30.168.1.9000", "-1", "１.２.３.４", "12345::", "g::1",
            "fe80::1%a-zone-so-long-that-no-network-interface-can-ever-have-been-named-like-it",
        ])
    func invalid(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "ranges, in all their spellings",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("10.1.2.3/8", "10.0.0.0/8"), ("10.0.0.0/255.0.0.0", "10.0.0.0/8"), ("10.0.0.1", "10.0.0.1/32"),
            ("10.0.0.2/255.255.255.192", "10.0.0.0/26"), ("10.0.0.1/255.255.255.255", "10.0.0.1/32"), ("128.0.0.0/1", "128.0.0.0/1"),
            ("fd00::/8", "fd00::/8"), ("fe80::1%eth0/10", "fe80::/10"), ("::1", "::1/128"), ("8000::/1", "8000::/1"),
            ("::ffff:10.0.0.1", "10.0.0.1/32"), ("::ffff:a00:2/122", "10.0.0.0/26"), ("::ffff:0:0/97", "0.0.0.0/1"),
        ])
    func ranges(_ text: String, _ canonical: String) throws {
        #expect(try AddressRange(text).description == canonical)
    }

    @Test(
        "what begins with no address is refused, and said so",
        arguments: ["blargh", "10.0.300.1", "::ffff:30.168.1.9000", "-1", "", "/8", "Loopback", "loopback/8", " 10.0.0.1", "*"])
    func noAddress(_ text: String) {
        #expect(throws: TrustedProxiesFailure.noAddress(text)) { try TrustedProxies(["10.0.0.1", text]) }
    }

    @Test(
        "so is what covers no range, or everyone",
        arguments: [
            "10.0.0.1/internet", "10.0.0.1/6000", "::1/6000", "::ffff:a00:2/136", "::ffff:a00:2/-1", "10.0.0.1/255.0.255.0",
            "10.0.0.1/ffc0::",
            "fe80::/ffc0::", "fe80::/255.255.255.0", "::ffff:a00:2/255.255.255.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/8/8",
            "10.0.0.0/+8", "10.0.0.0/8 ", "0.0.0.0/0", "0.0.0.0/0.0.0.0", "::/0", "::ffff:0:0/96", "::ffff:0:0/8",
            "10.0.0.0/::ffff:255.0.0.0",
            "10.0.0.0/99999999999999999999",
        ])
    func badRange(_ text: String) {
        #expect(throws: TrustedProxiesFailure.badRange(text)) { try TrustedProxies([text]) }
    }

    @Test("an IPv6 range has no IPv4 addresses, and the other way round")
    func families() throws {
        let v4 = try #require(IPAddress("0.0.0.1")), v6 = try #require(IPAddress("::1"))
        #expect(try !AddressRange("::/1").contains(v4))
        #expect(try !AddressRange("0.0.0.0/1").contains(v6))
        #expect(try AddressRange("::/1").contains(v6))
        #expect(try AddressRange("::ffff:0:0/97").contains(v4))
    }

    @Test("a range has its own addresses and none beside", arguments: 1...32)
    func edges(bits: Int) throws {
        let range = try AddressRange("172.16.0.0/\(bits)")
        let first: UInt32 = 0xAC10_0000 & ~UInt32((UInt64(1) << (32 - bits)) - 1)
        let last = first | UInt32((UInt64(1) << (32 - bits)) - 1)
        func contains(_ number: UInt32) -> Bool {
            let text = [24, 16, 8, 0].map { String((number >> $0) & 0xFF) }.joined(separator: ".")
            return IPAddress(text).map(range.contains) ?? false
        }
        #expect(contains(first) && contains(last))
        #expect(!contains(first &- 1) && !contains(last &+ 1))
    }
}
