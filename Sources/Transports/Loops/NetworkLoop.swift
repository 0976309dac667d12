import MessageDeflate
import NIOCore
import RoomEngine

/// What a network loop tells the room loop.
package enum Inbound: Sendable {
    case connect(ConnectionID, PersonRecord, address: String, transport: String, locale: String, format: FormatID)
    case request(Request)
    case disconnect(ConnectionID)
}

/// What the connections of one network loop share: the outlet, the timer wheel, and the batch of what they have read.
///
/// Everything that is read in one turn of the loop crosses to the room loop together, at the turn's end. Confined to its
/// loop.
final class NetworkLoop {
    let loop: any EventLoop
    let index: Int
    let outlet = Outlet()
    let wheel = TimerWheel()
    private let rooms: RoomLoop
    /// The server is ending: connections that nothing happens on are not kept.
    var isEnding = false
    private var batch: [Inbound] = []
    private var lastConnection: UInt64 = 0
    private var ticking: RepeatedTask?
    /// One for all connections of the loop: a message is decompressed when it is complete.
    private var inflater: Inflater?

    init(loop: any EventLoop, index: Int, rooms: RoomLoop) {
        self.loop = loop
        self.index = index
        self.rooms = rooms
        let bound = NIOLoopBound(self, eventLoop: loop)
        ticking = loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            bound.value.wheel.turn()
        }
    }

    func stop() { ticking?.cancel() }

    func nextConnection() -> ConnectionID {
        lastConnection += 1
        return ConnectionID(loop: index, serial: lastConnection)
    }

    /// A compressed message, decompressed; a bomb ends at the limit.
    func inflate(_ bytes: ByteBuffer, limit: Int) throws(ProtocolFailure) -> ByteBuffer {
        guard let inflater = inflater ?? (try? Inflater(limit: limit)) else { throw .outOfMemory }
        self.inflater = inflater
        return try inflater.inflate(bytes, isLast: true)
    }

    func watch(_ watched: any Watched, in seconds: Int) { wheel.watch(watched, in: seconds) }

    func forget(_ watched: any Watched) { wheel.forget(watched) }

    /// Adds to what crosses to the room loop when this turn's reading is done.
    func submit(_ inbound: Inbound) {
        if batch.isEmpty {
            let bound = NIOLoopBound(self, eventLoop: loop)
            loop.execute { bound.value.handOver() }
        }
        batch.append(inbound)
    }

    /// Does what the room loop has for this one.
    func write(_ batch: OutletBatch) {
        outlet.apply(batch.operations)
        rooms.written(batch.bytes)
    }

    private func handOver() {
        let read = batch
        batch = []
        rooms.submit(read)
    }
}
