import Testing

@testable import LuaSyntax

@Suite("Reading Lua")
struct ParserTests {
    /// The names in a source that are globals where they are read.
    private func globals(_ source: String) throws -> [String] {
        var found: [String] = []
        try Parser.parse(source).main.visit { expression, _ in
            if case .global(let name) = expression.kind { found.append(name) }
        }
        return found
    }

    @Test("a name means the innermost local that can be seen, else a global", arguments: [
        ("local a = a", ["a"]),
        ("local a = 1; local b = a", []),
        ("local function f() return f end", []),
        ("local f = function() return f end", ["f"]),
        ("do local a = 1 end return a", ["a"]),
        ("for i = 1, i do print(i) end", ["i", "print"]),
        ("for k, v in pairs(t) do print(k, v) end return k", ["pairs", "t", "print", "k"]),
        ("repeat local done = x until done", ["x"]),
        ("if a then local b = 1 elseif b then end", ["a", "b"]),
        ("local t = {} function t.f(a) return a, b end function t:g() return self end", ["b"]),
        ("return function(a, ...) return a, ... end", []),
        ("local a <const>, b <close> = x, y return a + b", ["x", "y"]),
        ("local t = { a = b, [c] = d, e; f }", ["b", "c", "d", "e", "f"]),
        ("a.b.c = d", ["a", "d"]),
        ("goto done do print'x' end ::done::", ["print"]),
    ])
    func names(source: String, expected: [String]) throws {
        #expect(try globals(source) == expected)
    }

    @Test("every form of string says what it says", arguments: [
        (#"return "a\n\65\x42\u{43}\z   d""#, "a\nABCd"),
        ("return 'it\\'s'", "it's"),
        ("return [[\nlong]]", "long"),
        ("return [==[ a]]b ]==]", " a]]b "),
    ])
    func strings(source: String, expected: String) throws {
        guard case .returned(let values)? = try Parser.parse(source).main.body.first, case .string(let said)? = values.first?.kind else {
            Issue.record("no string")
            return
        }
        #expect(said == expected)
    }

    @Test("comments and numbers of every form are passed over", arguments: [
        "#!/usr/bin/lua\nreturn 1", "--[[ x\n ]] return 0x1p-2 --", "--[==[ ]] ]==] return 3e+5, 0xA.8, .5, 1//2, 7 & ~3", "return - - -1, not not x, #t ^ 2",
        "f{...}(1)[2]:g'x'.h = 1", "return 1;", ";;;", "local x = { 1; 2, }",
    ])
    func forms(source: String) throws {
        _ = try Parser.parse(source)
    }

    @Test("what is no Lua is refused at its place", arguments: [("x = = 2", 4), ("if x then", 9), ("local 1", 6), ("return 'x", 7), ("f(", 2), ("x", 1), ("a = $", 4)])
    func refused(source: String, offset: Int) {
        #expect { try Parser.parse(source) } throws: { ($0 as? SyntaxError)?.offset == offset }
    }
}
