import JSONText
import SocketIO
import Testing

import struct Foundation.Data

@Suite("Engine.IO sessions")
struct EngineIOSessionTests {
    // MARK: Opening

    @Test("the handshake by polling tells the session's id, its times and that it may upgrade")
    func handshakeByPolling() throws {
        let (_, actions) = EngineIOSession.open(id: "abc", poll: 7, settings: fastSettings, now: 0)
        guard case .answerPoll(7, let body)? = actions.first else { throw Unexpected(actions) }
        #expect(actions.count == 1)
        #expect(body.first == UInt8(ascii: "0"))
        #expect(
            try JSONValue(parsing: Data(body.dropFirst())) == .object([
                "sid": .string("abc"), "upgrades": .array([.string("websocket")]), "pingInterval": .integer(300),
                "pingTimeout": .integer(200), "maxPayload": .integer(1_000_000),
            ]))
    }

    @Test("the handshake by WebSocket names no upgrades")
    func handshakeByWebSocket() throws {
        let (session, actions) = EngineIOSession.open(id: "abc", webSocket: 7, settings: fastSettings, now: 0)
        guard case .sendWebSocket(7, .text(let text))? = actions.first else { throw Unexpected(actions) }
        #expect(try JSONValue(parsing: Data(text.dropFirst()))["upgrades"] == .array([]))
        #expect(session.writesThrough)
        #expect(!session.acceptsUpgrade)
    }

    @Test("without upgrades none are named and none accepted")
    func noUpgrades() throws {
        var settings = fastSettings
        settings.allowsUpgrades = false
        var (session, actions) = EngineIOSession.open(id: "abc", poll: 1, settings: settings, now: 0)
        guard case .answerPoll(1, let body)? = actions.first else { throw Unexpected(actions) }
        #expect(try JSONValue(parsing: Data(body.dropFirst()))["upgrades"] == .array([]))
        #expect(session.webSocketOpened(2, now: 0) == [.closeWebSocket(2)])
    }

    // MARK: Polling

    @Test("a poll waits until there is something to say")
    func pollWaits() {
        var session = pollingSession()
        #expect(session.poll(2) == [])
        #expect(session.send([.text("4hello")]) == [.answerPoll(2, "4hello")])
        #expect(session.queuedBytes == 0)
    }

    @Test("what is said without a poll waits for the next and goes out together")
    func queueWaits() {
        var session = pollingSession()
        #expect(session.send([.text("4one")]) == [])
        #expect(session.send([.binary([1, 2, 3, 4])]) == [])
        #expect(session.queuedBytes == 8)
        #expect(session.poll(2) == [.answerPoll(2, "4one\u{1e}bAQIDBA==")])
        #expect(session.queuedBytes == 0)
    }

    @Test("what is held back goes out with one answer")
    func holding() {
        var session = pollingSession()
        _ = session.poll(2)
        #expect(session.send([.text("4one")], holding: true) == [])
        #expect(session.send([.text("4two")], holding: true) == [])
        #expect(session.flush() == [.answerPoll(2, "4one\u{1e}4two")])
        #expect(session.flush() == [])
        var byWebSocket = webSocketSession()
        #expect(byWebSocket.send([.text("4one")], holding: true) == [.sendWebSocket(1, .text("4one"))])
    }

    @Test("a body has no more than the maximal payload, but always one packet")
    func splitting() {
        var settings = EngineIOSettings()
        settings.maxPayload = 10
        var session = pollingSession(settings)
        _ = session.send([.text("4345"), .text("4345"), .text("4"), .binary([1, 2, 3]), .text("4567890123456"), .text("4")])
        #expect(session.poll(2) == [.answerPoll(2, "4345\u{1e}4345")])
        #expect(session.poll(3) == [.answerPoll(3, "4\u{1e}bAQID")])
        #expect(session.poll(4) == [.answerPoll(4, "4567890123456")])
        #expect(session.poll(5) == [.answerPoll(5, "4")])
        #expect(session.poll(6) == [])
    }

    @Test("a second poll at once ends the session: the first gets a close packet, the second an error")
    func pollOverlap() {
        var session = pollingSession()
        _ = session.poll(2)
        #expect(session.poll(3) == [.refuse(3, .badRequest), .answerPoll(2, "1"), .closed(.transportError)])
        #expect(session.poll(4) == [.refuse(4, .unknownSession)])
        #expect(session.isClosed)
    }

    @Test("a poll that is cut off ends the session")
    func pollCancelled() {
        var session = pollingSession()
        _ = session.poll(2)
        #expect(session.requestCancelled(2) == [.closed(.transportError)])
    }

    @Test("what happens to a request that was answered does not matter")
    func answeredRequestCancelled() {
        var session = pollingSession()
        #expect(session.requestCancelled(1) == [])
        #expect(session.post(5, body: bytes("4a"), now: 0) == [])
        #expect(!session.isClosed)
    }

    // MARK: Posting

    @Test("a POST's packets are delivered in order and it is answered")
    func posting() {
        var session = pollingSession()
        #expect(
            session.post(2, "4test1\u{1e}bAQIDBA==\u{1e}4test3") == [
                .answerPost(2), .deliver(.text("test1")), .deliver(.binary([1, 2, 3, 4])), .deliver(.text("test3")),
            ])
        #expect(session.post(3, "4again") == [.answerPost(3), .deliver(.text("again"))])
    }

    @Test("a second POST at once ends the session")
    func postOverlap() {
        var session = pollingSession()
        #expect(session.beginPost(2) == [])
        #expect(session.beginPost(3) == [.refuse(3, .badRequest), .refuse(2, .badRequest), .closed(.transportError)])
        #expect(session.post(2, body: bytes("4late"), now: 0) == [])
    }

    @Test("a POST that is cut off ends the session")
    func postCancelled() {
        var session = pollingSession()
        _ = session.beginPost(2)
        #expect(session.requestCancelled(2) == [.closed(.transportError)])
    }

    @Test("a POST above the maximal payload is refused and the session stays")
    func postTooLarge() {
        var settings = EngineIOSettings()
        settings.maxPayload = 10
        var session = pollingSession(settings)
        #expect(session.post(2, "41234567890") == [.refuseTooLarge(2)])
        _ = session.beginPost(3)
        #expect(session.postTooLarge(3) == [.refuseTooLarge(3)])
        #expect(session.postTooLarge(3) == [])
        #expect(session.post(4, "4123456789") == [.answerPost(4), .deliver(.text("123456789"))])
    }

    @Test("a POST that is no payload ends the session with a parse error")
    func parseErrorByPost() {
        var session = pollingSession()
        _ = session.poll(2)
        #expect(session.post(3, "abc") == [.refuse(3, .badRequest), .answerPoll(2, "1"), .closed(.parseError)])
    }

    @Test("of a payload with a wrong packet nothing is delivered")
    func wrongPacketAmongRight() {
        var session = pollingSession()
        #expect(session.post(3, "4one\u{1e}9") == [.refuse(3, .badRequest), .closed(.parseError)])
    }

    // MARK: WebSocket

    @Test("by WebSocket each packet is a message of its own")
    func webSocketMessages() {
        var session = webSocketSession()
        #expect(session.webSocketReceived(1, .text("4hello"), now: 0) == [.deliver(.text("hello"))])
        #expect(session.webSocketReceived(1, .binary([1, 2]), now: 0) == [.deliver(.binary([1, 2]))])
        #expect(
            session.send([.text("4a"), .binary([3])]) == [.sendWebSocket(1, .text("4a")), .sendWebSocket(1, .binary([3]))])
    }

    @Test("a WebSocket message that is no packet ends the session with a parse error")
    func parseErrorByWebSocket() {
        var session = webSocketSession()
        #expect(session.webSocketReceived(1, .text("abc"), now: 0) == [.closeWebSocket(1), .closed(.parseError)])
    }

    @Test("a session by WebSocket is not polled and takes no second WebSocket")
    func webSocketOnly() {
        var session = webSocketSession()
        #expect(session.poll(2) == [.refuse(2, .badRequest)])
        #expect(session.beginPost(3) == [.refuse(3, .badRequest)])
        #expect(session.webSocketOpened(4, now: 0) == [.closeWebSocket(4)])
        #expect(session.webSocketReceived(4, .text("4x"), now: 0) == [])
        #expect(session.webSocketClosed(4) == [])
        #expect(session.writesThrough)
    }

    @Test("packets that mean nothing from a client are ignored", arguments: ["0", "5", "6"])
    func ignoredPackets(text: String) {
        var session = webSocketSession()
        #expect(session.webSocketReceived(1, .text(text), now: 0) == [])
        #expect(!session.isClosed)
    }

    // MARK: Limits

    @Test("a session that is broken off says what it had to say, and not that it closes")
    func brokenOff() {
        var waiting = pollingSession()
        _ = waiting.send([.text("4bye")], holding: true)
        #expect(waiting.breakOff() == [.closed(.forcedClose)])
        #expect(waiting.poll(2) == [.refuse(2, .unknownSession)])

        var polled = pollingSession()
        _ = polled.poll(2)
        _ = polled.send([.text("4bye")], holding: true)
        #expect(polled.breakOff() == [.answerPoll(2, "4bye"), .closed(.forcedClose)])

        var silent = pollingSession()
        _ = silent.poll(2)
        #expect(silent.breakOff() == [.refuse(2, .unknownSession), .closed(.forcedClose)])
        #expect(silent.breakOff() == [])

        var (webSocket, _) = EngineIOSession.open(id: "abc", webSocket: 1, settings: fastSettings, now: 0)
        #expect(webSocket.breakOff() == [.closeWebSocket(1), .closed(.forcedClose)])
    }

    @Test("a session for which too much waits is closed")
    func backlog() {
        var settings = EngineIOSettings()
        settings.maxQueuedBytes = 10
        var session = pollingSession(settings)
        #expect(session.send([.text("4234567890")]) == [])
        #expect(session.send([.text("4")]) == [.closed(.backlog)])
        #expect(session.queuedBytes == 0)
        #expect(session.send([.text("4")]) == [])
    }
}

/// What came instead of what a test needs to go on.
struct Unexpected: Error {
    let what: String
    init(_ what: some Any) { self.what = "\(what)" }
}
