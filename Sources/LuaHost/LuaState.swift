import CLuaShim

/// What a state asks of the program around it. All calls come on the state's thread, from within a run.
package protocol LuaHost: AnyObject {
    /// A host function was called. Throwing raises the error's text at the line that called it.
    func call(_ function: Int32, _ arguments: [LuaValue]) throws(LuaHostError) -> LuaAnswer
    /// A plugin reads what is not a method of a handle. Nil: there is no such attribute.
    func attribute(_ name: String, of object: LuaObject) -> LuaValue?
    /// A plugin reads a lazy field of the event.
    func field(_ slot: Int, ofEvent serial: UInt64) -> LuaValue
    /// A plugin's handle was collected. Must not call back into the state.
    func released(_ object: LuaObject)
    /// The source of a module of the plugin, and how messages call it.
    func source(ofModule name: String) throws(LuaHostError) -> (text: String, chunkName: String)
    /// A line for the plugin's log.
    func print(_ line: String)
    /// Seconds since 1970, and seconds of run time.
    var time: (wall: Double, running: Double) { get }
}

/// What a host function answers.
package enum LuaAnswer {
    case values([LuaValue])
    /// The run waits; it goes on with ``LuaState/resume(_:with:budget:)``.
    case wait

    package static let nothing = LuaAnswer.values([])
}

/// An error to be raised in Lua.
package struct LuaHostError: Error {
    package let message: String
    package init(_ message: String) { self.message = message }
}

/// A run that waits for the host.
package struct LuaRun: Hashable {
    fileprivate let reference: Int32
}

/// How a run ended, or that it has not.
package enum LuaOutcome {
    case returned([LuaValue])
    case failed(LuaFailure)
    case waiting(LuaRun)
}

/// Why a run failed.
package struct LuaFailure: Error, Equatable {
    package enum Kind: Equatable {
        case error, time, memory
        /// It was over its time and could not be ended but by giving the state up: every further call of it fails so.
        case lost
    }

    package var kind: Kind
    /// With its place, as Lua words it; empty for time.
    package var message: String
    package var traceback: String
    /// The chunk and line (from 1) of the innermost Lua function, if known.
    package var source: String?
    package var line: Int?
    /// The last field that was asked for in vain, and what it was asked of.
    package var missing: (name: String, of: String)?

    package init(
        kind: Kind, message: String = "", traceback: String = "", source: String? = nil, line: Int? = nil,
        missing: (name: String, of: String)? = nil
    ) {
        self.kind = kind
        self.message = message
        self.traceback = traceback
        self.source = source
        self.line = line
        self.missing = missing
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.kind == b.kind && a.message == b.message && a.source == b.source && a.line == b.line
    }
}

