/// What names a CONNECT that waits for its answer.
package typealias SocketIOConnectID = UInt64

/// What a client's Socket.IO side asks of whoever holds its Engine.IO session, and what the client wants. Actions are carried out
/// in the order they are given.
package enum SocketIOAction: Sendable, Equatable {
    /// Give these to `EngineIOSession.send(_:holding:)`.
    case send([EngineIOFrame])
    /// Close the session: `EngineIOSession.close(now:)`.
    case close
    /// The client asks to be let into a namespace: `accept` or `refuse`, now or later. `auth` is empty if it gave none.
    case connect(SocketIOConnectID, namespace: String, auth: [String: SocketIOValue])
    /// With an `ackID` the client waits for `acknowledge`, which is due once.
    case event(namespace: String, name: String, arguments: [SocketIOValue], ackID: UInt64?)
    /// The client acknowledged an event.
    case acknowledged(namespace: String, ackID: UInt64, arguments: [SocketIOValue])
    /// The client did not acknowledge an event in time, or left before.
    case unacknowledged(namespace: String, ackID: UInt64)
    /// The client is no longer in a namespace it was in. Comes once for each `accept`.
    case disconnected(namespace: String, SocketIODisconnectReason)
}

/// Why a client left a namespace.
package enum SocketIODisconnectReason: Sendable, Equatable {
    case clientNamespaceDisconnect
    case serverNamespaceDisconnect
    /// The client did what nobody may do in its state, and its session was closed for it.
    case forcedServerClose
    /// Its Engine.IO session ended.
    case transport(EngineIOCloseReason)

    /// What the reference implementation calls it.
    package var text: String {
        switch self {
        case .clientNamespaceDisconnect: "client namespace disconnect"
        case .serverNamespaceDisconnect: "server namespace disconnect"
        case .forcedServerClose: "forced server close"
        case .transport(let reason): reason.rawValue
        }
    }

    /// Whether the client may come back and get what it missed (`RECOVERABLE_DISCONNECT_REASONS` of the reference implementation).
    package var isRecoverable: Bool {
        switch self {
        case .clientNamespaceDisconnect, .serverNamespaceDisconnect, .transport(.parseError): false
        case .forcedServerClose, .transport: true
        }
    }
}
