import SocketIO
import Testing

@Suite("Engine.IO heartbeats and endings")
struct EngineIOHeartbeatTests {
    // MARK: Heartbeat

    @Test("a client is pinged every interval and stays as long as it answers")
    func pingPong() {
        var session = webSocketSession(fastSettings)
        var now: Int64 = 0
        for _ in 0..<3 {
            #expect(session.nextDeadline == now + 300)
            #expect(session.tick(now: now + 299) == [])
            #expect(session.tick(now: now + 300) == [.sendWebSocket(1, .text("2"))])
            #expect(session.webSocketReceived(1, .text("3"), now: now + 310) == [])
            now += 310
        }
    }

    @Test("by polling the ping answers the poll and the pong comes by POST")
    func pingPongByPolling() {
        var session = pollingSession(fastSettings)
        _ = session.poll(2)
        #expect(session.tick(now: 300) == [.answerPoll(2, "2")])
        #expect(session.post(3, "3", now: 310) == [.answerPost(3)])
        #expect(session.nextDeadline == 610)
    }

    @Test("a client that does not answer a ping is given up")
    func pingTimeout() {
        var session = webSocketSession(fastSettings)
        _ = session.tick(now: 300)
        #expect(session.tick(now: 499) == [])
        #expect(session.tick(now: 500) == [.closeWebSocket(1), .closed(.pingTimeout)])
        #expect(session.nextDeadline == nil)
        #expect(session.tick(now: 9999) == [])
    }

    @Test("a polling client that does not even poll for its ping is given up")
    func pingTimeoutByPolling() {
        var session = pollingSession(fastSettings)
        #expect(session.tick(now: 300) == [])
        #expect(session.tick(now: 500) == [.closed(.pingTimeout)])
        #expect(session.poll(2) == [.refuse(2, .unknownSession)])
        #expect(session.beginPost(3) == [.refuse(3, .unknownSession)])
    }

    @Test("a poll that waits when its client is given up gets a close packet")
    func pingTimeoutAnswersPoll() {
        var session = pollingSession(fastSettings)
        _ = session.poll(2)
        _ = session.tick(now: 300)
        _ = session.poll(3)
        #expect(session.tick(now: 500) == [.answerPoll(3, "1"), .closed(.pingTimeout)])
    }

    @Test("a client that talks instead of answering a ping is waited for")
    func lateness() {
        var session = webSocketSession(fastSettings)
        _ = session.tick(now: 300)
        _ = session.webSocketReceived(1, .text("4busy"), now: 450)
        #expect(session.tick(now: 500) == [])
        #expect(session.nextDeadline == 650)
        #expect(session.tick(now: 650) == [.closeWebSocket(1), .closed(.pingTimeout)])
    }

    @Test("a client that pings breaks the protocol")
    func wrongDirection() {
        var session = webSocketSession()
        #expect(session.webSocketReceived(1, .text("2"), now: 0) == [.closeWebSocket(1), .closed(.transportError)])
    }

    @Test("a tick that comes much too late pings before it gives up")
    func lateTick() {
        var session = webSocketSession(fastSettings)
        #expect(session.tick(now: 5000) == [.sendWebSocket(1, .text("2"))])
        #expect(session.nextDeadline == 5200)
    }

    // MARK: Closing by the client

    @Test("a client closes by POST: its poll gets a noop")
    func clientClosesByPost() {
        var session = pollingSession()
        _ = session.poll(2)
        #expect(session.post(3, "1") == [.answerPost(3), .answerPoll(2, "6"), .closed(.transportClose)])
    }

    @Test("after a close packet the rest of the payload is not heard")
    func afterClose() {
        var session = pollingSession()
        #expect(
            session.post(3, "4a\u{1e}1\u{1e}4b") == [.answerPost(3), .deliver(.text("a")), .closed(.transportClose)])
    }

    @Test("a client closes by WebSocket, with a packet or without")
    func clientClosesByWebSocket() {
        var session = webSocketSession()
        #expect(session.webSocketReceived(1, .text("1"), now: 0) == [.closeWebSocket(1), .closed(.transportClose)])
        #expect(session.webSocketClosed(1) == [])
        session = webSocketSession()
        #expect(session.webSocketClosed(1) == [.closeWebSocket(1), .closed(.transportClose)])
    }

    // MARK: Closing by the server

    @Test("the server closes a WebSocket after what it said")
    func serverClosesWebSocket() {
        var session = webSocketSession()
        #expect(session.close(now: 0) == [.closeWebSocket(1), .closed(.forcedClose)])
        #expect(session.close(now: 0) == [])
        #expect(session.send([.text("4x")]) == [])
    }

    @Test("the server closes a polling session whose poll waits at once")
    func serverClosesPoll() {
        var session = pollingSession()
        _ = session.poll(2)
        #expect(session.close(now: 0) == [.answerPoll(2, "1"), .closed(.forcedClose)])
    }

    @Test("a polling client fetches what was said before the server closed, and then the close packet")
    func serverClosesWithQueue() {
        var settings = EngineIOSettings()
        settings.maxPayload = 10
        var session = pollingSession(settings)
        _ = session.send([.text("4345"), .text("4345")])
        #expect(session.close(now: 100) == [])
        #expect(session.send([.text("4late")]) == [])
        #expect(session.post(5, "4unheard") == [.answerPost(5)])
        #expect(session.poll(2) == [.answerPoll(2, "4345")])
        #expect(session.poll(3) == [.answerPoll(3, "4345\u{1e}1"), .closed(.forcedClose)])
        #expect(session.poll(4) == [.refuse(4, .unknownSession)])
    }

    @Test("a client that does not fetch the rest is given up")
    func serverClosesAbsent() {
        var session = pollingSession()
        _ = session.close(now: 100)
        #expect(session.nextDeadline == 30_100)
        #expect(session.tick(now: 30_099) == [])
        #expect(session.tick(now: 30_100) == [.closed(.forcedClose)])
    }

    @Test("a client may close a session that is closing")
    func closeWhileClosing() {
        var session = pollingSession()
        _ = session.close(now: 100)
        #expect(session.post(2, "1") == [.answerPost(2), .closed(.transportClose)])
    }

    @Test("a session that ends while a POST arrives refuses the POST")
    func closeWhilePosting() {
        var session = pollingSession(fastSettings)
        _ = session.beginPost(2)
        _ = session.tick(now: 300)
        #expect(session.tick(now: 500) == [.refuse(2, .badRequest), .closed(.pingTimeout)])
    }
}
