import ArgumentParser
import Foundation
import Logging
import Plugins
import RoomEngine
import Synchronization
import Transports
import UnixSignals

/// `roost dev [PLUGIN…]`
struct Dev: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write plugins: a server with a room, in which a plugin is in use as soon as it is saved.",
        discussion: """
            PLUGIN is a plugin's folder or file; without one, all of the plugins' folder are watched. When a file is saved, the \
            plugin's tests run and, if they pass, the new version takes over between two messages. If anything fails, the old \
            one goes on, and the error stands here. Nothing is kept after the end.
            """)

    @Option(help: "Port to listen on; 0 picks a free one.")
    var port = 8005

    @Option(help: "The folder of plugins.")
    var plugins = "./Plugins"

    @Option(help: "People in the room who say something every few seconds.")
    var people = 0

    @Flag(help: "Takes new versions without running their tests.")
    var skipTests = false

    @Argument(help: "A plugin's folder or file.")
    var paths: [String] = []

    func run() async throws {
        let given = try paths.map { path in
            guard let files = PluginFiles(path: path) else { throw ValidationError("there is no plugin at \(path)") }
            return files
        }
        let data = NSTemporaryDirectory() + "roost-dev-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: data) }
        let screen = DevScreen()
        let server: RoostServer
        do {
            server = try await start(data, screen)
        } catch {
            fail("\(error)", code: 1)
        }
        let loop = DevLoop(server: server, screen: screen, runsTests: !skipTests)
        for files in try given.isEmpty ? PluginFiles.all(in: plugins) : given { await loop.load(files, isFirst: true) }
        let people = (0..<people).map { loop.person($0) }
        let port = try await server.http.listen()
        screen.show("\n  http://127.0.0.1:\(port)/room/\(DevLoop.room)   the room to try it in\n  roost console --data \(data)   the console\n  Ctrl-C ends it.\n")
        let watching = loop.watch(given.isEmpty ? PluginWatch(folder: plugins) : PluginWatch(plugins: given))
        for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { break }
        for task in people + [watching] { task.cancel() }
        await server.stop(reason: "The server stops.")
    }

    private func start(_ data: String, _ screen: DevScreen) async throws -> RoostServer {
        // Plugins are loaded one after the other by the loop, which says how that went.
        let names = (try? PluginFiles.all(in: plugins).map(\.id.text)) ?? []
        let watched = paths.isEmpty ? names : paths.compactMap { PluginFiles(path: $0)?.id.text }
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let folder = FileManager.default.fileExists(atPath: plugins) ? plugins : data
        let configuration = try Configuration(flags: [
            "--data", data, "--plugins", folder, "--port", "\(port)", "--disabled-plugins", watched.joined(separator: ","),
        ])
        let logger = Logger(label: "roost") { _ in DevLogHandler(screen: screen) }
        let others = names.filter { !watched.contains($0) }
        screen.quiet.withLock { $0 = Set(others) }
        let server = try await RoostServer(configuration, logger: logger, grantsEverything: true)
        screen.quiet.withLock { $0 = [] }
        if !others.isEmpty { screen.show("  with \(others.joined(separator: ", "))") }
        try await server.rooms.await { engine, answer in
            engine.create(NewRoom(title: "Workshop", max: 100, password: nil, topic: "", permanent: true), id: DevLoop.room, owner: nil) { result in
                answer(result.map { _ in })
            }
        }.get()
        return server
    }
}

/// What the author sees. Safe from every thread.
final class DevScreen: Sendable {
    /// Plugins of which nothing is shown at the moment, because somebody else says it.
    let quiet = Mutex<Set<String>>([])

    func show(_ text: String) { writeLine(text) }
}

/// Shows what plugins log, and the server's own warnings.
struct DevLogHandler: LogHandler {
    let screen: DevScreen
    var logLevel = Logger.Level.debug
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard let plugin = event.metadata?["plugin"].map({ "\($0)" }) else {
            if event.level >= .warning { screen.show("  \(event.level): \(event.message)") }
            return
        }
        if screen.quiet.withLock({ $0.contains(plugin) }) { return }
        screen.show("  \(plugin) \(event.level): " + "\(event.message)".replacing("\n", with: "\n    "))
    }
}
