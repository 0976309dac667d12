import Foundation
import NIOHTTP1
import RoomEngine
import Testing

@testable import Transports

@Suite("Who somebody is")
struct IdentityTests {
    private let identity = Identity(secret: Data(repeating: 7, count: 32))

    @Test("a cookie that was signed here is its token") func signed() {
        let token = identity.newToken()
        #expect(identity.verify(identity.sign(token)) == token)
        #expect(identity.newToken() != token)
    }

    @Test("a cookie that was changed, or signed elsewhere, is nobody's") func forged() {
        let value = identity.sign(identity.newToken())
        let other = Identity(secret: Data(repeating: 8, count: 32))
        #expect(identity.verify(other.sign(other.newToken())) == nil)
        for at in value.indices where value[at] != "." {
            var forged = value
            forged.replaceSubrange(at...at, with: value[at] == "A" ? "B" : "A")
            #expect(identity.verify(forged) == nil)
        }
        for text in ["", ".", "..", value + "A", value + ".", "\(value).\(value)"] { #expect(identity.verify(text) == nil) }
    }

    @Test("the public id and the colour seed tell nothing of the token or of each other") func separate() {
        let token = identity.newToken()
        let person = identity.person(token, at: 1)
        #expect(identity.person(token, at: 2).id == person.id)
        #expect(!person.id.text.contains(token) && !person.colorSeed.contains(token))
        #expect(!person.colorSeed.contains(person.id.text.dropFirst(2)))
        let other = Identity(secret: Data(repeating: 8, count: 32)).person(token, at: 1)
        #expect(other.id != person.id && other.colorSeed != person.colorSeed)
    }
}

@Suite("The opening handshake")
struct HandshakeTests {
    private func head(_ change: (inout HTTPHeaders) -> Void = { _ in }, method: HTTPMethod = .GET, version: HTTPVersion = .http1_1) -> HTTPRequestHead {
        var headers = HTTPHeaders([
            ("Host", "x"), ("Upgrade", "websocket"), ("Connection", "keep-alive, Upgrade"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ])
        change(&headers)
        return HTTPRequestHead(version: version, method: method, uri: "/ws", headers: headers)
    }

    @Test("the example of RFC 6455 §1.3 is answered as it says") func example() throws {
        #expect(try Handshake(head()).accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test("what is missing or wrong is refused") func wrong() {
        let changes: [(inout HTTPHeaders) -> Void] = [
            { $0.remove(name: "connection") }, { $0.replaceOrAdd(name: "connection", value: "close") },
            { $0.remove(name: "sec-websocket-key") }, { $0.replaceOrAdd(name: "sec-websocket-key", value: "short") },
            { $0.replaceOrAdd(name: "sec-websocket-version", value: "8") }, { $0.remove(name: "sec-websocket-version") },
            { $0.add(name: "sec-websocket-key", value: "dGhlIHNhbXBsZSBub25jZQ==") },
        ]
        for change in changes { #expect(throws: Handshake.Problem.self) { try Handshake(head(change)) } }
        #expect(throws: Handshake.Problem.self) { try Handshake(head(method: .POST)) }
        #expect(throws: Handshake.Problem.self) { try Handshake(head(version: .http1_0)) }
    }
}