/// One sandboxed Lua 5.4 state.
///
/// A class because it owns the C state and is what that calls back. Confined to one thread, whichever that is.
package final class LuaState {
    package struct Limits {
        /// Bytes of the heap.
        package var memory: Int
        /// Bytes of one call's arguments or of one result.
        package var valueBytes: Int

        package init(memory: Int = 16 << 20, valueBytes: Int = 1 << 20) {
            self.memory = memory
            self.valueBytes = valueBytes
        }
    }

    private var state: OpaquePointer!
    private let limits: Limits
    private unowned let host: any LuaHost
    private var output = roost_buffer()

    /// Nil when `limits.memory` is too small for the library itself.
    package init?(limits: Limits, seed: UInt64, host: any LuaHost) {
        self.limits = limits
        self.host = host
        let context = Unmanaged.passUnretained(self).toOpaque()
        let shimLimits = roost_limits(memory: limits.memory, value_bytes: limits.valueBytes)
        state = roost_new(shimLimits, seed, callHost, context)
        if state == nil { return nil }
    }

    deinit {
        if state != nil { roost_free(state) }
        roost_release_buffer(&output)
    }

    /// Bytes the heap takes now, and the most it has taken.
    package var memory: (used: Int, peak: Int) { (roost_memory_used(state), roost_memory_peak(state)) }

    /// Bytes that all states together have taken of the system, as far as it happened on this thread.
    static var heldBytes: Int { roost_held_here() }

    /// Whether the time of the run that is under way is over: a host function that takes long had better end then.
    package var isOutOfTime: Bool { roost_out_of_time(state) }

    /// The instructions of one run in so many are counted.
    package static let runsPerSample = Int(ROOST_SAMPLE_EVERY)

    /// What the last stretch of a run has cost.
    package struct Cost {
        /// Nanoseconds of the monotonic clock: when it began, and how long it took.
        package var began: Int64
        package var took: Int64
        /// Instructions, and what library functions count as such; nil if they were not counted.
        package var steps: UInt64?
    }

    package func takeCost() -> Cost {
        let cost = roost_take_cost(state)
        return Cost(began: cost.began, took: cost.took, steps: cost.is_counted ? cost.steps : nil)
    }

    /// Takes the Lua stack every millisecond while anything runs. False if that is going on already.
    package func beginProfile() -> Bool { roost_begin_profile(state) }

    /// The stacks since ``beginProfile()``, folded: a line for each with the functions, outermost first, separated by
    /// semicolons, and how often it was met.
    package func endProfile() -> String {
        var buffer = roost_buffer()
        defer { roost_release_buffer(&buffer) }
        roost_end_profile(state, &buffer)
        return String(decoding: UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.count), as: UTF8.self)
    }

    // MARK: Definitions

    /// Makes a host function known, by a path such as `roost.log.info`, `user:mute` or `timer:__call`.
    package func define(_ path: String, function: Int32) throws(LuaHostError) {
        try check(roost_define(state, path, function))
    }

    /// Puts a value at a path such as `roost.store`.
    package func define(_ path: String, value: LuaValue) throws(LuaHostError) {
        let done = withBytes(of: [value]) { roost_define_value(state, path, $0, $1) }
        try check(done)
    }

    /// Names a kind of handle (1…31). With `released` the host hears of each that is collected.
    package func define(kind: UInt8, name: String, released: Bool = false) throws(LuaHostError) {
        try check(roost_define_kind(state, kind, name, released))
    }

    /// Describes a type of event: its fields in slot order, and the kind that has its methods.
    package func define(event type: UInt32, name: String, kind: UInt8, fields: [String]) throws(LuaHostError) {
        let names = fields.map { field in
            let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: field.utf8.count + 1)
            _ = copy.initialize(from: field.utf8CString)
            return UnsafePointer(copy.baseAddress)
        }
        defer { for name in names { name?.deallocate() } }
        try check(names.withUnsafeBufferPointer { roost_define_event(state, type, name, kind, $0.baseAddress, UInt32($0.count)) })
    }

    /// The value at a path, copied; nil if there is none or it cannot leave the state.
    package func read(_ path: String) -> LuaValue? {
        var buffer = roost_buffer()
        defer { roost_release_buffer(&buffer) }
        guard roost_read(state, path, &buffer) else { return nil }
        var reader = ValueReader(UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.count))
        return reader.readAll().first
    }

    private func check(_ done: Bool) throws(LuaHostError) {
        if !done { throw LuaHostError("not enough memory: the limit is \(limits.memory >> 10) KiB") }
    }

    // MARK: Runs

    /// Compiles and runs a chunk of source text. `name` is how messages call it.
    package func load(_ source: String, name: String, budget: LuaBudget) -> LuaOutcome {
        var source = source
        return run { run, output in
            source.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    roost_load(state, $0.baseAddress, $0.count, name, budget.nanoseconds, run, output)
                }
            }
        }
    }

    /// Calls a function with an event. The event must live until the run ends.
    package func call(_ function: LuaFunction, _ event: LuaEvent, budget: LuaBudget) -> LuaOutcome {
        run { run, output in
            event.withPointer { roost_call_event(state, function.reference, $0, budget.nanoseconds, run, output) }
        }
    }

    /// Calls a function with values.
    package func call(_ function: LuaFunction, _ arguments: [LuaValue], budget: LuaBudget) -> LuaOutcome {
        run { run, output in
            withBytes(of: arguments) { roost_call(state, function.reference, $0, $1, budget.nanoseconds, run, output) }
        }
    }

    /// Goes on with a run that waits: `values` become the results of the host function it waits in.
    package func resume(_ waiting: LuaRun, with values: [LuaValue], budget: LuaBudget) -> LuaOutcome {
        run { run, output in
            run.pointee = waiting.reference
            return withBytes(of: values) { roost_resume(state, run, $0, $1, false, budget.nanoseconds, output) }
        }
    }

    /// Goes on with a run that waits by raising an error where it waits.
    package func resume(_ waiting: LuaRun, raising error: LuaHostError, budget: LuaBudget) -> LuaOutcome {
        run { run, output in
            run.pointee = waiting.reference
            return withBytes(of: [.string(error.message)]) { roost_resume(state, run, $0, $1, true, budget.nanoseconds, output) }
        }
    }

    /// Drops a run that waits. It never goes on.
    package func abandon(_ waiting: LuaRun) { roost_abandon(state, waiting.reference) }

    /// Gives a function back: it must not be called any more.
    package func release(_ function: LuaFunction) { roost_unref(state, function.reference) }

    /// The chunk and the line at which a Lua function was defined.
    package func place(of function: LuaFunction) -> (source: String, line: Int)? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { source in
            var line: Int32 = 0
            roost_function_place(state, function.reference, source.baseAddress, source.count, &line)
            return line == 0 ? nil : (String(cString: source.baseAddress!), Int(line))
        }
    }

    /// Another clock for the CPU time of this thread, for tests; nil for the real one. It is read in a signal handler.
    static func useCPUClock(_ clock: (@convention(c) () -> Int64)?) { roost_use_cpu_clock(clock) }

    private func run(_ body: (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<roost_buffer>) -> Int32) -> LuaOutcome {
        // A run within a run (another plugin called this one back) has a buffer of its own.
        var buffer = output
        output = roost_buffer()
        var reference: Int32 = 0
        let status = body(&reference, &buffer)
        defer {
            roost_release_buffer(&output)
            output = buffer
        }
        switch Int(status) {
        case ROOST_RETURNED:
            if buffer.count == 0 { return .returned([]) }
            var reader = ValueReader(UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.count))
            return .returned(reader.readAll())
        case ROOST_SUSPENDED:
            return .waiting(LuaRun(reference: reference))
        case ROOST_EXPIRED:
            return .failed(failure(roost_memory_exceeded(state) ? .memory : .time))
        case ROOST_LOST:
            return .failed(LuaFailure(kind: .lost))
        default:
            return .failed(failure(.error))
        }
    }

    private func failure(_ kind: LuaFailure.Kind) -> LuaFailure {
        let error = roost_error(state)
        let source = String(cString: error.source)
        let missing = String(cString: error.missing)
        return LuaFailure(
            kind: kind,
            message: String(cString: error.message),
            traceback: String(cString: error.traceback),
            source: source.isEmpty ? nil : source,
            line: error.line > 0 ? Int(error.line) : nil,
            missing: missing.isEmpty ? nil : (missing, String(cString: error.missing_of)))
    }

    private func withBytes<R>(of values: [LuaValue], _ body: (UnsafePointer<UInt8>?, Int) -> R) -> R {
        if values.isEmpty { return body(nil, 0) }
        var buffer = roost_buffer()
        defer { roost_release_buffer(&buffer) }
        withUnsafeMutablePointer(to: &buffer) { pointer in
            let writer = ValueWriter(buffer: pointer)
            for value in values { writer.write(value) }
        }
        return body(buffer.bytes, buffer.count)
    }

    // MARK: Called back

    fileprivate func answer(_ function: Int32, _ bytes: UnsafeRawBufferPointer, _ results: UnsafeMutablePointer<roost_buffer>) -> Int32 {
        var reader = ValueReader(bytes)
        let arguments = reader.readAll()
        let writer = ValueWriter(buffer: results)
        do throws(LuaHostError) {
            switch Int(function) {
            case ROOST_HOST_ATTRIBUTE:
                guard case .object(let object) = arguments[0], case .string(let name) = arguments[1],
                    let value = host.attribute(name, of: object)
                else { return Int32(ROOST_MISSING) }
                writer.write(value)
            case ROOST_HOST_FIELD:
                guard case .int(let serial) = arguments[0], case .int(let slot) = arguments[1] else { break }
                writer.write(host.field(Int(slot), ofEvent: UInt64(bitPattern: serial)))
            case ROOST_HOST_RELEASE:
                if case .object(let object) = arguments[0] { host.released(object) }
            case ROOST_HOST_SOURCE:
                guard case .string(let name) = arguments[0] else { throw LuaHostError("a module's name must be UTF-8 text") }
                let (text, chunkName) = try host.source(ofModule: name)
                writer.write(.string(text))
                writer.write(.string(chunkName))
            case ROOST_HOST_PRINT:
                host.print(arguments.map { $0.string ?? "(not UTF-8)" }.joined(separator: "\t"))
            case ROOST_HOST_TIME:
                let (wall, running) = host.time
                writer.write(.number(wall))
                writer.write(.number(running))
            default:
                let answer = try host.call(function, arguments)
                // What the host called in this state meanwhile has left its own results there.
                results.pointee.count = 0
                switch answer {
                case .values(let values): for value in values { writer.write(value) }
                case .wait: return Int32(ROOST_SUSPEND)
                }
            }
            return Int32(ROOST_DONE)
        } catch {
            results.pointee.count = 0
            writer.write(.string(error.message))
            return Int32(ROOST_RAISE)
        }
    }
}

private func callHost(
    _ context: UnsafeMutableRawPointer?, _ function: Int32, _ arguments: UnsafePointer<UInt8>?, _ count: Int,
    _ results: UnsafeMutablePointer<roost_buffer>?
) -> Int32 {
    let state = Unmanaged<LuaState>.fromOpaque(context!).takeUnretainedValue()
    return state.answer(function, UnsafeRawBufferPointer(start: arguments, count: count), results!)
}
