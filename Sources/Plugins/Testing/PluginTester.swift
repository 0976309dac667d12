import JSONText
import LuaHost
import RoomEngine

/// Runs a plugin's `test.lua`: each `test(name, function(t) … end)` in a world of its own.
package struct PluginTester {
    package struct Outcome: Sendable {
        package var name: String
        /// What went wrong, with its place; nil if nothing did.
        package var failure: String?
    }

    private let files: PluginFiles
    private let seed: UInt64
    private let makeJournal: () -> any TestJournal

    /// - Parameter seed: the same seed makes the same things happen
    package init(files: PluginFiles, seed: UInt64 = 1, journal: @escaping () -> any TestJournal) {
        self.files = files
        self.seed = seed
        makeJournal = journal
    }

    /// The outcomes of all tests in their order. Throws if the file itself cannot be run.
    package func run() throws(LuaHostError) -> [Outcome] {
        let source = try files.test()
        let tests = try TestScript(source, files: files).names
        var outcomes: [Outcome] = []
        for (index, test) in tests.enumerated() {
            // A state of its own for each test: none sees what another has left.
            let script = try TestScript(source, files: files)
            let world = world(configuration: script.configuration(index))
            outcomes.append(Outcome(name: test, failure: run(index, script, world)))
        }
        return outcomes
    }

    private func world(configuration: [String: JSONValue]) -> TestWorld {
        TestWorld(journal: makeJournal(), seed: seed) { log in
            .init(folder: files.root, log: { plugin, level, line in log("\(plugin) \(level): \(line)") }, configuration: { _ in configuration })
        }
    }

    private func run(_ index: Int, _ script: TestScript, _ world: TestWorld) -> String? {
        if case .failure(let problem) = world.host.load(files) { return problem.text }
        let failure = script.run(index, in: world)
        // An error in a handler fails its test even if nobody noticed, and is what is wrong whatever else it led to.
        if let problem = world.host.plugins[files.id]?.problems.first {
            return problem.text + (failure.map { "\n  and so: \($0)" } ?? "")
        }
        return failure.map { ([$0] + world.log.map { "  log: \($0)" }).joined(separator: "\n") }
    }
}

extension PluginFiles {
    /// The text of `test.lua`, and how messages call it.
    package func test() throws(LuaHostError) -> (text: String, chunkName: String) {
        guard isFolder else { throw LuaHostError("\(id) is a single file: tests are in a folder's test.lua") }
        return try read(file: "test.lua")
    }
}
