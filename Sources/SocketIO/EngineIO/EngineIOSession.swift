import JSONText

/// One client's Engine.IO session: what arrives by its polls, POSTs and WebSockets goes in, what is to be done comes out.
///
/// A pure state machine, confined to whoever owns it. `now` is milliseconds of a clock that only goes forward.
///
/// Source: Engine.IO protocol v4; where it is silent, `socket.ts` and `polling.ts` of the reference implementation.
package struct EngineIOSession: Sendable {
    enum State: Sendable, Equatable {
        case open
        /// Closed by the server, while a polling client fetches the rest.
        case closing(deadline: Int64)
        case closed
    }

    enum Transport: Sendable, Equatable {
        case polling
        case webSocket(EngineIOConnectionID)
    }

    /// A WebSocket that is to replace polling.
    struct Upgrade: Sendable {
        let webSocket: EngineIOConnectionID
        let deadline: Int64
        var isProbed = false
    }

    /// What the client names the session by. A secret between the two: who knows it can take the session over.
    package let id: String
    let settings: EngineIOSettings
    var state = State.open
    var transport: Transport
    var poll: EngineIOConnectionID?
    var post: EngineIOConnectionID?
    var upgrade: Upgrade?
    var heartbeat: EngineIOHeartbeat
    var actions: [EngineIOAction] = []
    var queue: [EngineIOFrame] = []
    /// The bytes that wait for a poll or for the end of an upgrade.
    package internal(set) var queuedBytes = 0

    // MARK: Opening

    /// A session whose handshake is the poll `poll`. The first actions answer it.
    package static func open(
        id: String, poll: EngineIOConnectionID, settings: EngineIOSettings, now: Int64
    ) -> (session: EngineIOSession, actions: [EngineIOAction]) {
        var session = EngineIOSession(id: id, transport: .polling, settings: settings, now: now)
        session.poll = poll
        let actions = session.handshake(upgrades: settings.allowsUpgrades ? ["websocket"] : [])
        return (session, actions)
    }

    /// A session whose handshake is a WebSocket that has just opened.
    package static func open(
        id: String, webSocket: EngineIOConnectionID, settings: EngineIOSettings, now: Int64
    ) -> (session: EngineIOSession, actions: [EngineIOAction]) {
        var session = EngineIOSession(id: id, transport: .webSocket(webSocket), settings: settings, now: now)
        let actions = session.handshake(upgrades: [])
        return (session, actions)
    }

    private init(id: String, transport: Transport, settings: EngineIOSettings, now: Int64) {
        self.id = id
        self.transport = transport
        self.settings = settings
        heartbeat = EngineIOHeartbeat(interval: settings.pingInterval, timeout: settings.pingTimeout, now: now)
    }

    private mutating func handshake(upgrades: [String]) -> [EngineIOAction] {
        var json = JSONWriter()
        json.object { json in
            json.field("sid", id)
            json.name("upgrades")
            json.array { json in for upgrade in upgrades { json.string(upgrade) } }
            json.field("pingInterval", settings.pingInterval)
            json.field("pingTimeout", settings.pingTimeout)
            json.field("maxPayload", settings.maxPayload)
        }
        return send([EngineIOPacket.plain(.open, json.bytes).frame])
    }

    // MARK: What is asked of it

    package var isClosed: Bool { state == .closed }

    /// Whether frames sent now go straight to the WebSocket. If so, whoever holds it may write a shared buffer of the frames
    /// itself instead of calling `send(_:holding:)`.
    package var writesThrough: Bool {
        if case .webSocket = transport { state == .open } else { false }
    }

    // MARK: Sending

    /// Says something to the client, in order. Nothing is sent once the session is closing.
    ///
    /// - Parameter holding: leaves what is to be polled in the queue until `flush()`, so that all that is said in one turn of a
    ///   loop is one poll's answer.
    package mutating func send(_ frames: [EngineIOFrame], holding: Bool = false) -> [EngineIOAction] {
        guard state == .open else { return [] }
        enqueue(frames)
        if !holding || writesThrough { flushQueue() }
        if queuedBytes > settings.maxQueuedBytes { end(.backlog) }
        return takeActions()
    }

    /// Answers a waiting poll with what was held back.
    package mutating func flush() -> [EngineIOAction] {
        flushQueue()
        return takeActions()
    }

    /// Ends the session from the server's side, after all that was said before. A client that polls fetches the rest first.
    package mutating func close(now: Int64) -> [EngineIOAction] {
        guard state == .open else { return [] }
        state = .closing(deadline: now + settings.closeTimeout)
        flushQueue()
        return takeActions()
    }

    /// Ends the session as a lost connection does, for the client to come back by itself. A WebSocket gets all that was said before,
    /// and so does a poll that waits. There is no `close` packet: after one, python-engineio stays away.
    package mutating func breakOff() -> [EngineIOAction] {
        guard state == .open else { return [] }
        flushQueue()
        if let poll {
            actions.append(.refuse(poll, .unknownSession))
            self.poll = nil
        }
        end(.forcedClose)
        return takeActions()
    }

    // MARK: Time

    /// When `tick(now:)` is next due. It may come later.
    package var nextDeadline: Int64? {
        let ending: Int64
        switch state {
        case .open: ending = heartbeat.deadline
        case .closing(let deadline): ending = deadline
        case .closed: return nil
        }
        return min(ending, upgrade?.deadline ?? ending)
    }

    package mutating func tick(now: Int64) -> [EngineIOAction] {
        if let upgrade, now >= upgrade.deadline { abandonUpgrade() }
        switch state {
        case .open:
            switch heartbeat.beat(at: now) {
            case .none: break
            case .ping:
                enqueue([EngineIOPacket.plain(.ping).frame])
                flushQueue()
            case .dead: end(.pingTimeout)
            }
        case .closing(let deadline): if now >= deadline { end(.forcedClose) }
        case .closed: break
        }
        return takeActions()
    }

    // MARK: Ending

    /// Ends the session now. A waiting poll is answered with a packet of type `farewell`.
    mutating func end(_ reason: EngineIOCloseReason, farewell: EngineIOPacketType = .close) {
        guard state != .closed else { return }
        state = .closed
        if let poll { answerPoll(poll, [EngineIOPacket.plain(farewell).frame]) }
        if let post { actions.append(.refuse(post, .badRequest)) }
        if case .webSocket(let webSocket) = transport { actions.append(.closeWebSocket(webSocket)) }
        if let upgrade { actions.append(.closeWebSocket(upgrade.webSocket)) }
        (post, upgrade, queue, queuedBytes) = (nil, nil, [], 0)
        actions.append(.closed(reason))
    }

    mutating func takeActions() -> [EngineIOAction] {
        defer { actions = [] }
        return actions
    }
}
