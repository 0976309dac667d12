import NIOCore
import NIOPosix
import RoomEngine
import Synchronization
import Testing

@testable import Transports

/// What the room loop does while network loops have not written what they were handed.
@Suite("The backlog")
struct BacklogTests {
    fileprivate static let size = 1 << 20

    /// Writes a mebibyte whatever is said.
    private struct Verbose: MessageFormat {
        func append(_ message: Message, to bytes: inout ByteBuffer) { bytes.writeRepeatingByte(0, count: BacklogTests.size) }
    }

    private final class Hearer: Sendable {
        private let batches = Mutex<[OutletBatch]>([])

        func hear(_ batch: OutletBatch) { batches.withLock { $0.append(batch) } }

        /// How many messages have come, and their bytes.
        var heard: (messages: Int, bytes: Int) { batches.withLock { ($0.reduce(0) { $0 + $1.operations.count }, $0.reduce(0) { $0 + $1.bytes }) } }
    }

    private final class Stubs: Journal, Passwords {
        func commit(_ batch: UInt64, _ units: [JournalUnit]) {}
        func find(_ query: UInt64, _ wanted: EventQuery) {}
        func hash(_ password: String, _ token: UInt64) {}
        func verify(_ password: String, against hash: String, _ token: UInt64) {}
    }

    @Test("while it is full nothing new is taken, and what waits is taken in its order when there is room") func full() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let rooms = RoomLoop(on: group.next())
        let hearer = Hearer()
        try await rooms.start(formats: [Verbose()], outlets: [{ hearer.hear($0) }]) { outbox in
            let stubs = Stubs()
            return Engine(
                limits: Limits(), clock: SystemClock(), random: SystemRandomNumberGenerator(), journal: stubs, outbox: outbox, passwords: stubs)
        }
        let person = PersonRecord(id: "u_ann", name: "ann", colorSeed: "", createdAt: 0)
        let connection = ConnectionID(loop: 0, serial: 1)
        rooms.submit([.connect(connection, person, address: "::1", transport: "ws", locale: "en", format: FormatID(0))])
        await settle(rooms)
        let greeting = hearer.heard
        rooms.written(greeting.bytes)

        let pings = 100
        rooms.submit((0..<Int64(pings)).map { .request(Request(connection: connection, reference: .number($0), command: .ping)) })
        await settle(rooms)
        let most = Backlog.most / Self.size
        #expect(hearer.heard.messages - greeting.messages == most)

        // The console is answered all the same.
        #expect(await rooms.ask { $0.connections.count } == 1)

        // With room for one more it goes on by itself, with as much as goes in one piece.
        rooms.written(Self.size)
        for _ in 0..<1_000 where hearer.heard.messages - greeting.messages == most { try await Task.sleep(for: .milliseconds(10)) }
        for written in 1...pings {
            await settle(rooms)
            let heard = hearer.heard.messages - greeting.messages
            #expect(heard > most && (heard == pings || heard - written < 2 * most))
            rooms.written(Self.size)
        }
        #expect(hearer.heard.messages - greeting.messages == pings)
        try await group.shutdownGracefully()
    }

    /// Until the room loop has done what it has now: each turn may ask for another.
    private func settle(_ rooms: RoomLoop) async {
        for _ in 0..<5 { _ = await rooms.ask { $0.isSettled } }
    }
}
