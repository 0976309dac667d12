import Foundation
import Journal
import LuaHost
import Plugins
import RoomEngine
import Synchronization
import Transports

/// The author's loop: a file is saved, its plugin is tested and loaded, and the screen says how it went.
struct DevLoop: Sendable {
    static let room = RoomID("workshop")

    let server: RoostServer
    let screen: DevScreen
    let runsTests: Bool

    func watch(_ watch: PluginWatch) -> Task<Void, Never> {
        Task {
            var watch = watch
            while !Task.isCancelled {
                try? await Task.sleep(for: RoostServer.watchInterval)
                for change in watch.poll() {
                    switch change {
                    case .saved(let files, _):
                        screen.show("  -- saved --")
                        await load(files, isFirst: false)
                    case .removed(let id):
                        _ = await server.rooms.ask { $0.plugins?.unload(id) }
                        screen.show("  \(id)  gone: unloaded")
                    }
                }
            }
        }
    }

    /// Tests a plugin and puts it to use. With a version running, one that fails its tests is not taken.
    func load(_ files: PluginFiles, isFirst: Bool) async {
        let running = await server.rooms.ask { engine in engine.plugins?.plugins[files.id]?.generation }
        let tests = runsTests ? await test(files) : nil
        if let failure = tests?.failure, let running { return refuse(files, running, failure) }
        screen.quiet.withLock { _ = $0.insert(files.id.text) }
        defer { screen.quiet.withLock { _ = $0.remove(files.id.text) } }
        let (result, milliseconds, head) = await server.rooms.ask { engine in
            let start = ContinuousClock.now
            let result = (engine.plugins?.load(files) ?? .failure(PluginProblem(plugin: files.id, generation: 0, message: "there are no plugins here")))
                .map { (generation: $0.generation, hooks: $0.hooks.count, commands: $0.commands.count, moved: $0.movedWords) }
            let time = (ContinuousClock.now - start) / .milliseconds(1)
            return (result, time, engine.rooms[Self.room]?.recent.last?.seq)
        }
        switch result {
        case .failure(let problem): refuse(files, running, Self.body(problem.text))
        case .success(let loaded):
            var parts = ["loaded in \(max(1, Int(milliseconds.rounded()))) ms", loaded.hooks == 1 ? "1 hook" : "\(loaded.hooks) hooks"]
            if loaded.commands > 0 { parts.append(loaded.commands == 1 ? "1 command" : "\(loaded.commands) commands") }
            if let tests, tests.count > 0 { parts.append("tests \(tests.passed)/\(tests.count)") }
            if let running, let head { parts.append("in use after message \(head); g\(running) retired\(loaded.moved)") }
            screen.show("  \(files.id) g\(loaded.generation)  \(parts.joined(separator: "   "))")
            if let failure = tests?.failure { screen.show("    " + failure.replacing("\n", with: "\n    ")) }
        }
    }

    private func refuse(_ files: PluginFiles, _ running: Int?, _ why: String) {
        screen.show("  \(files.id)  REFUSED\(running.map { ", g\($0) keeps running" } ?? "")\n    " + why.replacing("\n", with: "\n    "))
    }

    /// An error without the version that it begins with.
    private static func body(_ text: String) -> String {
        guard let colon = text.firstRange(of: ": "), !text[..<colon.lowerBound].contains(where: \.isWhitespace) else { return text }
        return String(text[colon.upperBound...])
    }

    // MARK: Tests

    private struct Tests {
        var passed = 0
        var count = 0
        /// The first that failed.
        var failure: String?
    }

    private func test(_ files: PluginFiles) async -> Tests {
        guard FileManager.default.fileExists(atPath: files.path + "/test.lua") else { return Tests() }
        return await Task.detached {
            var tests = Tests()
            do throws(LuaHostError) {
                for outcome in try PluginTester(files: files, journal: { MemoryJournal() }).run() {
                    tests.count += 1
                    if let failure = outcome.failure {
                        // What cannot be loaded fails every test.
                        let place = failure.contains("\n  while loading") ? "" : "\n  while running test \"\(outcome.name)\""
                        tests.failure = tests.failure ?? Self.body(failure) + place
                    } else {
                        tests.passed += 1
                    }
                }
            } catch {
                tests.failure = error.message
            }
            return tests
        }.value
    }

    // MARK: People

    private static let names = ["Ann", "Bob", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hana"]
    private static let lines = [
        "Good morning!", "ping", "Has anyone seen my teapot?", "/help", "@Ann what do you think?", "https://example.com/tea", "THIS IS LOUD",
        "안녕하세요", "🎲🎲🎲", "darn", "Where is everybody?", "/roll 2d6", "I'll be back in a minute.", "yes", "no",
    ]

    /// Somebody who enters the room and says something every few seconds.
    func person(_ number: Int) -> Task<Void, Never> {
        let name = Self.names[number % Self.names.count] + (number < Self.names.count ? "" : " \(number)")
        let record = PersonRecord(
            id: PersonID("u_dev\(number)"), name: name, colorSeed: "dev \(number)", isAdmin: false,
            createdAt: Int64(Date().timeIntervalSince1970 * 1_000))
        server.rooms.listen([.join(.init(room: Self.room))], for: record, address: "127.0.0.1", transport: "dev", locale: "en") { { _, _ in } }
        return Task {
            while !Task.isCancelled {
                do { try await Task.sleep(for: .milliseconds(.random(in: 2_000...6_000))) } catch { return }
                let text = Self.lines.randomElement() ?? "…"
                server.rooms.tell(.chat(.init(room: Self.room, text: text)), for: record, address: "127.0.0.1", locale: "en")
            }
        }
    }
}
