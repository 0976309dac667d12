import ArgumentParser
import Console
import Foundation
import Logging
import Synchronization
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
        // Whoever reads the log may go away without taking the server along.
        signal(SIGPIPE, SIG_IGN)
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
        // Whoever reads the next line may send a signal at once.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        // The one line on standard output: programs that start the server wait for it.
        writeLine("Roost is listening on \(configuration.text("tls-cert").isEmpty ? "http" : "https")://\(configuration.text("host")):\(port)")
        let watching = configuration.text("watch") == "true" ? server.watchPlugins() : nil
        let terminal = readConsole(server)
        await waitForTheEnd(server, signals, terminal, logger)
        watching?.cancel()
        Terminal.stop()
    }

    /// Commands on standard input: with line editing if that is a terminal.
    private func readConsole(_ server: RoostServer) -> Terminal? {
        let interpreter = ConsoleInterpreter(server: server)
        guard isatty(STDIN_FILENO) == 1 else {
            let lines = ConsoleLines(
                run: { await interpreter.run($0, by: "console", write: $1) },
                write: { writeLine($0) })
            Thread.detachNewThread {
                while let line = readLine() {
                    let done = DispatchSemaphore(value: 0)
                    Task {
                        await lines.take(line)
                        done.signal()
                    }
                    done.wait()
                }
            }
            return nil
        }
        let lines = ConsoleLines(run: { await interpreter.run($0, by: "console", write: $1) }, write: { Terminal.show($0) })
        let terminal = Terminal(
            .init(
                run: { await lines.take($0) }, prompt: { lines.prompt },
                complete: { lines.isLua ? [] : await interpreter.complete($0) }))
        LineLogHandler.output.withLock { $0 = { Terminal.show($0) } }
        let history = server.folder.path + "/console_history"
        Thread.detachNewThread { terminal.readLines(history: history) }
        return terminal
    }

    /// Waits for a signal or for the console's word, and then ends the server.
    private func waitForTheEnd(_ server: RoostServer, _ signals: UnixSignalsSequence, _ terminal: Terminal?, _ logger: Logger) async {
        Task {
            for await signal in signals {
                // Ctrl-C ends a command that goes on and on, and the server only if there is none.
                if signal == .sigint, terminal?.interrupt() == true { continue }
                logger.info("\(signal): stopping")
                server.shutDown(after: 0, reason: "The server restarts.")
            }
        }
        var end: Task<Void, Never>?
        for await (seconds, reason) in server.ending.stream {
            end?.cancel()
            end = Task {
                do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
                await server.stop(reason: reason)
                server.ending.continuation.finish()
            }
        }
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
    writeLine("roost: \(message)", to: .standardError)
    exit(code)
}
