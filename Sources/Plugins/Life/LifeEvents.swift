import LuaHost
import RoomEngine

/// The events of a plugin's own life. They are about no room, and nobody else's handlers are called.
extension Plugin {
    /// Calls the handlers of a life event that must be over before anything goes on. The first that fails ends it.
    /// - Returns: what the last one has answered by `roost.value`
    func live(through kind: HookKind, _ fields: [LuaValue] = []) throws(PluginProblem) -> LuaValue? {
        var answer: LuaValue?
        for hook in host.handlers(of: self, kind, nil) {
            let (run, frame) = host.run(of: hook, fields, isBuffered: true)
            proceed(with: run)
            let outcome = begin(run, hook.function, frame, budget: Self.loadTime)
            if case .waiting(let reference) = outcome {
                abandon(reference, run)
                throw PluginProblem(plugin: id, generation: generation, message: "a handler of '\(kind.name)' cannot wait: use 'ready', or roost.timer")
            }
            do throws(LuaFailure) {
                let verdict = try hook.verdict(outcome, run)
                goOn(run, outcome, budget: Self.loadTime) { _ in }
                hook.returned(run, verdict?.kind)
                stage(run)
                if case .value(let value)? = verdict { answer = value.carried }
            } catch {
                hook.failed(run, error, at: host.engine.clock.now.uptime)
                throw PluginProblem(error, of: self, context: run.description, budget: Self.loadTime)
            }
        }
        return answer
    }
}

extension PluginHost {
    /// Tells every plugin that the server is about to end.
    package func shutDown(reason: String) {
        for plugin in plugins.values.sorted(by: { $0.id.text < $1.id.text }) { tell(plugin, .shutdown, [.string(reason)]) }
    }
}

extension LuaValue {
    /// What of a value can go over to another state: data, people and rooms. Functions and other handles cannot, and are
    /// left out.
    var carried: LuaValue? {
        switch self {
        case .nil, .bool, .int, .number, .string, .bytes: self
        case .function: nil
        case .object(let object): [Kind.user.rawValue, Kind.room.rawValue].contains(object.kind) ? self : nil
        case .table(let table):
            .table(
                LuaTable(
                    array: table.array.compactMap(\.carried),
                    pairs: table.pairs.compactMap { pair in
                        guard let key = pair.key.carried, let value = pair.value.carried else { return nil }
                        return LuaTable.Pair(key: key, value: value)
                    }))
        }
    }
}
