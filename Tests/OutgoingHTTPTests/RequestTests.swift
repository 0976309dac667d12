import NIOPosix
import Plugins
import ProxyAddress
import Synchronization
import Testing

@testable import OutgoingHTTP

/// Answers by a table; a name with several answers gives the next one each time it is asked.
private final class TableResolver: AddressResolver {
    private let answers: Mutex<[String: [[String]]]>

    init(_ answers: [String: [[String]]]) { self.answers = Mutex(answers) }

    func addresses(of host: String) async throws -> [IPAddress] {
        answers.withLock { answers in
            guard let first = answers[host]?.first else { return [] }
            if answers[host]!.count > 1 { answers[host]!.removeFirst() }
            return first.compactMap { IPAddress($0) }
        }
    }
}

@Suite("Plugins' requests")
struct RequestTests {
    /// Sends to `http://api.test:PORT`, which is this machine.
    private func ask(
        _ server: LocalServer, _ path: String, method: String = "GET", headers: [(String, String)] = [], body: String = "", hosts: [String] = [],
        addresses: [String: [[String]]] = [:], allowsPrivate: Bool = true, seconds: Double = 20, mostBytes: Int = OutgoingRequest.mostBytes
    ) async throws -> OutgoingResult {
        let table = ["api.test": [["127.0.0.1"]]].merging(addresses) { $1 }
        let sender = RequestSender(on: .singletonMultiThreadedEventLoopGroup, resolver: TableResolver(table), allowsPrivate: allowsPrivate)
        let allowed = try (["http://api.test:\(server.port)"] + hosts).map { try #require(AllowedHost($0)) }
        let url = try #require(RequestURL("http://api.test:\(server.port)\(path)"))
        return await sender.send(OutgoingRequest(
            method: method, url: url, headers: headers, body: Array(body.utf8), hosts: allowed, seconds: seconds, mostBytes: mostBytes))
    }

    private func failure(_ result: OutgoingResult) -> String? { if case .failure(let failure) = result { failure.message } else { nil } }

    @Test("an answer has status, headers and body, and the host is asked by its name") func answers() async throws {
        let server = try await LocalServer.start { _ in .whole(201, [("X-Kind", "tea"), ("x-kind", "green")], "hello") }
        let response = try await ask(server, "/a?b=c", headers: [("Authorization", "Bearer x")]).get()
        #expect(response.status == 201)
        #expect(response.headers["x-kind"] == "tea, green")
        #expect(response.body == Array("hello".utf8))
        let seen = try #require(server.requests.first)
        #expect(seen.uri == "/a?b=c")
        #expect(seen.headers["host"] == "api.test:\(server.port)")
        #expect(seen.headers["authorization"] == "Bearer x")
        #expect(seen.headers["user-agent"] == "Roost")
        try await server.stop()
    }

    @Test("a body is sent") func posts() async throws {
        let server = try await LocalServer.start { _ in .whole(200) }
        _ = try await ask(server, "/", method: "POST", body: "tea").get()
        #expect(server.requests.map(\.method) == ["POST"])
        #expect(server.requests.map(\.body) == ["tea"])
        try await server.stop()
    }

    @Test("a host with a private address is not asked, however many public ones it has", arguments: [
        ["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["169.254.169.254"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["fd00:ec2::254"],
    ])
    func privateAddress(addresses: [String]) async throws {
        let server = try await LocalServer.start { _ in .whole(200) }
        let result = try await ask(server, "/", addresses: ["api.test": [addresses]], allowsPrivate: false)
        #expect(failure(result) == "api.test has a private address")
        #expect(server.requests.isEmpty)
        try await server.stop()
    }

    @Test("the connection goes to the address that was checked, whatever the name resolves to next") func rebinding() async throws {
        let server = try await LocalServer.start { _ in .whole(200) }
        // Checked once and connected once: the second answer must never be asked for.
        let resolver = TableResolver(["api.test": [["127.0.0.1"], ["192.0.2.1"]]])
        let sender = RequestSender(on: .singletonMultiThreadedEventLoopGroup, resolver: resolver, allowsPrivate: true)
        let url = try #require(RequestURL("http://api.test:\(server.port)/"))
        let host = try #require(AllowedHost("http://api.test:\(server.port)"))
        let response = try await sender.send(OutgoingRequest(method: "GET", url: url, hosts: [host])).get()
        #expect(response.status == 200)
        #expect(try await resolver.addresses(of: "api.test").map(\.description) == ["192.0.2.1"])
        try await server.stop()
    }

    @Test("redirects are followed, and what was posted is asked for") func redirects() async throws {
        let server = try await LocalServer.start { $0 == "/from" ? .whole(302, [("Location", "/to")]) : .whole(200, [], "there") }
        let response = try await ask(server, "/from", method: "POST", headers: [("Authorization", "x"), ("Content-Type", "text/plain")], body: "tea").get()
        #expect(String(decoding: response.body, as: UTF8.self) == "there")
        #expect(server.requests.map { "\($0.method) \($0.uri) \($0.body)" } == ["POST /from tea", "GET /to "])
        #expect(server.requests.last?.headers["authorization"] == "x")
        #expect(server.requests.last?.headers["content-type"] == nil)
        try await server.stop()
    }

    @Test("a redirect to another host keeps no secrets, and goes nowhere the manifest does not name") func redirectElsewhere() async throws {
        let other = try await LocalServer.start { _ in .whole(200, [], "other") }
        let server = try await LocalServer.start { _ in .whole(307, [("Location", "http://other.test:\(other.port)/x")]) }
        let addresses = ["other.test": [["127.0.0.1"]]]
        let refused = try await ask(server, "/", addresses: addresses)
        #expect(failure(refused) == "the plugin may not go to other.test:\(other.port)")
        #expect(other.requests.isEmpty)
        let allowed = try await ask(server, "/", headers: [("Authorization", "x"), ("X-Other", "y")], hosts: ["http://other.test:\(other.port)"], addresses: addresses)
        #expect(try allowed.get().status == 200)
        #expect(other.requests.first?.headers["authorization"] == nil)
        #expect(other.requests.first?.headers["x-other"] == "y")
        for server in [server, other] { try await server.stop() }
    }

    @Test("a redirect to a private address is not followed, even where the name is allowed") func redirectToPrivate() async throws {
        // The server that redirects has to be on this machine, so that one address counts as public here.
        let addresses = PublicAddresses()
        let server = try await LocalServer.start { _ in .whole(302, [("Location", "http://metadata.test/")]) }
        let sender = RequestSender(
            on: .singletonMultiThreadedEventLoopGroup,
            resolver: TableResolver(["api.test": [["127.0.0.1"]], "metadata.test": [["169.254.169.254"]]]), isPublic: { $0.description == "127.0.0.1" || addresses.contains($0) })
        let url = try #require(RequestURL("http://api.test:\(server.port)/"))
        let hosts = try ["http://api.test:\(server.port)", "http://metadata.test"].map { try #require(AllowedHost($0)) }
        let result = await sender.send(OutgoingRequest(method: "GET", url: url, hosts: hosts))
        #expect(failure(result) == "metadata.test has a private address")
        try await server.stop()
    }

    @Test("redirects without end come to one") func redirectLoop() async throws {
        let server = try await LocalServer.start { _ in .whole(301, [("Location", "/again")]) }
        #expect(failure(try await ask(server, "/")) == "more than 5 redirects")
        #expect(server.requests.count == 6)
        try await server.stop()
    }

    @Test("an answer that is too large is refused, one without end too", arguments: ["/large", "/endless"]) func tooLarge(path: String) async throws {
        let server = try await LocalServer.start { $0 == "/endless" ? .endless : .whole(200, [], String(repeating: "a", count: 2_000)) }
        #expect(failure(try await ask(server, path, mostBytes: 1_000)) == "the answer is larger than 1000 bytes")
        try await server.stop()
    }

    @Test("an answer that does not come ends with the time") func slow() async throws {
        let server = try await LocalServer.start { _ in .silence }
        #expect(failure(try await ask(server, "/", seconds: 0.3)) == "no whole answer from api.test within 0.3 seconds")
        try await server.stop()
    }

    @Test("a host that is not there is said to be so") func unreachable() async throws {
        let server = try await LocalServer.start { _ in .whole(200) }
        try await server.stop()
        #expect(failure(try await ask(server, "/"))?.contains("cannot be reached") == true)
        #expect(failure(try await ask(server, "/", addresses: ["api.test": [[]]])) == "api.test has no address")
    }

    @Test("of several addresses, the first that answers is taken") func secondAddress() async throws {
        let server = try await LocalServer.start { _ in .whole(200) }
        // Nobody listens on 127.0.0.2 at that port.
        #expect(try await ask(server, "/", addresses: ["api.test": [["127.0.0.2", "127.0.0.1"]]]).get().status == 200)
        try await server.stop()
    }

    @Test("the system's resolver knows this machine") func system() async throws {
        let resolver = SystemResolver(on: .singleton)
        #expect(try await resolver.addresses(of: "localhost").contains { $0.description == "127.0.0.1" || $0.description == "::1" })
        #expect(try await resolver.addresses(of: "nobody.invalid").isEmpty)
        // Odd ways of writing an address are told by what they resolve to.
        #expect(try await resolver.addresses(of: "0x7f.1").allSatisfy { $0.description == "127.0.0.1" })
    }
}

@Suite("Public addresses")
struct PublicAddressTests {
    @Test("are those of the Internet", arguments: ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
    func isPublic(address: String) throws { #expect(PublicAddresses().contains(try #require(IPAddress(address)))) }

    @Test("are none that lead elsewhere", arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1",
        "198.18.0.1", "203.0.113.5", "224.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
        "2001:db8::1", "2001::1", "2002:7f00:1::", "3fff::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "::127.0.0.1", "::ffff:10.0.0.1",
        "4000::1",
    ])
    func isNotPublic(address: String) throws { #expect(!PublicAddresses().contains(try #require(IPAddress(address)))) }
}
