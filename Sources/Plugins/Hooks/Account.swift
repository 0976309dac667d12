import LuaHost

/// What calls have cost and what came of them: of a handler, or of a whole plugin with its timers and commands.
package struct Account: Sendable {
    package private(set) var calls = 0
    package private(set) var errors = 0
    /// Calls that were ended because they took too long or too much memory.
    package private(set) var stalls = 0
    /// Of the plugin's own thread of work; waiting is not in it.
    package private(set) var nanoseconds: Int64 = 0
    /// Of the longest call.
    package private(set) var longest: Int64 = 0
    /// How often each verdict was given, in the order of ``VerdictKind``.
    private var counts = Array(repeating: 0, count: VerdictKind.allCases.count)
    private var sampledCalls: UInt64 = 0
    private var sampledSteps: UInt64 = 0

    /// Lua instructions and what library functions count as such. They are counted in one call of
    /// ``LuaState/runsPerSample``, because counting takes as long again as running: this is what the calls come to if those
    /// were like the others.
    package var steps: UInt64 { sampledCalls == 0 ? 0 : sampledSteps * UInt64(calls) / sampledCalls }

    /// From 0 to 1.
    package var errorShare: Double { calls == 0 ? 0 : Double(errors) / Double(calls) }

    /// The verdicts that were given, by name.
    package var verdicts: [(name: String, count: Int)] {
        zip(VerdictKind.allCases, counts).compactMap { $1 > 0 ? ($0.rawValue, $1) : nil }
    }

    /// A call has come to its end.
    mutating func add(_ run: Run) {
        calls += 1
        nanoseconds += run.worked
        if run.worked > longest { longest = run.worked }
        if let steps = run.steps {
            sampledCalls += 1
            sampledSteps += steps
        }
    }

    mutating func add(_ verdict: VerdictKind) { counts[verdict.index] += 1 }

    mutating func add(_ failure: LuaFailure.Kind) {
        errors += 1
        if failure != .error { stalls += 1 }
    }
}
