import SocketIO
import Testing

@Suite("Socket.IO clients in namespaces")
struct SocketIOClientTests {
    // MARK: Connecting

    @Test("a client asks to be let in with its auth, and is told its id")
    func connecting() {
        var client = newClient()
        #expect(client.receive(.text(#"0/chat,{"token":"123"}"#)) == [.connect(0, namespace: "/chat", auth: ["token": "123"])])
        #expect(!client.isConnected(to: "/chat"))
        #expect(client.accept(0, sid: "abc") == [.send([.text(#"40/chat,{"sid":"abc"}"#)])])
        #expect(client.isConnected(to: "/chat"))
        #expect(client.sid(in: "/chat") == "abc")
        #expect(client.receive(.text("0")) == [.connect(1, namespace: "/", auth: [:])])
    }

    @Test("a refused client is told why and may ask again")
    func refusing() {
        var client = newClient()
        _ = client.receive(.text("0"))
        #expect(client.refuse(0, message: "Not authorized") == [.send([.text(#"44{"message":"Not authorized"}"#)])])
        #expect(client.receive(.text("0")) == [.connect(1, namespace: "/", auth: [:])])
        #expect(
            client.refuse(1, message: "full", data: ["limit": 8]) == [
                .send([.text(#"44{"data":{"limit":8},"message":"full"}"#)]),
            ])
        #expect(client.accept(1, sid: "late") == nil)
        #expect(client.refuse(1, message: "again") == [])
    }

    @Test("a namespace that nobody serves is refused")
    func invalidNamespace() {
        var client = newClient()
        #expect(
            client.receive(.text("0/random")) == [.send([.text(#"44/random,{"message":"Invalid namespace"}"#)])])
    }

    @Test("a client that is in no namespace in time is closed")
    func connectTimeout() {
        var client = newClient()
        _ = client.receive(.text("0"))
        #expect(client.nextDeadline == 45_000)
        #expect(client.tick(now: 44_999) == [])
        #expect(client.tick(now: 45_000) == [.close])
        #expect(client.accept(0, sid: "late") == nil)
        #expect(client.receive(.text("0")) == [])
        #expect(client.nextDeadline == nil)
    }

    @Test("a client that was let in once has no deadline any more")
    func noDeadline() {
        var client = chatClient()
        #expect(client.nextDeadline == nil)
        #expect(client.tick(now: 99_999) == [])
    }

    @Test("a client that gives up waiting is not let in later")
    func cancelledConnect() {
        var client = newClient()
        _ = client.receive(.text("0"))
        #expect(client.receive(.text("1")) == [])
        #expect(client.accept(0, sid: "late") == nil)
    }

    @Test(
        "what nobody may say in its state closes the session",
        arguments: [
            "0/chat,", "2[\"a\"]", "2/random,[\"a\"]", "30[]", "1", "4/chat,{\"message\":\"x\"}", "4{}",
        ])
    func invalidState(text: String) {
        var client = chatClient()
        #expect(
            client.receive(.text(text)) == [.disconnected(namespace: "/chat", .forcedServerClose), .close])
        #expect(client.receive(.text("0")) == [])
    }

    @Test("an event before the answer to a CONNECT closes the session")
    func eventTooEarly() {
        var client = newClient()
        _ = client.receive(.text("0"))
        #expect(client.receive(.text("2[\"a\"]")) == [.close])
    }

    @Test("what is no packet closes the session with a parse error", arguments: ["abc", "42{}", "2{}", "2abc[\"a\"]", ""])
    func parseError(text: String) {
        var client = chatClient()
        #expect(
            client.receive(.text(text)) == [.disconnected(namespace: "/chat", .transport(.parseError)), .close])
        #expect(client.transportClosed(.forcedClose) == [])
    }

    // MARK: Events

    @Test("events come with their arguments, and with an id if they are to be acknowledged")
    func events() {
        var client = chatClient()
        #expect(
            client.receive(.text(#"2/chat,["join",7]"#)) == [
                .event(namespace: "/chat", name: "join", arguments: [7], ackID: nil),
            ])
        #expect(
            client.receive(.text(#"2/chat,456["join"]"#)) == [
                .event(namespace: "/chat", name: "join", arguments: [], ackID: 456),
            ])
        #expect(client.acknowledge("/chat", 456, ["ok"]) == [.send([.text(#"43/chat,456["ok"]"#)])])
    }

    @Test("a binary event comes when its last attachment has")
    func binaryEvent() {
        var client = chatClient()
        #expect(client.receive(.text(#"51-/chat,["gif",{"_placeholder":true,"num":0}]"#)) == [])
        #expect(
            client.receive(.binary([1, 2])) == [
                .event(namespace: "/chat", name: "gif", arguments: [.binary([1, 2])], ackID: nil),
            ])
    }

    @Test("nothing is sent to a namespace the client is not in")
    func notConnected() {
        var client = chatClient()
        #expect(client.emit("/chat", "a", [1]) == [.send([.text(#"42/chat,["a",1]"#)])])
        #expect(client.emit("/", "a", []) == [])
        #expect(client.emit("/", "a", [], acknowledgedBy: nil) == nil)
        #expect(client.acknowledge("/", 1, []) == [])
        #expect(client.disconnect("/") == [])
    }

    // MARK: Acknowledgements

    @Test("a client acknowledges an event once")
    func acknowledged() throws {
        var client = chatClient()
        let sentMaybe = client.emit("/chat", "a", [], acknowledgedBy: nil)
        let sent = try #require(sentMaybe)
        #expect(sent.actions == [.send([.text(#"42/chat,0["a"]"#)])])
        #expect(
            client.receive(.text("3/chat,0[1]")) == [.acknowledged(namespace: "/chat", ackID: sent.ackID, arguments: [1])])
        #expect(client.receive(.text("3/chat,0[1]")) == [])
        #expect(client.receive(.text("3/chat,99[]")) == [])
    }

    @Test("an acknowledgement that does not come in time is given up")
    func unacknowledged() throws {
        var client = chatClient()
        let firstMaybe = client.emit("/chat", "a", [], acknowledgedBy: 500)
        let first = try #require(firstMaybe)
        let secondMaybe = client.emit("/chat", "b", [], acknowledgedBy: 400)
        let second = try #require(secondMaybe)
        _ = client.emit("/chat", "c", [], acknowledgedBy: nil)
        #expect(client.nextDeadline == 400)
        #expect(client.tick(now: 400) == [.unacknowledged(namespace: "/chat", ackID: second.ackID)])
        #expect(client.tick(now: 500) == [.unacknowledged(namespace: "/chat", ackID: first.ackID)])
        #expect(client.nextDeadline == nil)
        #expect(client.receive(.text("3/chat,\(first.ackID)[]")) == [])
    }

    @Test("an acknowledgement from another namespace is none")
    func foreignAck() throws {
        var client = chatClient()
        _ = client.receive(.text("0"))
        _ = client.accept(1, sid: "def")
        let sentMaybe = client.emit("/chat", "a", [], acknowledgedBy: nil)
        let sent = try #require(sentMaybe)
        #expect(client.receive(.text("3\(sent.ackID)[]")) == [])
        #expect(client.receive(.text("3/chat,\(sent.ackID)[]")).count == 1)
    }
}
