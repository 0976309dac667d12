import LuaHost
import Testing

/// Every snippet here would never end in a stock state.
private let endless: [String] = [
    "while true do end",
    "local function f() return f() end f()",
    "while true do pcall(function() while true do end end) end",
    "repeat until select(2, pcall(error)) == 1",
    "xpcall(function() while true do end end, function() while true do end end)",
    "xpcall(error, function() while true do end end)",
    "while true do xpcall(function() while true do end end, function(e) return e end) end",
    "local co = coroutine.wrap(function() while true do end end) co()",
    "while true do local co = coroutine.create(function() while true do end end) coroutine.resume(co) end",
    "local co = coroutine.create(function() coroutine.yield() while true do end end) while true do coroutine.resume(co) end",
    "local x <close> = setmetatable({}, {__close = function() while true do end end})",
    "local x <close> = setmetatable({}, {__close = function() while true do end end}) while true do end",
    "local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() while true do end end}) coroutine.yield() end) coroutine.resume(co) coroutine.close(co)",
    "local t = setmetatable({}, {__index = function(t, k) while true do end end}) return t.x",
    "local t = setmetatable({}, {__eq = function() while true do end end}) return t == setmetatable({}, getmetatable(t))",
    "table.sort({3, 2, 1}, function(a, b) while true do end end)",
    "local _ = (('x'):gsub('x', function() while true do end end))",
    "setmetatable({}, {__tostring = function() while true do end end}) print(setmetatable({}, {__tostring = function() while true do end end}))",
    "load(function() while true do end end)",
    "for k in function() return 1 end do end",
    "goto a ::a:: goto a",
    "local function g() while true do coroutine.yield(1) end end for _ in coroutine.wrap(g) do end",
    "while true do local ok, e = pcall(string.rep) end",
]

@Suite(.serialized) struct LimitTests {
    @Test("an endless run is ended, whatever it does", arguments: endless)
    func endlessRun(_ source: String) throws {
        let sandbox = Sandbox()
        let clock = ContinuousClock()
        let start = clock.now
        let failure = try sandbox.failure(source, budget: .milliseconds(30))
        #expect(failure.kind == .time)
        #expect(clock.now - start < .seconds(2), "ended by its time limit and not by the test's")
        #expect(try sandbox.value("return 1 + 1") == [.int(2)], "the state goes on working")
    }

    @Test("a run is ended however many functions have called one another")
    func deep() throws {
        // Going through all of them takes longer than the watchdog lets pass between two looks.
        let source = "local function deep(n) return 1 + deep(n) end while true do pcall(deep, 1) end"
        let failure = try Sandbox(memory: 256 << 20).failure(source, budget: .milliseconds(30))
        // Where copying such a stack takes long the state is given up.
        #expect([.time, .lost].contains(failure.kind))
    }

    @Test("after a run that was ended, the next one has its full time")
    func nextRun() throws {
        let sandbox = Sandbox()
        for _ in 1...3 {
            #expect(try sandbox.failure("while true do end", budget: .milliseconds(10)).kind == .time)
            #expect(try sandbox.value("local n = 0 for i = 1, 3e6 do n = n + 1 end return n") == [.int(3_000_000)])
        }
    }

    @Test("memory beyond the limit is an error the plugin can meet, and the state lives")
    func memory() throws {
        let sandbox = Sandbox(memory: 4 << 20)
        let failure = try sandbox.failure("local t = {} while true do t[#t + 1] = {} end")
        #expect(failure.message == "not enough memory")
        #expect(try sandbox.value("return pcall(string.rep, 'x', 1e8)") == [.bool(false), .string("resulting string too large")])
        #expect(sandbox.state.memory.peak <= 4 << 20)
        #expect(try sandbox.value("return 1") == [.int(1)])
    }

    @Test("asking for memory again and again ends the run")
    func memoryLoop() throws {
        let sandbox = Sandbox(memory: 4 << 20)
        let failure = try sandbox.failure("local t = {} while true do pcall(function() while true do t[#t + 1] = {} end end) end")
        #expect(failure.kind == .memory)
        #expect(try sandbox.value("return 1") == [.int(1)])
    }

    @Test("recursion without end is an error")
    func depth() throws {
        let message = try Sandbox(memory: 256 << 20).failure("local function f() f() end f()").message
        #expect(message.contains("stack overflow"))
        #expect(try Sandbox().failure("local function f() f() end f()").message == "not enough memory", "the stack is memory too")
        #expect(try Sandbox().failure("local function f() return pcall(f) end error(f())").kind == .error)
    }

    @Test("a table that holds itself cannot cross the border")
    func cycle() throws {
        #expect(try Sandbox().failure("local t = {} t.t = t return t").message.contains("nested more than"))
    }

    @Test("what is too large cannot cross the border")
    func size() throws {
        #expect(try Sandbox().failure("return ('x'):rep(3e6)").message.contains("too much at once"))
    }
}
