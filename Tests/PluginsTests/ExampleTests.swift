import Foundation
import Journal
import RoomEngine
import Testing

@testable import Plugins

/// The examples of the documentation. A block marked `lua` is a plugin of one file. A block with a file's name after the
/// language (`lua init.lua`, `json plugin.json`) belongs to a folder, until a file comes that is there already, or JSON after code.
@Suite("Examples of the documentation")
struct ExampleTests {
    struct Example: CustomTestStringConvertible, Sendable {
        var document: String
        var line: Int
        /// Texts by file name; a plugin of one file has an empty name.
        var files: [String: String]
        var testDescription: String { "\(document):\(line)" }
    }

    static let all: [Example] = {
        let docs = (try? FileManager.default.contentsOfDirectory(atPath: repository.path + "/docs"))?.filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
        return (["README.md"] + (docs ?? []).sorted()).flatMap(examples)
    }()

    static func examples(in document: String) -> [Example] {
        guard let text = try? String(contentsOf: repository.appendingPathComponent(document), encoding: .utf8) else { return [] }
        var found: [Example] = []
        var folder: Example?
        var block: (language: String, line: Int, lines: [String])?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.hasPrefix("```") else {
                block?.lines.append(String(line))
                continue
            }
            guard let ended = block else {
                block = (String(line.dropFirst(3)), number + 1, [])
                continue
            }
            block = nil
            let words = ended.language.split(separator: " ").map(String.init)
            let content = ended.lines.joined(separator: "\n") + "\n"
            if words == ["lua"] {
                found.append(Example(document: document, line: ended.line, files: ["": content]))
            } else if words.count == 2, words[0] == "lua" || words[0] == "json" {
                // A file that is there already, or a manifest or a language after code, is another plugin's.
                if let whole = folder, whole.files[words[1]] != nil || words[0] == "json" && whole.files["init.lua"] != nil {
                    found.append(whole)
                    folder = nil
                }
                folder = folder ?? Example(document: document, line: ended.line, files: [:])
                folder?.files[words[1]] = content
            }
        }
        return found + (folder.map { [$0] } ?? [])
    }

    /// Writes an example down and returns its plugin.
    private func write(_ example: Example, _ folder: PluginFolder) throws -> PluginFiles {
        let id = example.files["plugin.json"].flatMap { try? /"id": "([a-z]+)"/.firstMatch(in: $0).map { String($0.output.1) } } ?? "example"
        for (name, text) in example.files { try folder.write(name.isEmpty ? "\(id).lua" : "\(id)/\(name)", text) }
        return try folder.files(id)
    }

    @Test("there are examples in the README and in the guide") func found() {
        #expect(Self.all.contains { $0.document == "README.md" })
        #expect(Self.all.filter { $0.document == "docs/plugins.md" }.count > 8)
    }

    @Test("every example loads, and runs without an error while people talk", arguments: all) func runs(example: Example) throws {
        let folder = try PluginFolder()
        let files = try write(example, folder)
        let world = folder.world()
        switch world.host.load(files) {
        case .failure(let problem): Issue.record("\(problem.text)")
        case .success(let plugin):
            let (ann, _) = try world.couple()
            for text in ["hello", "ping", "!remember tea", "!recall", "HELLO EVERYBODY OUT THERE", "/remind 1m tea", "/uptime", "/shout tea"] {
                world.say(text, ann)
                world.advance(milliseconds: 61_000)
            }
            world.advance(milliseconds: 4_000_000)
            #expect(plugin.problems.isEmpty, "\(plugin.problems.map(\.text))")
        }
    }

    @Test("every example passes the check without an error", arguments: all) func checks(example: Example) throws {
        let folder = try PluginFolder()
        let findings = try PluginCheck(files: write(example, folder), journal: { MemoryJournal() }).run()
        #expect(findings.isEmpty, "\(findings.map(\.text).joined(separator: "\n"))")
    }

    @Test("every example's tests pass", arguments: all.filter { $0.files["test.lua"] != nil }) func tests(example: Example) throws {
        let folder = try PluginFolder()
        let outcomes = try PluginTester(files: write(example, folder), journal: { MemoryJournal() }).run()
        #expect(!outcomes.isEmpty)
        for outcome in outcomes { #expect(outcome.failure == nil, "\(outcome.name): \(outcome.failure ?? "")") }
    }
}
