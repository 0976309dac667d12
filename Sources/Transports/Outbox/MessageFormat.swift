import NIOCore
import RoomEngine

/// How a transport writes messages down. One value serves all connections of that transport, so that what many hear is
/// written once.
package protocol MessageFormat: Sendable {
    /// Appends the message as it goes over the wire, framed; or nothing, if this transport has no words for it.
    func append(_ message: Message, to bytes: inout ByteBuffer)
}

/// Which format a connection speaks, as an index into the list that the outbox was made with.
package struct FormatID: Hashable, Sendable {
    let index: Int
    package init(_ index: Int) { self.index = index }
}

/// What a network loop is to do, in order.
enum OutletOperation: Sendable {
    case send(ConnectionID, ByteBuffer)
    case broadcast(UInt32, ByteBuffer)
    case attach(ConnectionID, UInt32)
    case detach(ConnectionID, UInt32)
    case close(ConnectionID, Closing, ByteBuffer)
}
