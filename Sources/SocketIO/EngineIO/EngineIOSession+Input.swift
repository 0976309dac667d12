/// What a client does: polls, POSTs and WebSockets.
extension EngineIOSession {
    // MARK: Polling

    /// A GET asks for what there is to say. It waits until there is something.
    ///
    /// Two at once are an error that ends the session (Engine.IO protocol v4, "Receiving data").
    package mutating func poll(_ request: EngineIOConnectionID) -> [EngineIOAction] {
        guard acceptsPolling(request) else { return takeActions() }
        if poll != nil {
            actions.append(.refuse(request, .badRequest))
            end(.transportError)
        } else {
            poll = request
            flushQueue()
        }
        return takeActions()
    }

    /// A POST begins; its body is not here yet. Two at once are an error that ends the session ("Sending data").
    package mutating func beginPost(_ request: EngineIOConnectionID) -> [EngineIOAction] {
        guard acceptsPolling(request) else { return takeActions() }
        if post != nil {
            actions.append(.refuse(request, .badRequest))
            end(.transportError)
        } else {
            post = request
        }
        return takeActions()
    }

    /// The whole body of a POST that began. One that began in vain was refused then, and what comes of it is ignored.
    package mutating func post(_ request: EngineIOConnectionID, body: [UInt8], now: Int64) -> [EngineIOAction] {
        guard request == post else { return [] }
        post = nil
        if body.count > settings.maxPayload { return [.refuseTooLarge(request)] }
        do {
            let packets = try EngineIOPayload.decode(body)
            actions.append(.answerPost(request))
            for packet in packets { receive(packet, now: now) }
        } catch {
            actions.append(.refuse(request, .badRequest))
            end(.parseError)
        }
        return takeActions()
    }

    /// The body of a POST that began is above `maxPayload`, and the rest of it will not be read.
    package mutating func postTooLarge(_ request: EngineIOConnectionID) -> [EngineIOAction] {
        guard request == post else { return [] }
        post = nil
        return [.refuseTooLarge(request)]
    }

    /// The connection of a poll or a POST closed before its answer. Ends the session, as in the reference implementation: what
    /// was on its way may be lost, and the client knows best that it must begin anew.
    package mutating func requestCancelled(_ request: EngineIOConnectionID) -> [EngineIOAction] {
        if request == poll {
            poll = nil
        } else if request == post {
            post = nil
        } else {
            return []
        }
        end(.transportError)
        return takeActions()
    }

    private mutating func acceptsPolling(_ request: EngineIOConnectionID) -> Bool {
        if state == .closed {
            actions.append(.refuse(request, .unknownSession))
        } else if transport != .polling {
            actions.append(.refuse(request, .badRequest))
        } else {
            return true
        }
        return false
    }

    // MARK: WebSocket

    /// Whether a WebSocket for this session may open. If not, it is refused with `EngineIOError.badRequest` or closed.
    package var acceptsUpgrade: Bool { state == .open && transport == .polling && upgrade == nil && settings.allowsUpgrades }

    /// A WebSocket opened for this session. One too many is closed and changes nothing.
    package mutating func webSocketOpened(_ webSocket: EngineIOConnectionID, now: Int64) -> [EngineIOAction] {
        guard acceptsUpgrade else { return [.closeWebSocket(webSocket)] }
        upgrade = Upgrade(webSocket: webSocket, deadline: now + settings.upgradeTimeout)
        return []
    }

    package mutating func webSocketReceived(
        _ webSocket: EngineIOConnectionID, _ frame: EngineIOFrame, now: Int64
    ) -> [EngineIOAction] {
        let packet = try? EngineIOPacket(frame)
        if transport == .webSocket(webSocket) {
            if let packet { receive(packet, now: now) } else { end(.parseError) }
        } else if upgrade?.webSocket == webSocket {
            probe(webSocket, packet, now: now)
        }
        return takeActions()
    }

    package mutating func webSocketClosed(_ webSocket: EngineIOConnectionID) -> [EngineIOAction] {
        if transport == .webSocket(webSocket) {
            end(.transportClose)
        } else if upgrade?.webSocket == webSocket {
            abandonUpgrade()
        }
        return takeActions()
    }

    /// Source: Engine.IO protocol v4, "Upgrade". A WebSocket that does not follow it is closed, and polling goes on.
    private mutating func probe(_ webSocket: EngineIOConnectionID, _ packet: EngineIOPacket?, now: Int64) {
        switch packet {
        case .plain(.ping, Array("probe".utf8)):
            heartbeat.heard(at: now)
            upgrade?.isProbed = true
            actions.append(.sendWebSocket(webSocket, EngineIOPacket.plain(.pong, Array("probe".utf8)).frame))
            flushQueue()
        case .plain(.upgrade, _) where upgrade?.isProbed == true:
            heartbeat.heard(at: now)
            upgrade = nil
            transport = .webSocket(webSocket)
            flushQueue()
        default: abandonUpgrade()
        }
    }

    mutating func abandonUpgrade() {
        guard let upgrade else { return }
        self.upgrade = nil
        actions.append(.closeWebSocket(upgrade.webSocket))
        flushQueue()
    }

    // MARK: Packets

    private mutating func receive(_ packet: EngineIOPacket, now: Int64) {
        guard state != .closed else { return }
        heartbeat.heard(at: now)
        switch packet {
        case .plain(.message, let text): deliver(.text(text))
        case .binary(let bytes): deliver(.binary(bytes))
        case .plain(.pong, _): heartbeat.heardPong(at: now)
        case .plain(.ping, _): end(.transportError)  // from protocol 4 on, servers ping
        case .plain(.close, _): end(.transportClose, farewell: .noop)
        case .plain(.open, _), .plain(.upgrade, _), .plain(.noop, _): break
        }
    }

    /// What a client says to a session that is closing is not heard any more.
    private mutating func deliver(_ message: EngineIOMessage) {
        if state == .open { actions.append(.deliver(message)) }
    }
}
