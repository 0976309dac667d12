import ArgumentParser
import Foundation
import Logging
import Transports
import UnixSignals

/// `roost serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        discussion: "Settings, as --NAME VALUE, as ROOST_NAME in the environment, or as name = value in the file of --config:\n\n"
            + SettingsTable.rows.map { "  --\($0.name) (\($0.standard.isEmpty ? "none" : $0.standard))\n      \($0.help)" }.joined(separator: "\n"))

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        if settings.contains("--help") || settings.contains("-h") { throw CleanExit.helpRequest(self) }
        let configuration: Configuration
        do {
            configuration = try Configuration(flags: settings)
        } catch {
            fail("\(error)", code: 2)
        }
        let logger = makeLogger(configuration)
        let server: RoostServer
        let port: Int
        do {
            server = try await RoostServer(configuration, logger: logger)
            port = try await server.http.listen()
        } catch {
            fail(describe(error, configuration), code: 1)
        }
        // The one line on standard output: programs that start the server wait for it.
        FileHandle.standardOutput.write(Data("Roost is listening on http://\(configuration.text("host")):\(port)\n".utf8))
        for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
            logger.info("\(signal): stopping")
            break
        }
        await server.stop(reason: "The server restarts.")
    }

    private func makeLogger(_ configuration: Configuration) -> Logger {
        let format = LineLogHandler.Format(rawValue: configuration.text("log-format"))!
        let level = Logger.Level(rawValue: configuration.text("log-level"))!
        return Logger(label: "roost") { LineLogHandler(label: $0, format: format, logLevel: level) }
    }

    private func describe(_ error: any Error, _ configuration: Configuration) -> String {
        let text = "\(error)"
        if text.contains("EADDRINUSE") || text.contains("errno: 98") {
            return "port \(configuration.text("port")) is in use: choose another with --port"
        }
        return text
    }
}

/// Ends the program with one clear line.
func fail(_ message: String, code: Int32) -> Never {
    FileHandle.standardError.write(Data("roost: \(message)\n".utf8))
    exit(code)
}
