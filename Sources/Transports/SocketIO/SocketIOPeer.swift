import NIOCore
import RoomEngine
import SocketIO

/// What is served to Socket.IO clients: the rooms, or an echo for the protocol's test suites. One per client, confined to its
/// loop.
protocol SocketIOApplication: AnyObject {
    /// The namespaces there are.
    static var namespaces: Set<String> { get }
    func connect(_ namespace: String, auth: [String: SocketIOValue], _ id: SocketIOConnectID, _ peer: SocketIOPeer)
    func event(_ namespace: String, _ name: String, _ arguments: [SocketIOValue], ackID: UInt64?, _ peer: SocketIOPeer)
    func left(_ namespace: String, _ peer: SocketIOPeer)
}

/// One Socket.IO client: its Engine.IO session, and the requests and the WebSocket that carry it.
///
/// It lives on the loop on which its session was opened. Polls come from any loop by way of ``SocketIOHub``; a WebSocket of
/// another loop, which an upgrade may bring, is written to from there. Confined to its loop.
final class SocketIOPeer {
    enum Answer: Sendable {
        case poll([UInt8])
        case posted
        case refused(EngineIOError)
        case tooLarge
    }

    let network: NetworkLoop
    private unowned let hub: SocketIOHub
    private let application: any SocketIOApplication
    private var session: EngineIOSession
    private var client: SocketIOClient
    private var answers: [EngineIOConnectionID: (Answer) -> Void] = [:]
    private var lastRequest: EngineIOConnectionID = 0
    private var webSocket: (id: EngineIOConnectionID, link: SocketIOLink)?

    var id: String { session.id }
    private var now: Int64 { Int64(network.wheel.now) * 1_000 }

    // MARK: Opening

    /// By polling: `answer` gets the handshake.
    init(polling id: String, hub: SocketIOHub, application: any SocketIOApplication, answer: @escaping (Answer) -> Void) {
        (network, self.hub, self.application) = (hub.network, hub, application)
        let now = Int64(hub.network.wheel.now) * 1_000
        client = SocketIOClient(namespaces: type(of: application).namespaces, now: now)
        lastRequest = 1
        answers[1] = answer
        let actions: [EngineIOAction]
        (session, actions) = EngineIOSession.open(id: id, poll: 1, settings: hub.settings, now: now)
        perform(actions)
    }

    /// By a WebSocket at once.
    init(webSocket link: SocketIOLink, id: String, hub: SocketIOHub, application: any SocketIOApplication) {
        (network, self.hub, self.application) = (hub.network, hub, application)
        let now = Int64(hub.network.wheel.now) * 1_000
        client = SocketIOClient(namespaces: type(of: application).namespaces, now: now)
        lastRequest = 1
        webSocket = (1, link)
        let actions: [EngineIOAction]
        (session, actions) = EngineIOSession.open(id: id, webSocket: 1, settings: hub.settings, now: now)
        perform(actions)
    }

    private func nextRequest() -> EngineIOConnectionID {
        lastRequest += 1
        return lastRequest
    }

    // MARK: Polling

    func poll(_ answer: @escaping (Answer) -> Void) -> EngineIOConnectionID {
        let request = nextRequest()
        answers[request] = answer
        perform(session.poll(request))
        return request
    }

    func post(_ body: [UInt8], _ answer: @escaping (Answer) -> Void) {
        let request = nextRequest()
        answers[request] = answer
        perform(session.beginPost(request))
        perform(session.post(request, body: body, now: now))
    }

    /// The connection of a poll is gone.
    func cancelled(_ request: EngineIOConnectionID) {
        guard let answer = answers.removeValue(forKey: request) else { return }
        perform(session.requestCancelled(request))
        // Nobody hears it, but only an answer lets go of the connection.
        answer(.refused(.unknownSession))
    }

    // MARK: WebSocket

    /// A WebSocket that is to replace polling. Nil if there may be none now.
    func upgrade(_ link: SocketIOLink) -> EngineIOConnectionID? {
        guard session.acceptsUpgrade else { return nil }
        let id = nextRequest()
        webSocket = (id, link)
        perform(session.webSocketOpened(id, now: now))
        return id
    }

    func received(_ frame: EngineIOFrame, _ id: EngineIOConnectionID = 1) { perform(session.webSocketReceived(id, frame, now: now)) }

    func webSocketClosed(_ id: EngineIOConnectionID = 1) {
        if webSocket?.id == id { webSocket = nil }
        perform(session.webSocketClosed(id))
    }

    // MARK: Sending

    /// Sends frames that many are sent, as they are where that is possible.
    func write(_ frames: ByteBuffer) {
        if session.writesThrough {
            webSocket?.link.write(frames)
        } else {
            perform(session.send(EngineIOFrame.texts(in: frames), holding: true))
        }
    }

    func flush() {
        webSocket?.link.flush()
        perform(session.flush())
    }

    func emit(_ namespace: String, _ name: String, _ arguments: [SocketIOValue]) { perform(client.emit(namespace, name, arguments)) }

    func acknowledge(_ namespace: String, _ id: UInt64, _ arguments: [SocketIOValue]) { perform(client.acknowledge(namespace, id, arguments)) }

    func accept(_ connect: SocketIOConnectID, pid: String? = nil) -> Bool {
        guard let actions = client.accept(connect, sid: hub.newID(), pid: pid) else { return false }
        perform(actions)
        return true
    }

    /// Does not let the client into a namespace.
    func refuse(_ connect: SocketIOConnectID, _ refusal: Refusal) {
        let data = SocketIOValue.object(["code": .string(refusal.code.rawValue)])
        perform(client.refuse(connect, message: refusal.text, data: data))
    }

    /// The server ends what the client has in a namespace.
    func disconnect(_ namespace: String) { perform(client.disconnect(namespace)) }

    /// The server ends everything the client has, and the client is to come back.
    func breakOff() { perform(session.breakOff()) }

    func tick() {
        if let deadline = session.nextDeadline, deadline <= now { perform(session.tick(now: now)) }
        if let deadline = client.nextDeadline, deadline <= now { perform(client.tick(now: now)) }
    }

    // MARK: Doing what the protocol asks for

    private func perform(_ actions: [EngineIOAction]) {
        for action in actions {
            switch action {
            case .answerPoll(let request, let body): answers.removeValue(forKey: request)?(.poll(body))
            case .answerPost(let request): answers.removeValue(forKey: request)?(.posted)
            case .refuse(let request, let error): answers.removeValue(forKey: request)?(.refused(error))
            case .refuseTooLarge(let request): answers.removeValue(forKey: request)?(.tooLarge)
            case .sendWebSocket(let id, let frame):
                guard webSocket?.id == id else { continue }
                webSocket?.link.write(frame.webSocketFrame)
                webSocket?.link.flush()
            case .closeWebSocket(let id):
                guard webSocket?.id == id else { continue }
                webSocket?.link.close()
                webSocket = nil
            case .deliver(let message): perform(client.receive(message))
            case .closed(let reason):
                perform(client.transportClosed(reason))
                hub.remove(self)
            }
        }
    }

    private func perform(_ actions: [SocketIOAction]) {
        for action in actions {
            switch action {
            case .send(let frames): perform(session.send(frames))
            case .close: perform(session.close(now: now))
            case .connect(let id, let namespace, let auth): application.connect(namespace, auth: auth, id, self)
            case .event(let namespace, let name, let arguments, let ackID):
                application.event(namespace, name, arguments, ackID: ackID, self)
            case .disconnected(let namespace, _): application.left(namespace, self)
            case .acknowledged, .unacknowledged: break // The rooms ask for none.
            }
        }
    }
}
