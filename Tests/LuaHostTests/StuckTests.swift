import Glibc
import Testing

@testable import LuaHost

/// What no hook reaches: the collector, which has work to do that grows with the square of what a plugin keeps.
@Suite("Runs that cannot be interrupted", .serialized)
struct StuckTests {
    /// Tables with weak keys that hold one another, in no order: each pass of the collector finds few more of them. Unbounded,
    /// this collection takes more than two seconds.
    private let chain = """
        local keys, order, all = {}, {}, {}
        for i = 1, 20000 do keys[i], order[i] = {}, i end
        for i = #order - 1, 2, -1 do
          local j = math.random(i)
          order[i], order[j] = order[j], order[i]
        end
        for n = 1, #order - 1 do
          local weak, i = setmetatable({}, { __mode = "k" }), order[n]
          weak[keys[i]] = keys[i + 1]
          all[n] = weak
        end
        local root = keys[1]
        keys, order = nil, nil
        while true do local s = ("x"):rep(3000000) end
        """

    @Test("a collection that takes seconds is left, and the state is given up") func quadratic() throws {
        let sandbox = Sandbox(memory: 16 << 20)
        let before = sandbox.state.cpuTime
        let failure = try sandbox.failure(chain, budget: .milliseconds(400))
        // Of the thread's own time, so that a busy machine makes no difference: 400 ms, a tick, the grace, and room to spare.
        #expect(sandbox.state.cpuTime - before < 600_000_000)
        #expect(failure.kind == .lost)
        #expect(try sandbox.failure("return 1").kind == .lost, "nothing more is run in it")
        #expect(sandbox.state.read("x") == nil)
    }

    @Test("another state of the same thread goes on") func others() throws {
        let (lost, fine) = (Sandbox(memory: 16 << 20), Sandbox())
        _ = try lost.failure(chain, budget: .milliseconds(400))
        #expect(try fine.value("return 1 + 1") == [.int(2)])
        #expect(try fine.failure("while true do end", budget: .milliseconds(20)).kind == .time)
        #expect(try fine.value("return 2 + 1") == [.int(3)])
    }

    @Test("the memory of a state that was given up is given back with it") func memory() throws {
        let before = LuaState.heldBytes
        do {
            let sandbox = Sandbox(memory: 16 << 20)
            _ = try sandbox.failure(chain, budget: .milliseconds(400))
            #expect(LuaState.heldBytes > before + (2 << 20))
        }
        #expect(LuaState.heldBytes == before)
    }

    @Test("weak keys that are no chain are what they always were") func weakKeys() throws {
        #expect(
            try Sandbox().value("local t = setmetatable({}, { __mode = 'k' }) local k = {} t[k] = 1 return t[k]") == [.int(1)])
    }
}

extension LuaState {
    /// Nanoseconds of CPU time of this thread.
    fileprivate var cpuTime: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
