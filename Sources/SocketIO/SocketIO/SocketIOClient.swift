/// The Socket.IO side of one client's Engine.IO session: which namespaces it is in, and what is said there.
///
/// A pure state machine like the session below it, confined to whoever owns both. `now` is milliseconds.
///
/// Source: Socket.IO protocol v5, "Exchange protocol"; where it is silent, `client.ts` and `socket.ts` of the reference
/// implementation.
package struct SocketIOClient: Sendable {
    enum Membership: Sendable, Equatable {
        case connecting(SocketIOConnectID)
        case connected(sid: String)
        /// The server put the client out. What the client said before it knew is not held against it.
        case dismissed
    }

    struct AwaitedAck: Sendable {
        let namespace: String
        let deadline: Int64?
    }

    /// How long a client may take until it is let into its first namespace: `connectTimeout` of the reference implementation.
    package static let defaultConnectTimeout: Int64 = 45_000

    let served: Set<String>
    var memberships: [String: Membership] = [:]
    var awaitedAcks: [UInt64: AwaitedAck] = [:]
    var isClosed = false
    private var decoder = SocketIODecoder()
    private var connectDeadline: Int64?
    private var nextConnectID: SocketIOConnectID = 0
    private var nextAckID: UInt64 = 0

    /// - Parameters:
    ///   - namespaces: the names of those that are served; into any other nobody is let
    ///   - connectTimeout: milliseconds from now until the client has to be in a namespace
    package init(namespaces: Set<String>, connectTimeout: Int64 = Self.defaultConnectTimeout, now: Int64) {
        served = namespaces
        connectDeadline = now + connectTimeout
    }

    // MARK: What is asked of it

    package func isConnected(to namespace: String) -> Bool { sid(in: namespace) != nil }

    /// The client's id in a namespace it is in.
    package func sid(in namespace: String) -> String? {
        if case .connected(let sid)? = memberships[namespace] { sid } else { nil }
    }

    // MARK: What the client says

    /// Takes what `EngineIOAction.deliver` brings.
    package mutating func receive(_ message: EngineIOMessage) -> [SocketIOAction] {
        guard !isClosed else { return [] }
        do {
            guard let packet = try decoder.decode(message) else { return [] }
            return receive(packet)
        } catch {
            return end(.transport(.parseError)) + [.close]
        }
    }

    /// Packets of namespaces the client is not in close the session, as in the reference implementation.
    private mutating func receive(_ packet: SocketIOPacket) -> [SocketIOAction] {
        let membership = memberships[packet.namespace]
        switch (packet, membership) {
        case (.connect(let namespace, let data), nil), (.connect(let namespace, let data), .dismissed):
            return connect(namespace, auth: data ?? [:])
        case (.connect, _), (.connectError, _): break
        case (_, .dismissed): return []
        case (.disconnect(let namespace), .connected):
            memberships[namespace] = nil
            return leave(namespace, .clientNamespaceDisconnect)
        case (.disconnect(let namespace), .connecting):
            memberships[namespace] = nil
            return []
        case (.event(let namespace, let name, let arguments, let ackID), .connected):
            return [.event(namespace: namespace, name: name, arguments: arguments, ackID: ackID)]
        case (.ack(let namespace, let id, let arguments), .connected):
            guard awaitedAcks[id]?.namespace == namespace else { return [] }
            awaitedAcks[id] = nil
            return [.acknowledged(namespace: namespace, ackID: id, arguments: arguments)]
        case (.disconnect, nil), (.event, _), (.ack, _): break
        }
        return end(.forcedServerClose) + [.close]
    }

    private mutating func connect(_ namespace: String, auth: [String: SocketIOValue]) -> [SocketIOAction] {
        guard served.contains(namespace) else {
            return [.send(SocketIOPacket.connectError(namespace: namespace, data: ["message": "Invalid namespace"]).frames)]
        }
        defer { nextConnectID += 1 }
        memberships[namespace] = .connecting(nextConnectID)
        return [.connect(nextConnectID, namespace: namespace, auth: auth)]
    }

    // MARK: Answers

    /// Lets the client in. Nil if it no longer waits: then nothing is to be done for it.
    ///
    /// - Parameters:
    ///   - sid: its id in the namespace, from `SocketIOID.make(using:)` or, of one that returns, the one it had
    ///   - pid: its secret to return with, for connection state recovery
    package mutating func accept(_ connect: SocketIOConnectID, sid: String, pid: String? = nil) -> [SocketIOAction]? {
        guard let namespace = namespace(of: connect) else { return nil }
        memberships[namespace] = .connected(sid: sid)
        connectDeadline = nil
        var data: [String: SocketIOValue] = ["sid": .string(sid)]
        if let pid { data["pid"] = .string(pid) }
        return [.send(SocketIOPacket.connect(namespace: namespace, data: data).frames)]
    }

    /// Does not let the client in.
    ///
    /// - Parameters:
    ///   - message: what its `connect_error` says
    ///   - data: what else there is for a program to read
    package mutating func refuse(
        _ connect: SocketIOConnectID, message: String, data: SocketIOValue? = nil
    ) -> [SocketIOAction] {
        guard let namespace = namespace(of: connect) else { return [] }
        memberships[namespace] = nil
        var fields: [String: SocketIOValue] = ["message": .string(message)]
        if let data { fields["data"] = data }
        return [.send(SocketIOPacket.connectError(namespace: namespace, data: .object(fields)).frames)]
    }

    private func namespace(of connect: SocketIOConnectID) -> String? {
        memberships.first { $0.value == .connecting(connect) }?.key
    }

    // MARK: Time

    /// When `tick(now:)` is next due. It may come later.
    package var nextDeadline: Int64? {
        let ack = awaitedAcks.values.compactMap(\.deadline).min()
        guard let connectDeadline else { return ack }
        return min(connectDeadline, ack ?? connectDeadline)
    }

    package mutating func tick(now: Int64) -> [SocketIOAction] {
        if let connectDeadline, now >= connectDeadline { return end(.forcedServerClose) + [.close] }
        return giveUpAcks { $0.deadline.map { now >= $0 } ?? false }
    }

    // MARK: Acknowledgements

    mutating func expectAck(in namespace: String, until deadline: Int64?) -> UInt64 {
        defer { nextAckID += 1 }
        awaitedAcks[nextAckID] = AwaitedAck(namespace: namespace, deadline: deadline)
        return nextAckID
    }

    private mutating func giveUpAcks(where isOver: (AwaitedAck) -> Bool) -> [SocketIOAction] {
        let over = awaitedAcks.filter { isOver($0.value) }.sorted { $0.key < $1.key }
        for (id, _) in over { awaitedAcks[id] = nil }
        return over.map { .unacknowledged(namespace: $0.value.namespace, ackID: $0.key) }
    }

    // MARK: Leaving

    mutating func leave(_ namespace: String, _ reason: SocketIODisconnectReason) -> [SocketIOAction] {
        giveUpAcks { $0.namespace == namespace } + [.disconnected(namespace: namespace, reason)]
    }

    /// The client is out of all namespaces and heard no more.
    mutating func end(_ reason: SocketIODisconnectReason) -> [SocketIOAction] {
        guard !isClosed else { return [] }
        let left = memberships.keys.filter(isConnected(to:)).sorted()
        isClosed = true
        memberships = [:]
        connectDeadline = nil
        decoder = SocketIODecoder()
        return left.flatMap { leave($0, reason) }
    }
}
