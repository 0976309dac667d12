import LuaHost

/// Asks a plugin's sandbox what there is in it, and whether source compiles.
struct SandboxFacts {
    /// Global names, and of those that are tables the names in them.
    let globals: [String: [String]]

    init() throws(LuaHostError) {
        let listing = """
            local found = {}
            for name, value in pairs(_G) do
              local names = {}
              if type(value) == "table" and name ~= "_G" then for key in pairs(value) do names[#names + 1] = key end end
              found[name] = names
            end
            return found
            """
        guard case .returned(let values) = try Self.run(listing, with: nil), let table = values.first?.table else {
            throw LuaHostError("the sandbox does not answer")
        }
        globals = Dictionary(uniqueKeysWithValues: table.pairs.compactMap { pair in
            pair.key.string.map { ($0, pair.value.table?.array.compactMap(\.string) ?? []) }
        })
    }

    /// What Lua says about source that it does not take, and in which line; nil if it does.
    static func problem(compiling source: String) throws(LuaHostError) -> (line: Int, message: String)? {
        let compile = "local compiled, problem = load(roost.source, '=source', 't') return problem"
        let problem: String? =
            switch try run(compile, with: source) {
            case .returned(let values): values.first?.string
            case .failed(let failure): failure.message
            case .waiting: nil
            }
        guard let problem else { return nil }
        guard let match = problem.firstMatch(of: /^source:(\d+): (.*)/.dotMatchesNewlines()) else { return (1, problem) }
        return (Int(match.output.1) ?? 1, String(match.output.2))
    }

    private static func run(_ code: String, with source: String?) throws(LuaHostError) -> LuaOutcome {
        let host = NoHost()
        guard let state = LuaState(limits: .init(memory: 64 << 20, valueBytes: 16 << 20), seed: 1, host: host) else {
            throw LuaHostError("there is no memory for a Lua state")
        }
        if let source { try state.define("roost.source", value: .string(source)) }
        return state.load(code, name: "check", budget: .seconds(5))
    }

    /// Has nothing to offer.
    private final class NoHost: LuaHost {
        func call(_ function: Int32, _ arguments: [LuaValue]) throws(LuaHostError) -> LuaAnswer { .nothing }
        func attribute(_ name: String, of object: LuaObject) -> LuaValue? { nil }
        func field(_ slot: Int, ofEvent serial: UInt64) -> LuaValue { .nil }
        func released(_ object: LuaObject) {}
        func source(ofModule name: String) throws(LuaHostError) -> (text: String, chunkName: String) { throw LuaHostError("no modules") }
        func print(_ line: String) {}
        var time: (wall: Double, running: Double) { (0, 0) }
    }
}
