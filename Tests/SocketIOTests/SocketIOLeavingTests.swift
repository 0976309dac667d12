import SocketIO
import Testing

@Suite("Socket.IO clients that leave and return")
struct SocketIOLeavingTests {
    // MARK: Leaving

    @Test("a client leaves a namespace and may come back")
    func clientLeaves() throws {
        var client = chatClient()
        let sentMaybe = client.emit("/chat", "a", [], acknowledgedBy: nil)
        let sent = try #require(sentMaybe)
        #expect(
            client.receive(.text("1/chat,")) == [
                .unacknowledged(namespace: "/chat", ackID: sent.ackID), .disconnected(namespace: "/chat", .clientNamespaceDisconnect),
            ])
        #expect(client.emit("/chat", "a", []) == [])
        #expect(client.receive(.text("0/chat,")) == [.connect(1, namespace: "/chat", auth: [:])])
    }

    @Test("the server puts a client out; what was on its way is ignored, and it may come back")
    func serverDisconnects() {
        var client = chatClient()
        #expect(
            client.disconnect("/chat") == [
                .send([.text("41/chat,")]), .disconnected(namespace: "/chat", .serverNamespaceDisconnect),
            ])
        #expect(client.receive(.text("2/chat,[\"late\"]")) == [])
        #expect(client.receive(.text("1/chat,")) == [])
        #expect(client.receive(.text("0/chat,")) == [.connect(1, namespace: "/chat", auth: [:])])
    }

    @Test("the server closes: the client is put out of every namespace, and its session closed")
    func serverCloses() {
        var client = chatClient()
        _ = client.receive(.text("0"))
        _ = client.accept(1, sid: "def")
        #expect(
            client.close() == [
                .send([.text("41")]), .disconnected(namespace: "/", .serverNamespaceDisconnect),
                .send([.text("41/chat,")]), .disconnected(namespace: "/chat", .serverNamespaceDisconnect), .close,
            ])
        #expect(client.close() == [])
        #expect(client.transportClosed(.forcedClose) == [])
    }

    @Test("a client whose session ends leaves every namespace, once")
    func transportCloses() {
        var client = chatClient()
        _ = client.receive(.text("0"))
        #expect(
            client.transportClosed(.pingTimeout) == [.disconnected(namespace: "/chat", .transport(.pingTimeout))])
        #expect(client.transportClosed(.pingTimeout) == [])
        #expect(client.accept(1, sid: "late") == nil)
        #expect(client.emit("/chat", "a", []) == [])
    }

    @Test("reasons are called as in the reference implementation, and tell whether a client may come back")
    func reasons() {
        let reasons: [(SocketIODisconnectReason, String, Bool)] = [
            (.clientNamespaceDisconnect, "client namespace disconnect", false),
            (.serverNamespaceDisconnect, "server namespace disconnect", false),
            (.forcedServerClose, "forced server close", true), (.transport(.transportClose), "transport close", true),
            (.transport(.transportError), "transport error", true), (.transport(.forcedClose), "forced close", true),
            (.transport(.pingTimeout), "ping timeout", true), (.transport(.parseError), "parse error", false),
            (.transport(.backlog), "backlog", true),
        ]
        for (reason, text, isRecoverable) in reasons {
            #expect(reason.text == text)
            #expect(reason.isRecoverable == isRecoverable)
        }
    }

    // MARK: Recovery

    @Test("a client is given a pid, and comes back with it and its last offset")
    func recovery() {
        var client = newClient()
        _ = client.receive(.text("0"))
        #expect(client.accept(0, sid: "abc", pid: "secret") == [.send([.text(#"40{"pid":"secret","sid":"abc"}"#)])])

        var returned = newClient()
        let actions = returned.receive(.text(#"0{"pid":"secret","offset":"e:7"}"#))
        guard case .connect(let id, _, let auth)? = actions.first, let recovery = SocketIORecovery(auth: auth) else {
            Issue.record("\(actions)")
            return
        }
        #expect(recovery.pid == "secret")
        #expect(recovery.offset == "e:7")
        #expect(returned.accept(id, sid: "abc", pid: "secret")?.count == 1)
        #expect(returned.sid(in: "/") == "abc")
        #expect(SocketIORecovery(auth: ["pid": "secret"]) == nil)
        #expect(SocketIORecovery(auth: ["pid": 1, "offset": "e:7"]) == nil)
    }

    @Test("ids are 20 characters that need no escaping in a URL, and no two are the same")
    func ids() {
        var generator = SeededGenerator(state: 1)
        let ids = (0..<1000).map { _ in SocketIOID.make(using: &generator) }
        #expect(Set(ids).count == 1000)
        for id in ids {
            #expect(id.utf8.count == 20)
            #expect(id.utf8.allSatisfy { Character(Unicode.Scalar($0)).isLetter || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F })
        }
    }
}
