/// What the server says to one client. An event for many is encoded once with `SocketIOPacket.encodeEvent` and given to the session
/// of each that is connected to the namespace.
extension SocketIOClient {
    /// Sends an event, if the client is in the namespace.
    package func emit(_ namespace: String, _ name: String, _ arguments: [SocketIOValue]) -> [SocketIOAction] {
        guard isConnected(to: namespace) else { return [] }
        return [.send(SocketIOPacket.encodeEvent(namespace: namespace, name: name, arguments: arguments))]
    }

    /// Sends an event that the client has to acknowledge: `acknowledged` or `unacknowledged` with this id follows. Nil if the client
    /// is not in the namespace.
    ///
    /// - Parameter deadline: until when; nil waits for as long as the client stays
    package mutating func emit(
        _ namespace: String, _ name: String, _ arguments: [SocketIOValue], acknowledgedBy deadline: Int64?
    ) -> (ackID: UInt64, actions: [SocketIOAction])? {
        guard isConnected(to: namespace) else { return nil }
        let id = expectAck(in: namespace, until: deadline)
        return (id, [.send(SocketIOPacket.event(namespace: namespace, name: name, arguments: arguments, ackID: id).frames)])
    }

    /// Acknowledges an event that came with an `ackID`, if the client is still in the namespace.
    package func acknowledge(_ namespace: String, _ ackID: UInt64, _ arguments: [SocketIOValue]) -> [SocketIOAction] {
        guard isConnected(to: namespace) else { return [] }
        return [.send(SocketIOPacket.ack(namespace: namespace, id: ackID, arguments: arguments).frames)]
    }

    /// Puts the client out of a namespace. Its session stays, for its other namespaces and for it to come back.
    package mutating func disconnect(_ namespace: String) -> [SocketIOAction] {
        guard isConnected(to: namespace) else { return [] }
        memberships[namespace] = .dismissed
        let packet = SocketIOPacket.disconnect(namespace: namespace)
        return [.send(packet.frames)] + leave(namespace, .serverNamespaceDisconnect)
    }

    /// Puts the client out of all namespaces and closes its session.
    package mutating func close() -> [SocketIOAction] {
        guard !isClosed else { return [] }
        let actions = memberships.keys.sorted().flatMap { disconnect($0) }
        return actions + end(.serverNamespaceDisconnect) + [.close]
    }

    /// The Engine.IO session ended: `EngineIOAction.closed` came.
    package mutating func transportClosed(_ reason: EngineIOCloseReason) -> [SocketIOAction] {
        end(.transport(reason))
    }
}
