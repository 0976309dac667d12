import ArgumentParser
import Foundation
import Journal
import Plugins

extension PluginCommand {
    /// `roost plugin new TEMPLATE NAME`
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the first files of a plugin, with a test and settings for editors.",
            discussion: "Templates: \(NewPlugin.Template.allCases.map(\.rawValue).joined(separator: ", ")).")

        @Argument(help: "What to begin with.")
        var template: String

        @Argument(help: "The plugin's name: small letters, digits, '-' and '_'.")
        var name: String

        @Option(name: .customLong("in"), help: "The folder of plugins.")
        var folder = "./Plugins"

        func run() throws {
            do {
                for file in try NewPlugin(template: template, name: name, folder: folder).write() { print(file) }
                print("\nTry it:  roost dev \(folder)/\(name)")
            } catch let problem as NewPlugin.Problem {
                fail(problem.description, code: 1)
            }
        }
    }

    /// `roost plugin types [FILE]`
    struct Types: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write the API's types for the Lua language server.")

        @Argument(help: "The file; standard output if none is given.")
        var file: String?

        func run() throws { try write(TypesFile.text, to: file) }
    }

    /// `roost plugin docs [FILE]`
    struct Docs: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write the API's reference in Markdown.")

        @Argument(help: "The file; standard output if none is given.")
        var file: String?

        func run() throws { try write(ReferencePage.text, to: file) }
    }

    /// `roost plugin check [PATH…]`
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find mistakes without running the plugins in a server.",
            discussion: """
                Syntax, undefined globals, unknown events, fields, options and API functions, verdicts that do not fit, missing and \
                unused permissions and hooks, translations that are missing in a language, mistakes in the manifest, and whatever \
                goes wrong when the plugin is loaded. The exit status is 1 if there are errors; warnings alone leave it at 0.

                \(PluginCheck.limits)
                """)

        @Flag(help: "Warnings count as errors.")
        var strict = false

        @Argument(help: "A plugin's folder or file, or a folder of plugins.")
        var paths: [String] = ["./Plugins"]

        func run() throws {
            let plugins = try paths.flatMap(plugins(at:))
            var errors = 0, warnings = 0
            for files in plugins {
                for finding in try PluginCheck(files: files, journal: { MemoryJournal() }).run() {
                    print(finding.text)
                    if finding.isWarning, !strict { warnings += 1 } else { errors += 1 }
                }
            }
            print("\(plugins.count) plugins: \(errors) errors, \(warnings) warnings")
            if errors > 0 { throw ExitCode(1) }
        }
    }
}

/// The plugins at a path: one, or a folder of them.
func plugins(at path: String) throws -> [PluginFiles] {
    if let files = PluginFiles(path: path) { return [files] }
    guard FileManager.default.fileExists(atPath: path) else { throw ValidationError("there is nothing at \(path)") }
    return try PluginFiles.all(in: path)
}

/// Writes a file, or on standard output if there is no name for one.
private func write(_ text: String, to file: String?) throws {
    guard let file else { return print(text, terminator: "") }
    let url = URL(fileURLWithPath: file)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
}
