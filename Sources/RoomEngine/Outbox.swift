/// Many connections that hear the same.
package enum Topic: Hashable, Sendable {
    case room(RoomID)
    case lobby
}

/// Where messages leave the engine. Everything said to one connection arrives in the order it was said, except that an
/// answer (`ok`, `refused`, `pong`) may arrive before what was published to a topic earlier in the same turn.
package protocol Outbox: AnyObject {
    func send(_ message: Message, to connection: ConnectionID)
    func publish(_ message: Message, to topic: Topic)
    /// From now on the connection hears what is published to the topic.
    func attach(_ connection: ConnectionID, to topic: Topic)
    func detach(_ connection: ConnectionID, from topic: Topic)
    /// Says goodbye and ends the connection. ``Engine/disconnect(_:)`` follows.
    func close(_ connection: ConnectionID, _ closing: Closing)
}

/// Hashes passwords with a function that takes memory and time on purpose, so elsewhere. The answers come by
/// ``Engine/hashed(_:_:)`` and ``Engine/verified(_:_:)`` on the room loop.
package protocol Passwords: AnyObject {
    func hash(_ password: String, _ token: UInt64)
    func verify(_ password: String, against hash: String, _ token: UInt64)
}
