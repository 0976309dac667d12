import ArgumentParser
import Foundation
import Journal
import LuaHost
import Plugins

/// `roost plugin …`
struct PluginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "Tools for plugin authors.",
        subcommands: [New.self, Check.self, Test.self, Types.self, Docs.self])

    /// `roost plugin test [PATH…]`
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run plugins' tests: the real room engine, without sockets, in virtual time.",
            discussion: "PATH is a plugin's folder, or a folder of plugins; ./Plugins if none is given.")

        @Option(help: "The seed of the random numbers: a failure with one seed is the same every time.")
        var seed: UInt64 = 1

        @Argument(help: "A plugin's folder, or a folder of plugins.")
        var paths: [String] = ["./Plugins"]

        func run() async throws {
            var passed = 0, failed = 0
            for files in try paths.flatMap(plugins(at:)) where FileManager.default.fileExists(atPath: files.path + "/test.lua") {
                do {
                    for outcome in try PluginTester(files: files, seed: seed, journal: { MemoryJournal() }).run() {
                        if let failure = outcome.failure {
                            failed += 1
                            print("✘ \(files.id): \(outcome.name)\n    \(failure.replacing("\n", with: "\n    "))")
                        } else {
                            passed += 1
                            print("✔ \(files.id): \(outcome.name)")
                        }
                    }
                } catch {
                    failed += 1
                    print("✘ \(files.id): \(error.message)")
                }
            }
            print("\(passed) passed, \(failed) failed")
            if failed > 0 { throw ExitCode(1) }
            if passed == 0 { fail("there are no tests in \(paths.joined(separator: ", "))", code: 1) }
        }
    }
}

extension MemoryJournal: TestJournal {}
