import Foundation
import Testing

@testable import LuaHost

@Suite("Hostile plugins")
struct HostileTests {
    /// Snippets that try to run for ever, to take all memory or to break out, one after the other in a file.
    static let snippets: [String] = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Fixtures/lua/hostile.txt")
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\n----\n")
    }()

    @Test("the corpus has at least a hundred snippets") func count() { #expect(Self.snippets.count >= 100) }

    @Test("each of them comes to an end, within its memory, and leaves a state that works", arguments: snippets)
    func ends(snippet: String) throws {
        let sandbox = Sandbox(memory: 16 << 20)
        // That this returns at all is what is tested: most snippets would go on for ever.
        let outcome = sandbox.run(snippet, budget: .milliseconds(20))
        if case .waiting = outcome { Issue.record("it waits") }
        // A state that was given up is of no use any more, and may be only for what the collector has to do.
        if case .failed(let failure) = outcome, failure.kind == .lost {
            #expect(snippet.contains("__mode"))
            return
        }
        #expect(sandbox.state.memory.peak <= (16 << 20) + (64 << 10))
        // What it has made of its own globals is its own affair: the state is asked without them.
        guard case .returned(let values) = sandbox.run("local a = 20 return a + 1", budget: .seconds(5)) else {
            Issue.record("the state does not work any more")
            return
        }
        #expect(values == [.int(21)])
    }

    @Test("nothing leads out of the sandbox", arguments: [
        "io", "package", "dofile", "loadfile", "debug.getregistry", "debug.sethook", "debug.getinfo", "debug.setmetatable", "string.dump",
        "os.execute", "os.exit", "os.remove", "os.getenv", "os.tmpname", "math.randomseed", "warn",
    ])
    func absent(name: String) throws {
        let parts = name.split(separator: ".").map(String.init)
        let expression = parts.count == 1 ? parts[0] : "\(parts[0]) and \(parts[0]).\(parts[1])"
        #expect(try Sandbox().value("return (\(expression)) == nil") == [.bool(true)])
    }

    @Test("bytecode is refused") func bytecode() throws {
        #expect(try Sandbox().value(#"local f, why = load("\27Lua") return f, why ~= nil"#) == [.nil, .bool(true)])
        guard case .failed = Sandbox().run("\u{1B}LuaT") else {
            Issue.record("bytecode was run")
            return
        }
    }
}
