import Glibc
import Testing

@testable import LuaHost

/// The CPU time that this suite's thread is said to have had: a little more whenever it is asked for.
nonisolated(unsafe) private var spent: Int64 = 0

/// A thread that stands still because the machine has too much else to do spends none of its run's time.
@Suite("Runs on a machine with too much to do", .serialized)
struct StarvedTests {
    /// Goes on for half as long again as it may, by the clock.
    private let slow = "local from = now() while now() - from < 0.3 do end return 'done'"
    private let budget = LuaBudget.milliseconds(200)

    private func sandbox() throws -> Sandbox {
        let sandbox = Sandbox()
        try sandbox.state.define("now", function: 1)
        sandbox.host.functions[1] = { _ in .success(.values([.number(Double(monotonic()) / 1e9)])) }
        return sandbox
    }

    @Test("a run that got little of the CPU goes on past its deadline") func extended() throws {
        let sandbox = try sandbox()
        spent = 0
        LuaState.useCPUClock {
            spent += 10_000
            return spent
        }
        defer { LuaState.useCPUClock(nil) }
        guard case .returned(let values) = sandbox.run(slow, budget: budget) else { throw LuaHostError("it did not return") }
        #expect(values == [.string("done")])
    }

    @Test("one that had the CPU for itself does not") func had() throws {
        let sandbox = try sandbox()
        LuaState.useCPUClock { monotonic() }
        defer { LuaState.useCPUClock(nil) }
        #expect(try sandbox.failure(slow, budget: budget).kind == .time)
    }

    @Test("a run within another state's run has a time of its own") func nested() throws {
        let (outer, inner) = (try sandbox(), try sandbox())
        var inside: LuaOutcome?
        try outer.state.define("ask", function: 2)
        outer.host.functions[2] = { _ in
            inside = inner.run(slow, budget: .milliseconds(20))
            return .success(.nothing)
        }
        LuaState.useCPUClock { monotonic() }
        defer { LuaState.useCPUClock(nil) }
        #expect(try outer.value("ask() return 1") == [.int(1)])
        guard case .failed(let failure)? = inside else { throw LuaHostError("it was not ended") }
        #expect(failure.kind == .time)
    }

    @Test("however little it gets, it ends") func bounded() throws {
        LuaState.useCPUClock { 1 }
        defer { LuaState.useCPUClock(nil) }
        #expect(try sandbox().failure("while true do end", budget: .milliseconds(10)).kind == .time)
    }
}

/// Nanoseconds of the monotonic clock; callable in a signal handler.
private func monotonic() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
