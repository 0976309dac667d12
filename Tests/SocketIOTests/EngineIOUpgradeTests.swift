import SocketIO
import Testing

@Suite("Engine.IO upgrades")
struct EngineIOUpgradeTests {
    @Test("a probe is answered and ends the waiting poll; the upgrade packet makes the WebSocket the transport")
    func upgrade() {
        var session = pollingSession()
        _ = session.poll(2)
        #expect(session.webSocketOpened(9, now: 0) == [])
        #expect(!session.acceptsUpgrade)
        #expect(
            session.webSocketReceived(9, .text("2probe"), now: 0) == [
                .sendWebSocket(9, .text("3probe")), .answerPoll(2, "6"),
            ])
        #expect(session.webSocketReceived(9, .text("5"), now: 0) == [])
        #expect(session.webSocketReceived(9, .text("4hello"), now: 0) == [.deliver(.text("hello"))])
        #expect(session.send([.text("4back")]) == [.sendWebSocket(9, .text("4back"))])
        #expect(session.nextDeadline == 25_000)
    }

    @Test("a poll that comes after the probe is let go at once")
    func pollAfterProbe() {
        var session = probedSession()
        #expect(session.poll(2) == [.answerPoll(2, "6")])
        #expect(session.poll(3) == [.answerPoll(3, "6")])
    }

    @Test("before the probe polling goes on")
    func pollBeforeProbe() {
        var session = pollingSession()
        _ = session.webSocketOpened(9, now: 0)
        _ = session.poll(2)
        #expect(session.send([.text("4a")]) == [.answerPoll(2, "4a")])
        #expect(!session.writesThrough)
    }

    @Test("what is said during the upgrade goes out after it, once and in order")
    func orderAcrossUpgrade() {
        var session = pollingSession()
        _ = session.send([.text("4one")])
        _ = session.webSocketOpened(9, now: 0)
        _ = session.send([.text("4two")])
        #expect(session.webSocketReceived(9, .text("2probe"), now: 0) == [.sendWebSocket(9, .text("3probe"))])
        #expect(session.send([.text("4three")]) == [])
        #expect(session.poll(2) == [.answerPoll(2, "6")])
        #expect(session.send([.binary([4])]) == [])
        #expect(
            session.webSocketReceived(9, .text("5"), now: 0) == [
                .sendWebSocket(9, .text("4one")), .sendWebSocket(9, .text("4two")), .sendWebSocket(9, .text("4three")),
                .sendWebSocket(9, .binary([4])),
            ])
        #expect(session.send([.text("4five")]) == [.sendWebSocket(9, .text("4five"))])
    }

    @Test("a POST that began before the upgrade is heard after it")
    func postAcrossUpgrade() {
        var session = probedSession()
        _ = session.beginPost(3)
        _ = session.webSocketReceived(9, .text("5"), now: 0)
        #expect(session.post(3, body: bytes("4late"), now: 0) == [.answerPost(3), .deliver(.text("late"))])
    }

    @Test("after the upgrade polls are refused, other WebSockets closed, and the session stays")
    func afterUpgrade() {
        var session = probedSession()
        _ = session.webSocketReceived(9, .text("5"), now: 0)
        #expect(session.poll(2) == [.refuse(2, .badRequest)])
        #expect(session.beginPost(3) == [.refuse(3, .badRequest)])
        #expect(session.webSocketOpened(10, now: 0) == [.closeWebSocket(10)])
        #expect(session.webSocketReceived(9, .text("4hello"), now: 0) == [.deliver(.text("hello"))])
    }

    @Test("a second WebSocket during the upgrade is closed and the first goes on")
    func secondWebSocket() {
        var session = probedSession()
        #expect(session.webSocketOpened(10, now: 0) == [.closeWebSocket(10)])
        #expect(session.webSocketClosed(10) == [])
        #expect(session.webSocketReceived(9, .text("5"), now: 0) == [])
        #expect(session.writesThrough)
    }

    @Test("an upgrade that is never completed is given up, and polling has lost nothing")
    func upgradeTimeout() {
        var session = probedSession()
        _ = session.send([.text("4kept")])
        #expect(session.nextDeadline == 10_000)
        #expect(session.tick(now: 9999) == [])
        #expect(session.tick(now: 10_000) == [.closeWebSocket(9)])
        #expect(session.webSocketReceived(9, .text("5"), now: 10_001) == [])
        #expect(session.poll(2) == [.answerPoll(2, "4kept")])
        #expect(session.acceptsUpgrade)
    }

    @Test("a WebSocket that closes during the upgrade leaves polling as it was")
    func webSocketLost() {
        var session = probedSession()
        _ = session.send([.text("4kept")])
        #expect(session.webSocketClosed(9) == [.closeWebSocket(9)])
        #expect(session.poll(2) == [.answerPoll(2, "4kept")])
    }

    @Test("a WebSocket that does not follow the upgrade is closed", arguments: ["5", "4hello", "2", "3probe", "abc", ""])
    func wrongProbe(text: String) {
        var session = pollingSession()
        _ = session.poll(2)
        _ = session.webSocketOpened(9, now: 0)
        #expect(session.webSocketReceived(9, .text(text), now: 0) == [.closeWebSocket(9)])
        #expect(session.send([.text("4a")]) == [.answerPoll(2, "4a")])
    }

    @Test("a session that ends during the upgrade closes the WebSocket too")
    func endDuringUpgrade() {
        var session = probedSession()
        #expect(session.post(3, "1") == [.answerPost(3), .closeWebSocket(9), .closed(.transportClose)])
        #expect(session.webSocketOpened(10, now: 0) == [.closeWebSocket(10)])
    }

    @Test("a server that closes during the upgrade lets it finish and says the rest by WebSocket")
    func closeDuringUpgrade() {
        var session = probedSession()
        _ = session.send([.text("4last")])
        #expect(session.close(now: 0) == [])
        #expect(
            session.webSocketReceived(9, .text("5"), now: 0) == [
                .sendWebSocket(9, .text("4last")), .closeWebSocket(9), .closed(.forcedClose),
            ])
    }

    @Test("a ping during the upgrade waits for it, and the pong comes by WebSocket")
    func pingDuringUpgrade() {
        var session = probedSession(fastSettings)
        #expect(session.tick(now: 300) == [])
        #expect(session.webSocketReceived(9, .text("5"), now: 310) == [.sendWebSocket(9, .text("2"))])
        #expect(session.webSocketReceived(9, .text("3"), now: 320) == [])
        #expect(session.nextDeadline == 620)
    }
}
