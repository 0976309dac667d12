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

/// What a network loop is to do, in order, and the bytes that are in it.
struct OutletBatch: Sendable {
    private(set) var operations: [OutletOperation] = []
    private(set) var bytes = 0

    mutating func append(_ operation: OutletOperation) {
        operations.append(operation)
        switch operation {
        case .send(_, let buffer), .broadcast(_, let buffer), .close(_, _, let buffer): bytes += buffer.readableBytes
        case .attach, .detach: break
        }
    }

    /// One for the next turn, which is likely to be like this one; but not like that of a crowd.
    var next: OutletBatch {
        var next = OutletBatch()
        next.operations.reserveCapacity(min(operations.count, 64))
        return next
    }
}

/// One thing that a network loop is to do.
enum OutletOperation: Sendable {
    case send(ConnectionID, ByteBuffer)
    case broadcast(UInt32, ByteBuffer)
    case attach(ConnectionID, UInt32)
    case detach(ConnectionID, UInt32)
    case close(ConnectionID, Closing, ByteBuffer)
}
