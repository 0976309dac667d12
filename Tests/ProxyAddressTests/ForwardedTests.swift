import ProxyAddress
import Testing

private let trusting = ["10.0.0.0/8", "unix"]

@Suite("Headers of proxies")
struct ForwardedTests {
    @Test(
        "a node, as RFC 7239 and others write it",
        arguments: [
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"), ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=\"[2001:db8::1]\"", "2001:db8::1"), ("for=\"192.0.2.60:47011\"", "192.0.2.60"),
            ("for=\"192.0.2.60:_hidden\"", "192.0.2.60"),
            ("FOR=192.0.2.60", "192.0.2.60"), ("for=\"192.0.2.\\60\"", "192.0.2.60"), ("proto=http; for=192.0.2.60 ; by=_x;", "192.0.2.60"),
            (";for=192.0.2.60", "192.0.2.60"), ("for=\"[::ffff:192.0.2.60]\"", "192.0.2.60"),
            ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"),
            ("for=192.0.2.43, for=10.0.0.17;by=10.0.0.9", "192.0.2.43"), ("for=192.0.2.43,for=\"10.0.0.17:80\",,", "192.0.2.43"),
            ("for=192.0.2.60;by=\"a,b;c\"", "192.0.2.60"), ("for=192.0.2.60;secret=\"\\\"\"", "192.0.2.60"), ("for=\"unix:\"", "unix"),
            ("for=192.0.2.60, for=\"unix:\"", "192.0.2.60"),
        ])
    func nodes(_ header: String, _ expected: String) throws {
        #expect(try forwardedClient("10.0.0.1", header, trusting: trusting).address == expected)
    }

    @Test(
        "a proxy that does not say, or not properly, is itself as far as one can see",
        arguments: [
            "", "for=unknown", "for=_hidden", "for=\"_gazonk\"", "for=\"unknown:80\"", "proto=https", "for=\"\"", "for=", "for",
            "for = 192.0.2.1",
            "for=192.0.2.1:80", "for=[2001:db8::1]", "for=\"[2001:db8::1\"", "for=\"[192.0.2.1]\"", "for=\"2001:db8::1]:80\"",
            "for=\"192.0.2.1:\"", "for=\"192.0.2.1:123456\"", "for=\"192.0.2.1:_\"", "for=\"192.0.2.1:_ü\"", "for=\"[::1]80\"",
            "for=192.0.2.1;for=192.0.2.2", "for=192.0.2.1;For=192.0.2.1", "for=192.0.2.1 proto=http", "for=\"192.0.2.1",
            "for=192.0.2.1\"", "for==",
        ])
    func unknown(_ header: String) throws {
        #expect(try forwardedClient("10.0.0.1", "for=192.0.2.9", header.isEmpty ? "x=y" : header, trusting: trusting).address == "10.0.0.1")
    }

    @Test("X-Forwarded-For may have ports and brackets")
    func ports() throws {
        #expect(try client("10.0.0.1:999", "192.0.2.1:4711", trusting: trusting) == "192.0.2.1")
        #expect(try client("[fe80::1]:999", "[2001:db8::1]:4711, [fe80::2]", trusting: ["linklocal"]) == "2001:db8::1")
        #expect(try client("fe80::1%eth0", "2001:db8::1", trusting: ["linklocal"]) == "2001:db8::1")
    }

    @Test("a Unix socket is trusted if the list says so", arguments: ["unix", "unix:", "unix:/run/roost.sock"])
    func unix(_ peer: String) throws {
        #expect(try client(peer, "192.0.2.1", trusting: ["unix"]) == "192.0.2.1")
        #expect(try client(peer, "192.0.2.1, unix:", trusting: ["unix"]) == "192.0.2.1")
        #expect(try client(peer, "192.0.2.1", trusting: ["loopback", "uniquelocal"]) == "unix")
        #expect(try client(peer, trusting: ["unix"]) == "unix")
    }

    private func isSecure(
        _ peer: String = "10.0.0.1", tls: Bool = false, nodes: [String] = ["192.0.2.1"], proto: [String]
    ) throws -> Bool {
        ClientFinder(header: .xForwarded, proxies: try TrustedProxies(trusting))
            .origin(peer: peer, isSecure: tls, headers: ForwardingHeaders(forwardedFor: nodes, forwardedProto: proto)).isSecure
    }

    @Test("the scheme is what trusted proxies say, or else the connection's own")
    func scheme() throws {
        for secure in ["https", "HTTPS", "wss"] { #expect(try isSecure(proto: [secure])) }
        #expect(try isSecure(nodes: [], proto: ["https"]))
        #expect(try !isSecure(tls: true, proto: ["http"]) && !isSecure(tls: true, proto: ["ftp"]))
        #expect(try isSecure(tls: true, proto: []) && !isSecure(proto: []) && !isSecure(proto: [""]))
        #expect(try !isSecure("192.0.2.7", proto: ["https"]) && isSecure("192.0.2.7", tls: true, proto: ["http"]))
    }

    @Test("of several schemes, the outermost trusted proxy's counts")
    func schemes() throws {
        #expect(try !isSecure(proto: ["https, http"]) && !isSecure(proto: ["https", "http"]))
        #expect(try isSecure(nodes: ["192.0.2.1, 10.0.0.2"], proto: ["https, http"]))
        #expect(try isSecure(nodes: ["192.0.2.1, 10.0.0.2"], proto: ["https"]))
        #expect(try !isSecure(nodes: ["192.0.2.1, 10.0.0.2"], proto: ["https, http, https"]))
        let header = "for=192.0.2.6;proto=https, for=192.0.2.1;proto=https, for=10.0.0.2;proto=http"
        let origin = try forwardedClient("10.0.0.1", header, trusting: trusting)
        #expect(origin.address == "192.0.2.1" && origin.isSecure)
        #expect(try forwardedClient("10.0.0.1", "for=_hidden;proto=https", trusting: trusting).isSecure)
        #expect(try !forwardedClient("10.0.0.1", "for=192.0.2.1;proto=https;", "for=\"oops", trusting: trusting).isSecure)
    }
}
