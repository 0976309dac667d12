import Foundation
import Testing

@testable import LuaSyntax

@Suite("Reading damaged Lua")
struct FuzzTests {
    /// How often it is tried: ROOST_FUZZ.
    private let count = ProcessInfo.processInfo.environment["ROOST_FUZZ"].flatMap(Int.init) ?? 10_000

    private let seeds = [
        "roost.on(\"chat\", function(e) if e.text == 'ping' then e:reply(\"pong\") end end)",
        "local t <const> = { a = 1, [2] = 'b', 3; f = function(...) return ..., #t end }",
        "for i = 1, 10 do goto done end ::done:: while true do break end repeat local x = 0x1p4 until x",
        "local s = [==[ long ]] ]==] .. \"\\x41\\u{1F600}\\z\n  x\" --[[ comment ]] -- another",
        "for k, v in pairs(t) do t[k].f:g { v }  (a or b)(c) end return -2 ^ 3 // 4 ~= 5 << 6 & ~7",
    ]
    private let pieces = [
        "local ", "function ", "end ", "if ", "then ", "else ", "return ", "for ", "in ", "do ", "while ", "repeat ", "until ", "goto ", "::a::", "break ", "nil ", "(", ")", "{", "}", "[", "]", "[[",
        "]]", "[=[", "=", "==", "~=", "..", "...", ".", ":", ";", ",", "#", "-", "--", "--[[", "'", "\"", "\\", "\\u{", "\\x", "0x", "1e", "3", "a", "a.b", "<const>", "\n", "\r\n", "é", "\0",
    ]

    private func input(using random: inout SeededRandom) -> String {
        guard Bool.random(using: &random), let seed = seeds.randomElement(using: &random) else {
            return (0..<Int.random(in: 0...16, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        }
        var bytes = Array(seed.utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            guard let at = bytes.indices.randomElement(using: &random) else { break }
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...127, using: &random)
            case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...6, using: &random)))
            default: bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: at)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("any text is a program, or it is said where it is none")
    func texts() throws {
        var random = SeededRandom(state: 1)
        var read = 0
        for _ in 0..<count {
            let text = input(using: &random)
            do throws(SyntaxError) {
                let chunk = try Parser.parse(text)
                read += 1
                chunk.main.visit { expression, _ in
                    if !(0...text.utf8.count).contains(expression.offset) { Issue.record("an expression is outside of \(text.debugDescription)") }
                }
            } catch {
                if !(0...text.utf8.count).contains(error.offset) { Issue.record("the mistake is outside of \(text.debugDescription)") }
            }
        }
        #expect(read > count / 20, "too few of the texts were programs for the test to mean anything")
    }

    @Test("what nests deeper than Lua allows is refused", arguments: ["(", "{", "(- ", "f(function() ", "if a then ", "a[", "f{", "a.b:c(", "do ", "repeat ", "(a.."])
    func depth(_ opening: String) {
        #expect(throws: SyntaxError.self) { try Parser.parse("return " + String(repeating: opening, count: 100_000)) }
        #expect(throws: SyntaxError.self) { try Parser.parse(String(repeating: opening, count: 100_000)) }
    }

    @Test("what goes on and on is read or refused, and takes no stack", arguments: [
        "()", "{}", "''", ".a", "[1]", ":a()", " + a", " .. a", ", a",
    ])
    func length(_ more: String) throws {
        #expect(throws: SyntaxError.self) { try Parser.parse("function a" + String(repeating: ".a", count: 100_000) + "() end") }
        let text = "return a" + String(repeating: more, count: 100_000)
        do throws(SyntaxError) {
            var visited = 0
            try Parser.parse(text).main.visit { _, _ in visited += 1 }
            #expect(visited >= 100_000)
        } catch {
            #expect(error.message == "too many levels")
        }
    }
}

/// The same numbers every time (SplitMix64).
private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
