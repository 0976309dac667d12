import NIOCore
import RoomEngine
import SocketIO

/// The rooms for one Socket.IO client: each namespace it is in is a connection of the engine's.
final class SocketIORooms: SocketIOApplication {
    static let namespaces: Set<String> = ["/room", "/chat"]

    /// A namespace as the outlet writes to it.
    private final class Seat: OutletConnection {
        let namespace: String
        /// Nil once the client has left: groups let go of the seat only when the room loop has heard of it.
        var peer: SocketIOPeer?

        init(id: ConnectionID, namespace: String, peer: SocketIOPeer) {
            self.namespace = namespace
            self.peer = peer
            super.init(id: id)
        }

        override func write(_ bytes: ByteBuffer) { peer?.write(bytes) }
        override func flush() { peer?.flush() }

        override func sendNow(_ raw: UnsafeRawBufferPointer, of bytes: ByteBuffer) {
            peer?.write(bytes)
            peer?.flush()
        }

        override func close(_ closing: Closing, _ bytes: ByteBuffer) {
            guard let peer else { return }
            peer.write(bytes)
            // A client that was put out of a namespace stays out. One whose connection is lost comes back.
            if closing.isForNow { return peer.breakOff() }
            peer.disconnect(namespace)
            peer.flush()
        }
    }

    private var visitor: Visitor
    private let bots: BotTokens
    private let page: RoomID?
    private let formats: (plain: FormatID, withOffsets: FormatID)
    private var seats: [String: Seat] = [:]
    /// The room that was joined last.
    private var current: RoomID?

    /// - Parameter page: the room whose page the client is on
    init(visitor: Visitor, page: RoomID?, formats: (plain: FormatID, withOffsets: FormatID), bots: BotTokens) {
        self.bots = bots
        self.visitor = visitor
        self.page = page
        self.formats = formats
    }

    func connect(_ namespace: String, auth: [String: SocketIOValue], _ id: SocketIOConnectID, _ peer: SocketIOPeer) {
        // A bot says who it is here, where its client cannot send headers.
        if let token = auth["token"]?.string {
            guard let bot = bots.bot(bearing: token) else { return peer.refuse(id, .unknownToken) }
            visitor.person = bot.record
        }
        let recovery = SocketIORecovery(auth: auth)
        let recovers = recovery != nil || auth["recover"] == .bool(true)
        guard peer.accept(id, pid: recovery?.pid ?? (recovers ? SocketIOID.make() : nil)) else { return }
        let network = peer.network
        let seat = Seat(id: network.nextConnection(), namespace: namespace, peer: peer)
        seats[namespace] = seat
        network.outlet.add(seat)
        network.submit(
            .connect(
                seat.id, visitor.person, address: visitor.address, transport: "socket.io", locale: visitor.locale,
                format: recovers ? formats.withOffsets : formats.plain))
        guard namespace == "/chat" else { return submit(.lobby(watch: true), seat, network) }
        if let recovery, let (room, position) = Self.place(recovery.offset) {
            current = room
            submit(.join(.init(room: room, seen: position)), seat, network)
        } else if let page {
            current = page
            submit(.join(.init(room: page)), seat, network)
        } else {
            submit(.comeBack, seat, network)
        }
    }

    /// The room and the position that an event's offset names: `room epoch:seq`.
    private static func place(_ offset: String) -> (RoomID, Position)? {
        let parts = offset.split(separator: " ")
        guard parts.count == 2, let position = Position(parts[1]) else { return nil }
        return (RoomID(String(parts[0])), position)
    }

    func event(_ namespace: String, _ name: String, _ arguments: [SocketIOValue], ackID: UInt64?, _ peer: SocketIOPeer) {
        guard let seat = seats[namespace] else { return }
        let reference = ackID.map { Reference.number(Int64($0)) }
        do throws(Refusal) {
            guard namespace == "/chat" else { throw Refusal(.badRequest, "There is no event '\(name.prefix(40))' in \(namespace).") }
            let command = try SocketIOCommands.command(name, arguments, current: current)
            if case .join(let join) = command { current = join.room }
            submit(command, seat, peer.network, reference)
        } catch {
            var bytes = ByteBuffer()
            SocketIOFormat(hasOffsets: false).append(.refused(reference, error), to: &bytes)
            peer.write(bytes)
            peer.flush()
        }
    }

    func left(_ namespace: String, _ peer: SocketIOPeer) {
        guard let seat = seats.removeValue(forKey: namespace) else { return }
        seat.peer = nil
        peer.network.outlet.remove(seat.id)
        peer.network.submit(.disconnect(seat.id))
    }

    private func submit(_ command: Command, _ seat: Seat, _ network: NetworkLoop, _ reference: Reference? = nil) {
        network.submit(.request(Request(connection: seat.id, reference: reference, command: command)))
    }
}

extension SocketIOID {
    fileprivate static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return make(using: &generator)
    }
}
