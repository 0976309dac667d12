import ProxyAddress
import Testing

private let proxy = "10.0.0.1"
private let trusting = ["10.0.0.0/8"]

@Suite("What a client sends to be taken for another")
struct SpoofingTests {
    /// The header as the client has sent it, in lines or in one, and what a proxy appends.
    @Test(
        "X-Forwarded-For: what the proxy has appended counts",
        arguments: [
            "", "192.0.2.66", "10.0.0.5", "127.0.0.1", "10.0.0.5, 10.0.0.6", ",", ",,,", "\"", "\\", "\"10.0.0.5, ", "unknown", "unix:",
            "\u{0}",
            "10.0.0.5\u{0}", "🦉", "10.0.0.5,\t", "for=10.0.0.5", "198.51.100.7,198.51.100.7",
        ])
    func appended(_ sent: String) throws {
        #expect(try client(proxy, sent, "198.51.100.7", trusting: trusting) == "198.51.100.7")
        #expect(try client(proxy, "\(sent), 198.51.100.7", trusting: trusting) == "198.51.100.7")
        #expect(try client(proxy, "\(sent),198.51.100.7 , 10.0.0.2", trusting: trusting) == "198.51.100.7")
        #expect(try client("198.51.100.7", sent, trusting: trusting) == "198.51.100.7")
    }

    @Test(
        "Forwarded: an open quote or a backslash does not swallow what the proxy has appended",
        arguments: [
            "", "for=192.0.2.66", "for=10.0.0.5", "for=\"", "for=\"10.0.0.5", "for=\"\\", "for=\"\\\"", "\\", "\"", "\"\"", "\"\"\"",
            ";;;", "=", "for",
            "for=10.0.0.5;by=\"", "for=\"[2001:db8::1", "\u{0}",
        ])
    func quotes(_ sent: String) throws {
        for honest in ["for=198.51.100.7", "for=\"198.51.100.7:80\";proto=http", "proto=http;by=\"a,\\\"b\";For=198.51.100.7"] {
            #expect(try forwardedClient(proxy, sent, honest, trusting: trusting).address == "198.51.100.7")
            #expect(try forwardedClient(proxy, "\(sent), \(honest)", trusting: trusting).address == "198.51.100.7")
            #expect(try forwardedClient(proxy, "\(sent),\(honest),for=10.0.0.2", trusting: trusting).address == "198.51.100.7")
        }
    }

    @Test("the header that the proxies do not write is not looked at")
    func otherHeader() throws {
        let headers = ForwardingHeaders(forwardedFor: ["192.0.2.1"], forwardedProto: ["https"], forwarded: ["for=192.0.2.2;proto=http"])
        let proxies = try TrustedProxies(trusting)
        let x = ClientFinder(header: .xForwarded, proxies: proxies).origin(peer: proxy, isSecure: false, headers: headers)
        let standard = ClientFinder(header: .forwarded, proxies: proxies).origin(peer: proxy, isSecure: true, headers: headers)
        #expect(x.address == "192.0.2.1" && x.isSecure)
        #expect(standard.address == "192.0.2.2" && !standard.isSecure)
    }

    @Test("any header leads to an address, and it is the appended one")
    func fuzz() throws {
        var random = SeededRandom(state: 7)
        let parts = ["10.0.0.1", "192.0.2.1", ",", ";", "\"", "\\", "for=", "proto=https", " ", "[::1]", ":80", "unix:", "é", "\u{0}", "%"]
        for _ in 0..<fuzzCount {
            let count = Int.random(in: 0..<12, using: &random)
            let sent = (0..<count).map { _ in parts[Int.random(in: 0..<parts.count, using: &random)] }.joined()
            #expect(try client(proxy, "\(sent), 198.51.100.7", trusting: trusting) == "198.51.100.7")
            #expect(try forwardedClient(proxy, "\(sent), for=198.51.100.7", trusting: trusting).address == "198.51.100.7")
            let origin = try forwardedClient(proxy, sent, trusting: trusting + ["loopback", "unix"])
            #expect(origin.address == "unix" || IPAddress(origin.address) != nil)
        }
    }
}
