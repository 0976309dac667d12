import LuaHost
import RoomEngine

/// Lua that an operator types, in a plugin's own state and under its limits.
extension PluginHost {
    /// Runs code in the plugin's state, or in that of a copy which is dropped afterwards. What it asks for is done, unless it
    /// is a copy. An expression answers with its values.
    package func evaluate(_ code: String, in id: PluginID, copied: Bool, then: @escaping (Result<String, PluginProblem>) -> Void) {
        guard let running = plugins[id] else { return then(.failure(PluginProblem(plugin: id, message: "it is not loaded"))) }
        let plugin: Plugin
        do throws(PluginProblem) {
            plugin = copied ? try copy(of: running) : running
        } catch {
            return then(.failure(error))
        }
        var (run, outcome) = plugin.run("return " + code)
        if case .failed(let failure) = outcome, failure.isSyntax { (run, outcome) = plugin.run(code) }
        plugin.goOn(run, outcome, budget: Plugin.longestSlice) { [self] outcome in
            flush(run)
            switch outcome {
            case .returned(let values): then(.success(values.map { $0.written() }.joined(separator: "  ")))
            case .failed(let failure): then(.failure(PluginProblem(failure, of: plugin, context: run.description, budget: Plugin.longestSlice)))
            case .waiting: break
            }
            if copied { plugin.retire() }
        }
    }
}

extension LuaFailure {
    /// Whether the code could not be compiled: then nothing of it has run.
    fileprivate var isSyntax: Bool { kind == .error && traceback.isEmpty }
}

extension LuaValue {
    /// As one would write it, tables with their first values.
    func written(depth: Int = 0) -> String {
        switch self {
        case .string(let text): return depth == 0 ? text : "\"\(text)\""
        case .table(let table):
            if depth == 3 { return "{…}" }
            let values = table.array.prefix(20).map { $0.written(depth: depth + 1) }
            let pairs = table.pairs.prefix(20).map { "\($0.key.display) = \($0.value.written(depth: depth + 1))" }
            let more = table.array.count + table.pairs.count - values.count - pairs.count
            return "{ \((values + pairs.sorted() + (more > 0 ? ["… \(more) more"] : [])).joined(separator: ", ")) }"
        default: return display
        }
    }
}
