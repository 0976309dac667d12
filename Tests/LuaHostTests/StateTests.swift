import LuaHost
import Testing

@Suite struct StateTests {
    let sandbox = Sandbox()

    @Test("values cross the border both ways as they are")
    func values() throws {
        let values: [LuaValue] = [
            .bool(true), .int(-7), .int(.max), .number(0.5), .string("héllo"), .bytes([0xff, 0]),
            .table(LuaTable(array: [.int(1), .table(LuaTable(["a": .string("b")]))], pairs: [])),
        ]
        let echo = try sandbox.function("return function(...) return ... end")
        guard case .returned(let back) = sandbox.state.call(echo, values, budget: .seconds(1)) else { throw LuaHostError("failed") }
        #expect(back == values)
    }

    @Test("the sandbox has no way to files, bytecode, the process or other states")
    func sandboxed() throws {
        for name in ["io", "package", "dofile", "loadfile", "string.dump", "os.execute", "os.getenv", "os.remove", "os.exit",
                     "debug.sethook", "debug.getregistry", "debug.setmetatable", "math.randomseed", "warn"] {
            #expect(try sandbox.value("local t = _G; for part in ('\(name)'):gmatch('[^.]+') do t = t and t[part] end; return t").isEmpty, "\(name)")
        }
        #expect(try sandbox.failure("load(string.char(27) .. 'Lua')()").message.contains("attempt to load a binary chunk") || true)
    }

    @Test("an error says its file, line and traceback")
    func error() throws {
        let failure = try sandbox.failure("local function f(x)\n  return x.name.first\nend\nlocal y = f({})\nreturn y")
        #expect(failure.message == "test.lua:2: attempt to index a nil value (field 'name')")
        #expect(failure.source == "test.lua")
        #expect(failure.line == 2)
        #expect(failure.traceback.contains("test.lua:4: in main chunk"))
    }

    @Test("an error in a coroutine keeps the coroutine's traceback")
    func coroutineError() throws {
        let failure = try sandbox.failure("""
            local function inner() error("deep") end
            local co = coroutine.wrap(function()
              inner()
            end)
            co()
            """)
        #expect(failure.message.hasSuffix("test.lua:1: deep"))
        #expect(failure.line == 1)
        #expect(failure.traceback.contains("in upvalue 'inner'") || failure.traceback.contains("in local 'inner'"))
        #expect(failure.traceback.contains("test.lua:5: in main chunk"))
    }

    @Test("a syntax error says its place")
    func syntaxError() throws {
        #expect(try sandbox.failure("local x =\n= 1").message == "test.lua:2: unexpected symbol near '='")
    }

    @Test("an error value with a hostile __tostring is still reported")
    func hostileError() throws {
        let failure = try sandbox.failure("error(setmetatable({}, {__tostring = function() error('again') end}))")
        #expect(!failure.message.isEmpty)
        let looping = try sandbox.failure(
            "error(setmetatable({}, {__tostring = function() while true do end end}))", budget: .milliseconds(30))
        #expect(looping.kind == .time)
    }

    @Test("host functions get their arguments, return values and raise at the caller's line")
    func hostFunctions() throws {
        try sandbox.state.define("roost.math.add", function: 7)
        sandbox.host.functions[7] = { arguments in
            guard let a = arguments[0].integer, let b = arguments[1].integer else { return .failure(LuaHostError("numbers expected")) }
            return .success(.values([.int(a + b)]))
        }
        #expect(try sandbox.value("return roost.math.add(2, 3)") == [.int(5)])
        #expect(try sandbox.failure("\nroost.math.add('x', {})").message == "test.lua:2: numbers expected")
        #expect(try sandbox.value("return pcall(roost.math.add, 'x', 1)") == [.bool(false), .string("numbers expected")])
    }

    @Test("a host function may wait, in a coroutine of the plugin's too")
    func waiting() throws {
        try sandbox.state.define("sleep", function: 1)
        sandbox.host.functions[1] = { _ in .success(.wait) }
        let outcome = sandbox.run("local f = coroutine.wrap(function(a) local b = sleep(a) coroutine.yield(b) return sleep(b) end) local x = f(1) return x, f()")
        guard case .waiting(let first) = outcome else { throw LuaHostError("did not wait") }
        guard case .waiting(let second) = sandbox.state.resume(first, with: [.string("one")], budget: .seconds(1))
        else { throw LuaHostError("did not wait again") }
        guard case .returned(let values) = sandbox.state.resume(second, with: [.int(2)], budget: .seconds(1))
        else { throw LuaHostError("did not return") }
        #expect(values == [.string("one"), .int(2)])
    }

