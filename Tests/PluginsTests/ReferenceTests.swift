import Foundation
import Testing

@testable import LuaHost
@testable import Plugins

@Suite("The reference and the editor's types")
struct ReferenceTests {
    private func committed(_ path: String) throws -> String {
        try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("the reference page is up to date: else write it again with 'roost plugin docs docs/plugin-reference.md'") func page() throws {
        #expect(try committed("docs/plugin-reference.md") == ReferencePage.text)
    }

    @Test("the types are up to date: else write them again with 'roost plugin types Plugins/.types/roost.lua'") func types() throws {
        #expect(try committed("Plugins/\(NewPlugin.typesFile)") == TypesFile.text)
    }

    @Test("the types are Lua") func typesCompile() throws {
        #expect(try SandboxFacts.problem(compiling: TypesFile.text)?.message == nil)
    }

    @Test("every function is in both", arguments: APITable.functions.filter { !$0.shortName.hasPrefix("__") }.map(\.path)) func everyFunction(path: String) {
        let method = path.split(separator: ":")
        // A table that is also a function is a class that can be called.
        let isTable = APITable.places.contains(path + ".__call")
        #expect(TypesFile.text.contains(isTable ? "---@class \(path)\n---@overload fun(" : "function \(method.count == 2 ? "_" + path : path)("))
        #expect(ReferencePage.text.contains("`\(path)("))
    }

    @Test("every event and each of its fields is described, and nothing else is", arguments: EventTable.rows.indices) func everyField(row: Int) throws {
        let row = EventTable.rows[row]
        #expect(!row.description.summary.isEmpty)
        for field in row.allFields { #expect(!row.description(of: field).summary.isEmpty, "\(row.typeName).\(field)") }
        #expect(Set(row.description.fields.keys).isSubset(of: row.allFields))
    }

    @Test("there is a description for each event and for nothing else") func everyEvent() {
        #expect(Set(EventDescription.all.keys) == Set(EventTable.rows.map(\.typeName)))
        #expect(Set(EventDescription.common.keys) == Set(EventRow.commonFields))
    }

    @Test("every option is one of a function that there is, and takes a table") func everyOption() throws {
        for path in APITable.options.keys {
            let function = try #require(APITable.functions.first { $0.path == path }, "\(path)")
            #expect(function.arguments.contains { $0.type.contains("table") }, "\(path)")
        }
    }

    @Test("what tests can do is described, all of it and nothing else") func everyTestFunction() {
        #expect(Set(TestSignature.all.map(\.path)) == Set(TestFunctions.all.map(\.path)))
    }
}
