import JSONText
import SocketIO

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension EngineIOFrame {
    static func text(_ text: String) -> EngineIOFrame { .text(bytes(text)) }
}

extension EngineIOMessage {
    static func text(_ text: String) -> EngineIOMessage { .text(bytes(text)) }
}

extension EngineIOAction {
    static func answerPoll(_ poll: EngineIOConnectionID, _ body: String) -> EngineIOAction { .answerPoll(poll, bytes(body)) }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

let fastSettings: EngineIOSettings = {
    var settings = EngineIOSettings()
    settings.pingInterval = 300
    settings.pingTimeout = 200
    return settings
}()

/// A session that polls, its handshake done by connection 1 at time 0.
func pollingSession(_ settings: EngineIOSettings = EngineIOSettings()) -> EngineIOSession {
    EngineIOSession.open(id: "sid", poll: 1, settings: settings, now: 0).session
}

/// A session by WebSocket 1 since time 0.
func webSocketSession(_ settings: EngineIOSettings = EngineIOSettings()) -> EngineIOSession {
    EngineIOSession.open(id: "sid", webSocket: 1, settings: settings, now: 0).session
}

/// A polling session whose WebSocket 9 has been probed.
func probedSession(_ settings: EngineIOSettings = EngineIOSettings()) -> EngineIOSession {
    var session = pollingSession(settings)
    _ = session.webSocketOpened(9, now: 0)
    _ = session.webSocketReceived(9, .text("2probe"), now: 0)
    return session
}

extension EngineIOSession {
    /// A whole POST.
    mutating func post(_ request: EngineIOConnectionID, _ body: String, now: Int64 = 0) -> [EngineIOAction] {
        beginPost(request) + post(request, body: bytes(body), now: now)
    }
}

func newClient() -> SocketIOClient { SocketIOClient(namespaces: ["/", "/chat"], now: 0) }

/// A client that is in `/chat`.
func chatClient() -> SocketIOClient {
    var client = newClient()
    _ = client.receive(.text("0/chat,"))
    _ = client.accept(0, sid: "abc")
    return client
}

/// What the official test suites ask of a server: `message` comes back, `message-with-ack` is acknowledged, `auth` comes first.
struct EchoServer {
    var session: EngineIOSession
    var client: SocketIOClient
    /// What was sent by WebSocket 1.
    var sent: [EngineIOFrame] = []
    var isClosed = false

    init() {
        (session, _) = EngineIOSession.open(id: "sid", webSocket: 1, settings: fastSettings, now: 0)
        client = SocketIOClient(namespaces: ["/", "/custom"], connectTimeout: 1000, now: 0)
    }

    mutating func receive(_ text: String) { perform(session.webSocketReceived(1, .text(text), now: 0)) }
    mutating func receive(_ binary: [UInt8]) { perform(session.webSocketReceived(1, .binary(binary), now: 0)) }

    mutating func perform(_ actions: [EngineIOAction]) {
        for action in actions {
            switch action {
            case .sendWebSocket(1, let frame): sent.append(frame)
            case .closeWebSocket: isClosed = true
            case .deliver(let message): perform(client.receive(message))
            case .closed(let reason): perform(client.transportClosed(reason))
            default: break
            }
        }
    }

    mutating func perform(_ actions: [SocketIOAction]) {
        for action in actions {
            switch action {
            case .send(let frames): perform(session.send(frames))
            case .close: perform(session.close(now: 0))
            case .connect(let id, let namespace, let auth):
                perform(client.accept(id, sid: "socket") ?? [])
                perform(client.emit(namespace, "auth", [.object(auth)]))
            case .event(let namespace, "message", let arguments, _):
                perform(client.emit(namespace, "message-back", arguments))
            case .event(let namespace, "message-with-ack", let arguments, let ackID?):
                perform(client.acknowledge(namespace, ackID, arguments))
            default: break
            }
        }
    }
}
