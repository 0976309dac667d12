import Plugins
import RoomEngine

/// What went wrong in plugins.
extension PluginVerb {
    static let errors = PluginVerb("errors", "[ID | ERROR]", "The last errors; one with everything, by its name.") { call in
        let word = call.words.count > 1 ? call.words[1] : nil
        if let word, let problem = try await call.host({ $0.problem(word) }) { return call.output.line(problem.text) }
        if let word { try await checkLoaded(word, call) }
        let (problems, now) = try await call.host { ($0.problems(of: word), $0.engine.clock.now.wall) }
        if problems.isEmpty { return call.output.line("No errors.") }
        call.output.table(
            ["Error", "When", "Plugin", "Place", "What", "About"],
            problems.reversed().map { problem in
                [
                    problem.id ?? "-", ago(problem.at, now), "\(problem.plugin)@g\(problem.generation)",
                    problem.file.flatMap { file in problem.line.map { "\(file):\($0)" } } ?? "-", String(problem.message.prefix { $0 != "\n" }.prefix(100)),
                    problem.cause.map { String("\($0)".prefix(60)) } ?? "-",
                ]
            })
        call.output.line("'plugin errors ERROR' shows one with its traceback, 'plugin test-from ERROR' writes a test of it.")
    }

    static let testFrom = PluginVerb(
        "test-from", "ERROR", "Writes a test that does again what has failed, and runs it.",
        complete: { words, server in
            words.count == 1 ? await server.ask { ($0.hooks as? PluginHost)?.problems().compactMap(\.id) ?? [] } : []
        }
    ) { call in
        let id = try call.word(1, "an error; 'plugin errors' lists them")
        let (problem, files): (PluginProblem, PluginFiles?) = try await call.host { host in
            guard let problem = host.problem(id) else { throw PluginFailure(text: "There is no error '\(id)': 'plugin errors' lists them.") }
            return (problem, PluginFiles.named(problem.plugin.text, in: host.surroundings.folder))
        }
        let test: ProblemTest
        do throws(ProblemTest.Impossible) {
            test = try ProblemTest(problem)
        } catch {
            throw ConsoleError.failed(error.description)
        }
        guard let files, files.isFolder else {
            call.output.line("\(problem.plugin) is a single file: put this into a folder's test.lua.")
            return call.output.line(test.text)
        }
        try test.append(to: files)
        let name = test.name
        switch await call.server.test(files) {
        case .success(let outcomes):
            let failure = outcomes.last { $0.name == name }?.failure
            call.output.line(
                failure == nil
                    ? "\(files.path)/test.lua has the test \"\(name)\", but it passes: what led to the error is not all in the event. Add to it what was before."
                    : "\(files.path)/test.lua has the test \"\(name)\", which fails as the plugin did.")
        case .failure(let error): throw ConsoleError.failed("The test is written, but \(files.path)/test.lua cannot be run: \(error.message)")
        }
    }

    private static func checkLoaded(_ word: String, _ call: Invocation) async throws {
        let known = await Complete.plugins(call.server)
        guard !known.contains(word) else { return }
        let hint = nearest(word, in: known).map { " Did you mean '\($0)'?" } ?? ""
        throw ConsoleError.failed("'\(word)' is neither a plugin nor an error that is still known.\(hint)")
    }
}
