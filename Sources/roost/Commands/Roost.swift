import ArgumentParser
import Transports

@main
struct Roost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roost",
        abstract: "A chat-room server whose rooms are scripted in Lua.",
        version: "roost \(version)",
        subcommands: [Serve.self, ConsoleCommandLine.self, PluginCommand.self, JournalCommand.self, ConfigCommandLine.self, Dev.self, Bench.self],
        defaultSubcommand: Serve.self)
}
