import ArgumentParser
import Console
import Foundation

/// `roost console [COMMAND…]`
struct ConsoleCommandLine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console",
        abstract: "See and steer a running server.",
        discussion: "With a command, carries it out and exits with its status; without, opens a prompt.")

    @Option(help: "The server's data folder.")
    var data = ProcessInfo.processInfo.environment["ROOST_DATA"] ?? "./data"

    @Flag(help: "Answers as lines of JSON.")
    var json = false

    @Argument(parsing: .captureForPassthrough, help: "The command.")
    var command: [String] = []

    func run() async throws {
        if command.first == "--help" || command.first == "-h" { throw CleanExit.helpRequest(self) }
        let client: ConsoleClient
        do {
            client = try ConsoleClient(path: data + "/console.sock")
        } catch {
            fail("\(error)", code: 1)
        }
        let operatorName = NSUserName()
        if !command.isEmpty {
            let line = command.map { $0.contains(" ") ? "\"\($0)\"" : $0 }.joined(separator: " ")
            do {
                throw ExitCode(try client.run(line, isJSON: json, by: operatorName) { line in
                        // At once, into a pipe too: a log that is followed has no end.
                        writeLine(line)
                    })
            } catch let error as ConsoleClient.Problem {
                fail("\(error)", code: 1)
            }
        }
        let isJSON = json
        let lines = ConsoleLines(
            run: { line, write in
                do {
                    return try client.run(line, isJSON: isJSON, by: operatorName, output: write)
                } catch {
                    fail("\(error)", code: 1)
                }
            },
            write: { Terminal.show($0) })
        let terminal = Terminal(
            .init(
                run: { await lines.take($0) }, prompt: { lines.prompt },
                complete: { lines.isLua ? [] : (try? client.complete($0)) ?? [] }))
        terminal.readLines(history: NSHomeDirectory() + "/.roost_history")
    }
}
