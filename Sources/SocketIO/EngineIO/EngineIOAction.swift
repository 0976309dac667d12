/// What names a poll, a POST or a WebSocket to a session: given by whoever serves HTTP, unique within the session.
package typealias EngineIOConnectionID = UInt64

/// What a session asks of whoever holds its connections. Actions are carried out in the order they are given.
package enum EngineIOAction: Sendable, Equatable {
    /// Answer the poll: status 200, `text/plain; charset=UTF-8`, not to be cached, this body.
    case answerPoll(EngineIOConnectionID, [UInt8])
    /// Answer the POST: status 200, `text/html`, not to be cached, the body `ok`.
    case answerPost(EngineIOConnectionID)
    /// Answer a poll or a POST with the error's status and JSON.
    case refuse(EngineIOConnectionID, EngineIOError)
    /// Answer a POST with status 413 and nothing else.
    case refuseTooLarge(EngineIOConnectionID)
    case sendWebSocket(EngineIOConnectionID, EngineIOFrame)
    /// Close the WebSocket, if it is not closed, after what was sent. Nothing of it needs to be told to the session any more.
    case closeWebSocket(EngineIOConnectionID)
    /// The client said this.
    case deliver(EngineIOMessage)
    /// The session is over. Comes once.
    case closed(EngineIOCloseReason)
}

/// Why a session ended. The raw value is what the reference implementation calls it.
package enum EngineIOCloseReason: String, Sendable {
    /// The client broke the rules of the transport, or a request of its was cut off.
    case transportError = "transport error"
    /// The client said that it closes, or its WebSocket closed.
    case transportClose = "transport close"
    /// The server closed it.
    case forcedClose = "forced close"
    case pingTimeout = "ping timeout"
    /// The client sent what is not a packet.
    case parseError = "parse error"
    /// More waited for the client than `EngineIOSettings.maxQueuedBytes`. Not in the reference, which has no such limit.
    case backlog
}
