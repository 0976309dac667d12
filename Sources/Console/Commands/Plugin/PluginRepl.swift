import Plugins
import RoomEngine

extension PluginVerb {
    static let repl = PluginVerb("repl", "ID [--shadow] [CODE]", "Runs Lua in its state, under its limits; with --shadow in a copy that is dropped. Without CODE, a line at a time.") { call in
        let id = try call.plugin()
        let copied = call.options.contains("shadow")
        let code = call.rest(after: 2)
        guard !code.isEmpty else { throw ConsoleError.usage("the code is missing: only a prompt takes it a line at a time") }
        let result: Result<String, PluginProblem> = await call.server.await { engine, answer in
            guard let host = engine.hooks as? PluginHost else {
                return answer(.failure(PluginProblem(plugin: id, message: "this server has no plugins")))
            }
            host.evaluate(code, in: id, copied: copied, then: answer)
        }
        switch result {
        case .success(let text): call.output.line(text.isEmpty ? "(nothing)" : text)
        case .failure(let problem) where problem.isUnfinishedCode: throw ConsoleError.incomplete(problem.text)
        case .failure(let problem): throw ConsoleError.failed(problem.text)
        }
    }
}

extension PluginProblem {
    /// The compiler has come to the end and expected more.
    fileprivate var isUnfinishedCode: Bool { message.hasSuffix("near <eof>") }
}

extension Invocation {
    /// What was typed after so many words, as it was typed: code has spaces and quotes of its own.
    fileprivate func rest(after count: Int) -> String {
        var rest = rest[...]
        var left = count
        while left > 0 {
            rest = rest.drop { $0.isWhitespace }
            let word = rest.prefix { !$0.isWhitespace }
            if !word.hasPrefix("--") { left -= 1 }
            rest = rest[word.endIndex...]
        }
        rest = rest.drop { $0.isWhitespace }
        while rest.hasPrefix("--shadow") { rest = rest.dropFirst(8).drop { $0.isWhitespace } }
        return String(rest)
    }
}
