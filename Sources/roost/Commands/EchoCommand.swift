import ArgumentParser
import Foundation
import Logging
import NIOCore
import NIOPosix
import RoomEngine
import Transports

/// `roost bench echo`: the transports with an echo behind them instead of the rooms, for protocol test suites.
struct EchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo", abstract: "Serve an echo over WebSocket (/echo) and Socket.IO, for protocol test suites.")

    @Option(help: "Port to listen on; 0 picks a free one.")
    var port = 0

    @Option(help: "The largest message, in MiB.")
    var messageLimit = 64

    @Option(help: "Seconds between two pings.")
    var ping = 25

    @Option(help: "Seconds for the answer to a ping.")
    var pong = 20

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let rooms = RoomLoop(on: group.next())
        let folder = NSTemporaryDirectory() + "roost-echo-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var settings = HTTPSettings()
        settings.port = port
        settings.messageLimit = messageLimit << 20
        settings.bodyLimit = 1_000_000
        settings.unsentLimit = 4 * settings.messageLimit
        settings.connectionsPerAddress = 10_000
        (settings.ping, settings.pong) = (ping, pong)
        var parts = HTTPServer.Parts(
            identity: Identity(secret: Data((0..<32).map { _ in UInt8.random(in: 0...255) })), bots: try BotTokens(file: folder + "/tokens.json"),
            rooms: rooms,
            gifs: try GIFStore(folder: folder, on: group.next()), logger: Logger(label: "roost"), lookUp: { _ in nil }, shownIn: { _ in [] },
            clock: { Int64(Date().timeIntervalSince1970 * 1_000) })
        parts.serving = .echo
        let server = try await HTTPServer(on: group, settings: settings, parts: parts) { outbox in
            Engine(
                limits: Limits(), clock: SystemClock(), random: SystemRandomNumberGenerator(), journal: NoJournal(), outbox: outbox,
                passwords: NoPasswords())
        }
        let port = try await server.listen()
        writeLine("Roost echoes on ws://127.0.0.1:\(port)/echo")
        while !Task.isCancelled { try await Task.sleep(for: .seconds(3_600)) }
    }

    // Nobody joins a room here, so neither is ever asked.
    private final class NoJournal: Journal {
        func commit(_ batch: UInt64, _ units: [JournalUnit]) {}
        func find(_ query: UInt64, _ wanted: EventQuery) {}
    }

    private final class NoPasswords: Passwords {
        func hash(_ password: String, _ token: UInt64) {}
        func verify(_ password: String, against hash: String, _ token: UInt64) {}
    }
}
