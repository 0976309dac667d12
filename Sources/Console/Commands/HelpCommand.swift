extension ConsoleCommands {
    static let help = ConsoleCommand(
        "help", "[COMMAND]", "What there is, or everything about one command.", examples: ["help ban"],
        complete: { words, _ in words.isEmpty ? all.map(\.name) : [] }
    ) { call in
        guard let name = call.words.first else {
            let own = all.map { [$0.name, $0.summary] }
            let ofPlugins = await PluginConsole.rows(call.server).map { ["\($0.plugin) \($0.name)", $0.help] }
            return call.output.table(["Command", "Does"], own + ofPlugins, isWhole: true)
        }
        let ofPlugin = named(name) == nil ? await PluginConsole.command(name, call.server) : nil
        guard let command = named(name) ?? ofPlugin else { throw ConsoleError.failed("There is no command '\(name)'.") }
        call.output.line(command.fullUsage)
        call.output.line("  \(command.summary)")
        for example in command.examples { call.output.line("  > \(example)") }
    }
}
