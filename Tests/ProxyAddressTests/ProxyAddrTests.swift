import ProxyAddress
import Testing

private let all = ["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"]

@Suite("What npm's proxy-addr does")
struct ProxyAddrTests {
    @Test("all trusted: the furthest address")
    func allTrusted() throws {
        #expect(try client("127.0.0.1", trusting: all) == "127.0.0.1")
        #expect(try client("127.0.0.1", "10.0.0.1", trusting: all) == "10.0.0.1")
        #expect(try client("127.0.0.1", "10.0.0.1, 10.0.0.2", trusting: all) == "10.0.0.1")
    }

    @Test("nobody trusted: the other end of the connection")
    func noneTrusted() throws {
        #expect(try client("127.0.0.1", trusting: []) == "127.0.0.1")
        #expect(try client("127.0.0.1", "10.0.0.1, 10.0.0.2", trusting: []) == "127.0.0.1")
        #expect(try client("10.0.0.1", "192.168.0.1, 10.0.0.2", trusting: ["127.0.0.1", "192.168.0.100"]) == "10.0.0.1")
    }

    @Test("some trusted: the first who is not")
    func someTrusted() throws {
        let trusting = ["10.0.0.0/8"]
        #expect(try client("127.0.0.1", trusting: trusting) == "127.0.0.1")
        #expect(try client("127.0.0.1", "10.0.0.1, 10.0.0.2", trusting: trusting) == "127.0.0.1")
        #expect(try client("10.0.0.1", "192.168.0.1", trusting: trusting) == "192.168.0.1")
        #expect(try client("10.0.0.1", "192.168.0.1, 10.0.0.2", trusting: trusting) == "192.168.0.1")
        #expect(try client("10.0.0.1", "10.0.0.3, 192.168.0.1, 10.0.0.2", trusting: trusting) == "192.168.0.1")
    }

    @Test("single addresses, ranges and masks")
    func lists() throws {
        #expect(try client("10.0.0.1", "192.168.0.1, 10.0.0.2", trusting: ["10.0.0.1", "10.0.0.2"]) == "192.168.0.1")
        #expect(try client("10.0.0.1", "192.168.0.1, 10.0.0.200", trusting: ["10.0.0.2/26"]) == "10.0.0.200")
        #expect(try client("10.0.0.1", "192.168.0.1, 10.0.0.200", trusting: ["10.0.0.2/255.255.255.192"]) == "10.0.0.200")
        #expect(try client("fe80::1", "2002:c000:203::1, fe80::2", trusting: ["fe80::1", "fe80::2"]) == "2002:c000:203::1")
        #expect(try client("fe80::1", "2002:c000:203::1, fe80::ff00", trusting: ["fe80::/125"]) == "fe80::ff00")
    }

    @Test("both families")
    func mixed() throws {
        #expect(try client("::1", "2002:c000:203::1", trusting: ["127.0.0.1", "::1"]) == "2002:c000:203::1")
        #expect(try client("::1", "2002:c000:203::1", trusting: ["127.0.0.1"]) == "::1")
    }

    @Test(
        "IPv4 addresses in IPv6's clothes, on either side",
        arguments: [
            ("::ffff:a00:1", "192.168.0.1, 10.0.0.2", ["10.0.0.1", "10.0.0.2"], "192.168.0.1"),
            ("::ffff:a00:1", "192.168.0.1, 10.0.0.2", ["10.0.0.1/16"], "192.168.0.1"),
            ("10.0.0.1", "192.168.0.1, 10.0.0.2", ["::ffff:a00:1", "::ffff:a00:2"], "192.168.0.1"),
            ("10.0.0.1", "192.168.0.1, 10.0.0.200", ["::ffff:a00:2/122"], "10.0.0.200"),
            ("10.0.0.1", "192.168.0.1, 10.0.0.200", ["::ffff:a00:2/122", "fe80::/125"], "10.0.0.200"),
            ("10.0.0.1", "192.168.0.1, 10.0.0.200", ["::ffff:a00:2/122", "127.0.0.1"], "10.0.0.200"),
            ("::ffff:10.0.0.1", "::ffff:192.168.0.1", ["10.0.0.0/8"], "192.168.0.1"),
        ])
    func mapped(_ peer: String, _ header: String, _ list: [String], _ expected: String) throws {
        #expect(try client(peer, header, trusting: list) == expected)
    }

    @Test("the names of ranges")
    func names() throws {
        #expect(try client("fe80::1", "2002:c000:203::1, fe80::2", trusting: ["linklocal"]) == "2002:c000:203::1")
        #expect(try client("::1", "2002:c000:203::1, fe80::2", trusting: ["loopback", "linklocal"]) == "2002:c000:203::1")
        for peer in ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"] {
            #expect(try client(peer, "192.0.2.1", trusting: ["loopback"]) == "192.0.2.1")
        }
        for peer in ["10.9.9.9", "172.16.0.1", "172.31.255.255", "192.168.3.4", "fc00::1", "fdff::1"] {
            #expect(try client(peer, "192.0.2.1", trusting: ["uniquelocal"]) == "192.0.2.1")
        }
        for peer in ["128.0.0.1", "172.32.0.1", "192.169.0.1", "fe00::1", "::2", "169.254.1.1"] {
            #expect(try client(peer, "192.0.2.1", trusting: ["uniquelocal", "loopback"]) == peer)
        }
    }

    /// proxy-addr would answer `localhost`, `proxy` and `::8:8:8:8:8:8:8:8:8`.
    @Test("other than there, what is no address is not believed: it is the proxy that has said it")
    func nonsense() throws {
        #expect(try client("10.0.0.1", "192.168.0.1, 10.0.0.2, localhost", trusting: ["10.0.0.1", "10.0.0.2"]) == "10.0.0.1")
        #expect(try client("127.0.0.1", "myrouter, 127.0.0.1, proxy", trusting: ["127.0.0.1"]) == "127.0.0.1")
        #expect(try client("127.0.0.1", "myrouter, 127.0.0.2, ::8:8:8:8:8:8:8:8:8", trusting: ["loopback"]) == "127.0.0.1")
        #expect(try client("127.0.0.1", "unknown, 127.0.0.2", trusting: ["loopback"]) == "127.0.0.2")
    }

    @Test("a connection whose other end has no address is trusted by nobody")
    func noPeer() throws {
        #expect(try client("", "127.0.0.1, 10.0.0.1", trusting: all) == "")
        #expect(try client("pipe", "127.0.0.1, 10.0.0.1", trusting: all + ["unix"]) == "pipe")
    }
}
