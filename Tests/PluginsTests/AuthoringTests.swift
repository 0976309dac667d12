import Foundation
import Journal
import RoomEngine
import Testing

@testable import Plugins

@Suite("Tools for authors")
struct AuthoringTests {
    @Test("a new plugin passes its own tests and the check", arguments: NewPlugin.Template.allCases) func template(_ template: NewPlugin.Template) throws {
        let folder = try PluginFolder()
        let written = try NewPlugin(template: template.rawValue, name: "fresh", folder: folder.path).write()
        #expect(written.contains(folder.path + "/fresh/.luarc.json"))
        #expect(written.contains("\(folder.path)/fresh/\(NewPlugin.typesFile)"))
        let files = try folder.files("fresh")
        let outcomes = try PluginTester(files: files, journal: { MemoryJournal() }).run()
        #expect(!outcomes.isEmpty)
        for outcome in outcomes { #expect(outcome.failure == nil, "\(outcome.name): \(outcome.failure ?? "")") }
        let findings = try PluginCheck(files: files, journal: { MemoryJournal() }).run()
        #expect(findings.isEmpty, "\(findings.map(\.text))")
    }

    @Test("types that stand beside all plugins are not written again") func sharedTypes() throws {
        let folder = try PluginFolder()
        try folder.write(NewPlugin.typesFile, "")
        let written = try NewPlugin(template: "empty", name: "fresh", folder: folder.path).write()
        #expect(!written.contains { $0.hasSuffix(NewPlugin.typesFile) })
        #expect(try String(contentsOfFile: folder.path + "/fresh/.luarc.json", encoding: .utf8).contains("\"../.types\""))
    }

    @Test("nothing is overwritten, and names are checked", arguments: [
        ("empty", "taken", "is there already"), ("empty", "single", "is there already"), ("empty", "Big", "is no name"), ("empty", "../up", "is no name"),
        ("empty", "", "is no name"), ("comand", "fine", "did you mean 'command'?"), ("xyz", "fine", "there are: empty, moderation, command, bot"),
    ])
    func refusals(template: String, name: String, expected: String) throws {
        let folder = try PluginFolder()
        try folder.write("taken/init.lua", "")
        try folder.write("single.lua", "")
        #expect { try NewPlugin(template: template, name: name, folder: folder.path) } throws: { "\($0)".contains(expected) }
    }

    @Test("a saved plugin is reported once, when it has been the same for two looks") func watch() throws {
        let folder = try PluginFolder()
        try folder.write("a/init.lua", "")
        try folder.write("b.lua", "")
        var watch = PluginWatch(folder: folder.path)
        #expect(watch.poll().isEmpty)

        try folder.write("a/init.lua", "-- changed")
        try folder.write("a/locales/en.json", "{}")
        #expect(watch.poll().isEmpty)
        #expect(watch.poll() == [.saved(try folder.files("a"), files: ["init.lua", "locales/en.json"])])
        #expect(watch.poll().isEmpty)

        try folder.write("c.lua", "")
        try folder.write("a/notes.txt", "nobody's business")
        _ = watch.poll()
        #expect(watch.poll() == [.saved(try folder.files("c"), files: [""])])

        try FileManager.default.removeItem(atPath: folder.path + "/b.lua")
        _ = watch.poll()
        #expect(watch.poll() == [.removed("b")])
        #expect(watch.poll().isEmpty)
    }

    @Test("a file that is still being written is waited for") func unfinished() throws {
        let folder = try PluginFolder()
        try folder.write("a.lua", "")
        var watch = PluginWatch(folder: folder.path)
        for length in 1...5 {
            try folder.write("a.lua", String(repeating: "-", count: length))
            #expect(watch.poll().isEmpty)
        }
        #expect(watch.poll().count == 1)
    }
}
