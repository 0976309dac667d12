import LuaHost

/// A host whose functions are closures, for one test.
final class TestHost: LuaHost {
    var functions: [Int32: ([LuaValue]) -> Result<LuaAnswer, LuaHostError>] = [:]
    var lines: [String] = []
    var modules: [String: String] = [:]
    var released: [LuaObject] = []
    var attributes: [String: LuaValue] = [:]

    func call(_ function: Int32, _ arguments: [LuaValue]) throws(LuaHostError) -> LuaAnswer {
        try functions[function]!(arguments).get()
    }
    func attribute(_ name: String, of object: LuaObject) -> LuaValue? { attributes[name] }
    func field(_ slot: Int, ofEvent serial: UInt64) -> LuaValue { .string("lazy \(slot) of \(serial)") }
    func released(_ object: LuaObject) { released.append(object) }
    func source(ofModule name: String) throws(LuaHostError) -> (text: String, chunkName: String) {
        guard let text = modules[name] else { throw LuaHostError("module '\(name)' not found") }
        return (text, "test/\(name).lua")
    }
    func print(_ line: String) { lines.append(line) }
    var time: (wall: Double, running: Double) { (1_790_000_000, 12.5) }
}

/// A state with a host, and what tests do with them.
struct Sandbox {
    let host = TestHost()
    let state: LuaState

    init(memory: Int = 16 << 20) {
        state = LuaState(limits: .init(memory: memory), seed: 1, host: host)!
    }

    func run(_ source: String, budget: LuaBudget = .seconds(5)) -> LuaOutcome {
        state.load(source, name: "test.lua", budget: budget)
    }

    /// What the chunk returns; an error if it does not.
    func value(_ source: String) throws -> [LuaValue] {
        switch run(source) {
        case .returned(let values): return values
        case .failed(let failure): throw failure
        case .waiting: throw LuaHostError("waits")
        }
    }

    func failure(_ source: String, budget: LuaBudget = .seconds(5)) throws -> LuaFailure {
        guard case .failed(let failure) = run(source, budget: budget) else { throw LuaHostError("did not fail") }
        return failure
    }

    func function(_ source: String) throws -> LuaFunction {
        guard case .function(let function) = try value(source).first else { throw LuaHostError("no function") }
        return function
    }
}
