import NIOCore
import RoomEngine

/// What one network loop writes: the far end of the ``LoopOutbox``.
///
/// Everything that one batch has for a connection goes out with one flush at its end. Confined to its loop.
final class Outlet {
    private struct Group {
        var members: [OutletConnection] = []
        var places: [ConnectionID: Int] = [:]

        mutating func add(_ connection: OutletConnection) {
            guard places[connection.id] == nil else { return }
            places[connection.id] = members.count
            members.append(connection)
        }

        mutating func remove(_ id: ConnectionID) {
            guard let place = places.removeValue(forKey: id) else { return }
            let last = members.removeLast()
            if last.id != id {
                members[place] = last
                places[last.id] = place
            }
        }
    }

    private var connections: [ConnectionID: OutletConnection] = [:]
    private var groups: [UInt32: Group] = [:]
    private var dirty: [OutletConnection] = []

    func add(_ connection: OutletConnection) { connections[connection.id] = connection }

    /// The connection is gone. Its groups are told to let go of it by the room loop, and until then write to no effect.
    func remove(_ id: ConnectionID) { connections[id] = nil }

    func apply(_ operations: [OutletOperation]) {
        for (index, operation) in operations.enumerated() {
            switch operation {
            case .send(let id, let bytes):
                if let connection = connections[id] { write(bytes, to: connection) }
            case .broadcast(let group, let bytes):
                guard let members = groups[group]?.members else { continue }
                if index == operations.count - 1 {
                    broadcastLast(bytes, to: members)
                } else {
                    for connection in members { write(bytes, to: connection) }
                }
            case .attach(let id, let group):
                if let connection = connections[id] { groups[group, default: Group()].add(connection) }
            case .detach(let id, let group):
                groups[group]?.remove(id)
                if groups[group]?.members.isEmpty == true { groups[group] = nil }
            case .close(let id, let closing, let bytes):
                connections[id]?.close(closing, bytes)
            }
        }
        flush()
    }

    private func flush() {
        for connection in dirty {
            connection.isDirty = false
            connection.flush()
        }
        dirty.removeAll(keepingCapacity: true)
    }

    /// What nothing follows needs no gathering for those who have nothing gathered: the most common turn, one room's
    /// messages and its senders' answers. Those who have, the senders, get theirs first: what they send next is then there
    /// when this is done, and goes out together too.
    private func broadcastLast(_ bytes: ByteBuffer, to members: [OutletConnection]) {
        let behind = dirty
        for connection in members where connection.isDirty { connection.write(bytes) }
        for connection in behind { connection.flush() }
        bytes.withUnsafeReadableBytes { raw in
            for connection in members where !connection.isDirty { connection.sendNow(raw, of: bytes) }
        }
        for connection in behind { connection.isDirty = false }
        dirty.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: ByteBuffer, to connection: OutletConnection) {
        connection.write(bytes)
        if !connection.isDirty {
            connection.isDirty = true
            dirty.append(connection)
        }
    }
}
