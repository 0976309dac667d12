import SocketIO
import Testing

/// The Socket.IO half of the official test suite (socket.io-protocol, `test-suite.js`), against both state machines and the handlers
/// it asks for.
@Suite("The official Socket.IO test suite's conversations")
struct EchoServerTests {
    private func connected() -> EchoServer {
        var server = EchoServer()
        server.receive("40")
        server.sent = []
        return server
    }

    @Test("should allow connection to the main namespace")
    func mainNamespace() {
        var server = EchoServer()
        server.receive("40")
        #expect(server.sent == [.text(#"40{"sid":"socket"}"#), .text(#"42["auth",{}]"#)])
    }

    @Test("should allow connection to the main namespace with a payload")
    func mainNamespaceWithPayload() {
        var server = EchoServer()
        server.receive(#"40{"token":"123"}"#)
        #expect(server.sent.last == .text(#"42["auth",{"token":"123"}]"#))
    }

    @Test("should allow connection to a custom namespace")
    func customNamespace() {
        var server = EchoServer()
        server.receive("40/custom,")
        #expect(server.sent == [.text(#"40/custom,{"sid":"socket"}"#), .text(#"42/custom,["auth",{}]"#)])
        server = EchoServer()
        server.receive(#"40/custom,{"token":"abc"}"#)
        #expect(server.sent.last == .text(#"42/custom,["auth",{"token":"abc"}]"#))
    }

    @Test("should disallow connection to an unknown namespace")
    func unknownNamespace() {
        var server = EchoServer()
        server.receive("40/random")
        #expect(server.sent == [.text(#"44/random,{"message":"Invalid namespace"}"#)])
    }

    @Test("should disallow connection with an invalid handshake")
    func invalidHandshake() {
        var server = EchoServer()
        server.receive("4abc")
        #expect(server.isClosed)
    }

    @Test("should close the connection if no handshake is received")
    func noHandshake() {
        var server = EchoServer()
        server.perform(server.client.tick(now: 1000))
        #expect(server.isClosed)
    }

    @Test("should disconnect from the main namespace")
    func disconnect() {
        var server = connected()
        server.receive("41")
        #expect(server.sent == [])
        server.perform(server.session.tick(now: 300))
        #expect(server.sent == [.text("2")])
    }

    @Test("should connect then disconnect from a custom namespace")
    func customDisconnect() {
        var server = connected()
        server.receive("40/custom")
        server.sent = []
        server.receive("41/custom")
        server.receive(#"42["message","message to main namespace"]"#)
        #expect(server.sent == [.text(#"42["message-back","message to main namespace"]"#)])
    }

    @Test("should send a plain-text packet")
    func plainText() {
        var server = connected()
        server.receive(#"42["message",1,"2",{"3":[true]}]"#)
        #expect(server.sent == [.text(#"42["message-back",1,"2",{"3":[true]}]"#)])
    }

    @Test("should send a packet with binary attachments")
    func binary() {
        var server = connected()
        server.receive(#"452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)
        server.receive([1, 2, 3])
        server.receive([4, 5, 6])
        #expect(
            server.sent == [
                .text(#"452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#),
                .binary([1, 2, 3]), .binary([4, 5, 6]),
            ])
    }

    @Test("should send a plain-text packet with an ack")
    func ack() {
        var server = connected()
        server.receive(#"42456["message-with-ack",1,"2",{"3":[false]}]"#)
        #expect(server.sent == [.text(#"43456[1,"2",{"3":[false]}]"#)])
    }

    @Test("should send a packet with binary attachments and an ack")
    func binaryAck() {
        var server = connected()
        server.receive(#"452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)
        server.receive([1, 2, 3])
        server.receive([4, 5, 6])
        #expect(
            server.sent == [
                .text(#"462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#), .binary([1, 2, 3]),
                .binary([4, 5, 6]),
            ])
    }

    @Test(
        "should close the connection upon invalid format",
        arguments: ["4abc", "42{}", #"42abc["message-with-ack",1,"2",{"3":[false]}]"#])
    func invalidFormat(text: String) {
        var server = connected()
        server.receive(text)
        #expect(server.isClosed)
        #expect(server.session.isClosed)
    }
}