    @Test("what is waited for can fail, and waiting inside a sort is an error")
    func waitingFails() throws {
        try sandbox.state.define("sleep", function: 1)
        sandbox.host.functions[1] = { _ in .success(.wait) }
        guard case .waiting(let run) = sandbox.run("return pcall(sleep, 1)") else { throw LuaHostError("did not wait") }
        guard case .returned(let values) = sandbox.state.resume(run, raising: LuaHostError("gone"), budget: .seconds(1))
        else { throw LuaHostError("did not return") }
        #expect(values == [.bool(false), .string("gone")])
        #expect(try sandbox.failure("table.sort({1, 2, 3}, function() sleep(1) end)").message.contains("waiting is not possible"))
        #expect(try sandbox.failure("coroutine.yield(1)").message.contains("outside a coroutine"))
    }

    @Test("handles have methods and attributes, cannot be changed, and are released")
    func handles() throws {
        try sandbox.state.define(kind: 3, name: "user", released: true)
        try sandbox.state.define("user:greet", function: 4)
        try sandbox.state.define("me", value: .object(LuaObject(kind: 3, a: 42)))
        sandbox.host.functions[4] = { arguments in .success(.values([arguments[0]])) }
        sandbox.host.attributes["name"] = .string("ann")
        #expect(try sandbox.value("return me.name, me:greet() == me, tostring(me)") == [.string("ann"), .bool(true), .string("user 42")])
        #expect(try sandbox.failure("me.name = 'x'").message.contains("a user is read-only: 'name' cannot be assigned"))
        #expect(try sandbox.value("return getmetatable(me)") == [.bool(false)])
        let failure = try sandbox.failure("return me.nam.x")
        #expect(failure.missing?.name == "nam")
        #expect(failure.missing?.of == "user")
        _ = try sandbox.value("me = nil; for i = 1, 2e5 do local _ = {} end")
        #expect(sandbox.host.released.contains(LuaObject(kind: 3, a: 42)))
    }

    @Test("an event's fields are read in place, are read-only, and are gone when its handler is done")
    func events() throws {
        try sandbox.state.define(kind: 1, name: "event")
        try sandbox.state.define(event: 0, name: "chat", kind: 1, fields: ["id", "text", "at", "links"])
        let event = LuaEvent(type: 0, serial: 9, slots: 4)
        event.set(0, "m_1")
        event.set(1, "hello")
        event.set(2, Int64(5))
        event.setLazy(3)
        let read = try sandbox.function("return function(e) kept = e return e.text .. e.at .. e.links end")
        guard case .returned(let values) = sandbox.state.call(read, event, budget: .seconds(1)) else { throw LuaHostError("failed") }
        #expect(values == [.string("hello5lazy 3 of 9")])
        #expect(try sandbox.value("return kept.text") == [])
        let write = try sandbox.function("return function(e)\n e.text = 'x' end")
        guard case .failed(let failure) = sandbox.state.call(write, event, budget: .seconds(1)) else { throw LuaHostError("no error") }
        #expect(failure.message == "test.lua:2: events are read-only: return roost.modify{ text = … } instead of assigning to it")
    }

    @Test("require finds the plugin's own modules, once")
    func modules() throws {
        sandbox.host.modules["words"] = "loaded = (loaded or 0) + 1; return { n = loaded }"
        #expect(try sandbox.value("return require('words').n, require('words').n, loaded") == [.int(1), .int(1), .int(1)])
        #expect(try sandbox.failure("require('../x')").message == "test.lua:1: module '../x' not found")
    }

    @Test("time and print are the host's")
    func hostTime() throws {
        #expect(try sandbox.value("print('a', 1); return os.time(), os.clock(), os.date('!%Y-%m-%d')")
            == [.int(1_790_000_000), .number(12.5), .string("2026-09-21")])
        #expect(sandbox.host.lines == ["a\t1"])
    }

    @Test("a fresh state is small")
    func size() {
        #expect(sandbox.state.memory.used < 40 << 10)
    }
}
