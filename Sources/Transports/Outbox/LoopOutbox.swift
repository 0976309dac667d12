import NIOCore
import RoomEngine

/// The engine's outbox: writes messages down, once per format, and hands every network loop what is for its connections,
/// once per turn, or sooner if it is much.
///
/// Connections of one format that hear a topic form a group, of which each network loop knows its members. What is
/// published to a group in one turn is gathered into one piece of bytes, so that each member gets it in one write. A piece
/// ends early where the order would show: when somebody joins or leaves the group, or is told something by themselves.
///
/// Confined to the room loop.
package final class LoopOutbox: Outbox {
    private enum Route {
        case connection(FormatID)
        /// An HTTP request, which hears messages as they are.
        case listener((Message) -> Void)
    }

    private final class Group {
        let id: UInt32
        let topic: Topic
        let format: FormatID
        /// Members by network loop.
        var members: [Int]
        var piece = ByteBuffer()

        init(id: UInt32, topic: Topic, format: FormatID, loops: Int) {
            self.id = id
            self.topic = topic
            self.format = format
            members = Array(repeating: 0, count: loops)
        }
    }

    private let formats: [any MessageFormat]
    private let outlets: [@Sendable (OutletBatch) -> Void]
    private let backlog: Backlog
    private var routes: [ConnectionID: Route] = [:]
    private var groups: [Topic: [Group]] = [:]
    private var lastGroup: UInt32 = 0
    private var listeners: [Topic: Set<ConnectionID>] = [:]
    /// Groups with a piece that has not been handed over.
    private var open: [Group] = []
    private var batches: [OutletBatch]
    /// What has been said in all, for the metrics.
    package private(set) var published = 0
    package private(set) var delivered = 0
    /// Turns in which something was said.
    package private(set) var turns = 0

    /// - Parameters:
    ///   - outlets: takes operations to each network loop
    ///   - backlog: counts what they are handed
    init(formats: [any MessageFormat], outlets: [@Sendable (OutletBatch) -> Void], backlog: Backlog) {
        self.formats = formats
        self.outlets = outlets
        self.backlog = backlog
        batches = Array(repeating: OutletBatch(), count: outlets.count)
    }

    // MARK: Connections

    func add(_ connection: ConnectionID, format: FormatID) { routes[connection] = .connection(format) }
    func add(_ connection: ConnectionID, listener: @escaping (Message) -> Void) { routes[connection] = .listener(listener) }
    func remove(_ connection: ConnectionID) { routes[connection] = nil }

    // MARK: Outbox

    package func send(_ message: Message, to connection: ConnectionID) {
        switch routes[connection] {
        case .connection(let format)?:
            if !message.isAnswer { closePieces() }
            var bytes = ByteBuffer()
            formats[format.index].append(message, to: &bytes)
            guard bytes.readableBytes > 0 else { return }
            batches[connection.loop].append(.send(connection, bytes))
            if batches[connection.loop].bytes >= Backlog.most { flush() }
        case .listener(let hear)?:
            hear(message)
        case nil: break
        }
    }

    package func publish(_ message: Message, to topic: Topic) {
        published += 1
        for group in groups[topic] ?? [] {
            if group.piece.readableBytes == 0 { open.append(group) }
            formats[group.format.index].append(message, to: &group.piece)
            delivered += group.members.reduce(0, +)
        }
        guard !listeners.isEmpty, let heard = listeners[topic] else { return }
        delivered += heard.count
        for id in heard { send(message, to: id) }
    }

    package func attach(_ connection: ConnectionID, to topic: Topic) {
        guard case .connection(let format)? = routes[connection] else {
            if routes[connection] != nil { listeners[topic, default: []].insert(connection) }
            return
        }
        let group = group(topic, format)
        close(group)
        group.members[connection.loop] += 1
        batches[connection.loop].append(.attach(connection, group.id))
    }

    package func detach(_ connection: ConnectionID, from topic: Topic) {
        guard case .connection(let format)? = routes[connection] else {
            listeners[topic]?.remove(connection)
            if listeners[topic]?.isEmpty == true { listeners[topic] = nil }
            return
        }
        guard let group = groups[topic]?.first(where: { $0.format == format }) else { return }
        close(group)
        group.members[connection.loop] -= 1
        batches[connection.loop].append(.detach(connection, group.id))
        if group.members.allSatisfy({ $0 == 0 }) {
            groups[topic]?.removeAll { $0 === group }
            if groups[topic]?.isEmpty == true { groups[topic] = nil }
        }
    }

    package func close(_ connection: ConnectionID, _ closing: Closing) {
        guard case .connection(let format)? = routes[connection] else { return send(.bye(closing), to: connection) }
        closePieces()
        var bytes = ByteBuffer()
        formats[format.index].append(.bye(closing), to: &bytes)
        batches[connection.loop].append(.close(connection, closing, bytes))
    }

    private func group(_ topic: Topic, _ format: FormatID) -> Group {
        if let group = groups[topic]?.first(where: { $0.format == format }) { return group }
        lastGroup += 1
        let group = Group(id: lastGroup, topic: topic, format: format, loops: outlets.count)
        groups[topic, default: []].append(group)
        return group
    }

    // MARK: The end of a turn

    /// Hands over what has been said.
    func flush() {
        closePieces()
        if batches.contains(where: { !$0.operations.isEmpty }) { turns += 1 }
        for loop in outlets.indices where !batches[loop].operations.isEmpty {
            backlog.add(batches[loop].bytes)
            outlets[loop](batches[loop])
            batches[loop] = batches[loop].next
        }
    }

    private func closePieces() {
        guard !open.isEmpty else { return }
        for group in open { handOver(group) }
        open.removeAll(keepingCapacity: true)
    }

    private func close(_ group: Group) {
        guard group.piece.readableBytes > 0 else { return }
        handOver(group)
        open.removeAll { $0 === group }
    }

    private func handOver(_ group: Group) {
        for loop in group.members.indices where group.members[loop] > 0 {
            batches[loop].append(.broadcast(group.id, group.piece))
        }
        group.piece = ByteBuffer()
    }
}

extension Message {
    /// Whether it answers a command, and so may overtake what was published in the same turn.
    fileprivate var isAnswer: Bool {
        switch self {
        case .ok, .refused, .held, .pong: true
        default: false
        }
    }
}

extension ConnectionID {
    /// The network loop that the connection belongs to.
    var loop: Int { Int(number & 0xFF) }

    init(loop: Int, serial: UInt64) { self.init(serial << 8 | UInt64(loop)) }
}
