import Plugins

/// Carries out what operators type.
package struct ConsoleInterpreter: Sendable {
    let server: any ConsoleServer

    package init(server: any ConsoleServer) { self.server = server }

    /// The exit status of what goes on in a line that has not come yet.
    static let incomplete: Int32 = 3

    /// Carries one line out. Returns an exit status: 0 done, 1 not done, 2 not understood, 3 not complete.
    /// - Parameters:
    ///   - by: who typed it, for the audit log
    ///   - write: gets the output, line by line
    package func run(_ line: String, by: String, isJSON: Bool = false, write: @escaping @Sendable (String) -> Void) async -> Int32 {
        let all = words(in: line)
        var options: Set<String> = []
        var words: [String] = []
        // `--` options may stand anywhere but within a text that is spoken.
        for word in all {
            if word.hasPrefix("--"), word.count > 2 { options.insert(String(word.dropFirst(2))) } else { words.append(word) }
        }
        guard let name = words.first else { return 0 }
        let output = Output(isJSON: isJSON || options.contains("json"), limit: options.contains("all") ? .max : 40, write: write)
        guard let command = await command(named: name) else {
            let hint = nearest(name, in: ConsoleCommands.all.map(\.name) + (await PluginConsole.rows(server).map(\.plugin))).map { " Did you mean '\($0)'?" } ?? ""
            output.line("There is no command '\(name)'.\(hint) 'help' lists them.")
            return 2
        }
        server.audit(by: by, what: line)
        let invocation = Invocation(
            command: command, words: Array(words.dropFirst()), rest: rest(of: line), options: options, server: server, output: output, by: by)
        do {
            try await command.run(invocation)
            return 0
        } catch let error as ConsoleError {
            switch error {
            case .usage(let text):
                output.line("\(text). Usage: \(command.fullUsage)")
                return 2
            case .failed(let text):
                output.line(text)
                return 1
            case .incomplete(let text):
                output.line(text)
                return Self.incomplete
            case .needsYes(let text):
                output.line("This will \(text). Add --yes to do it.")
                return 1
            }
        } catch is CancellationError {
            return 0
        } catch {
            output.line("\(error)")
            return 1
        }
    }

    /// The console's own command of that name, or those of a plugin.
    private func command(named name: String) async -> ConsoleCommand? {
        if let own = ConsoleCommands.named(name) { return own }
        return await PluginConsole.command(name, server)
    }

    /// Candidates for the last word of a line that is being typed.
    package func complete(_ line: String) async -> [String] {
        var words = words(in: line)
        let current = line.last.map { !$0.isWhitespace } ?? false ? words.popLast() ?? "" : ""
        let candidates: [String]
        if let name = words.first {
            candidates = await command(named: name)?.complete(Array(words.dropFirst()), server) ?? []
        } else {
            candidates = ConsoleCommands.all.map(\.name) + Set(await PluginConsole.rows(server).map(\.plugin))
        }
        return candidates.filter { $0.hasPrefix(current) }.sorted()
    }

    /// Words as a shell splits them: quotes keep spaces.
    private func words(in line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "\"" || character == "'" {
                // An apostrophe within a word is one.
                if word != nil, character == "'" { word?.append(character) } else { (quote, word) = (character, word ?? "") }
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let done = word { words.append(done) }
        return words
    }

    private func rest(of line: String) -> String {
        let start = line.drop { $0.isWhitespace }.drop { !$0.isWhitespace }
        return String(start.drop { $0.isWhitespace })
    }
}
