import LuaHost
import RoomEngine

/// A handler of another plugin's event.
struct PluginListener {
    let number: UInt64
    let function: LuaFunction
}

/// The names of plugins' own events: `guard:strike`, the plugin's id first.
enum PluginEvents {
    static func isName(_ text: String) -> Bool {
        guard let (plugin, name) = parts(text) else { return false }
        return PluginFiles.isID(plugin) && isWord(name)
    }

    /// A name without the id: small letters, digits and `_`.
    static func isWord(_ text: some StringProtocol) -> Bool {
        (1...40).contains(text.utf8.count) && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    static func parts(_ text: String) -> (plugin: String, name: String)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
}

extension APITable {
    /// What plugins have to do with one another. Only data goes from one to the other, copied.
    static let between: [APIFunction] = [
        APIFunction(
            "roost.emit", ["event string", "data any"],
            "Tells other plugins that something has happened: an event named after this plugin, as in `guard:strike`. They hear of it when what is under way is done."
        ) { call in
            let name = try call.string(0)
            guard let (plugin, word) = PluginEvents.parts(name), plugin == call.plugin.id.text, PluginEvents.isWord(word) else {
                throw LuaHostError("a plugin's events are named after it: '\(call.plugin.id):…', not '\(name)'")
            }
            let data = try crossing(call[1], from: call.plugin)
            guard let run = call.plugin.run else { return .nothing }
            if case .load = run.purpose { throw LuaHostError("a plugin has nothing to tell while it is loaded: use roost.timer") }
            if run.emitted.count >= 100 { throw LuaHostError("too many events at once (100)") }
            run.emitted.append((name, data))
            return .nothing
        },
        APIFunction(
            "roost.provide", ["name string", "version integer", "functions table"],
            "Offers functions to other plugins, under a name and a version that grows when they change."
        ) { call in
            let plugin = call.plugin
            let name = try call.string(0)
            guard PluginEvents.isWord(name) else { throw LuaHostError("what is provided has a name of small letters, digits and '_', not '\(name)'") }
            guard let version = call[1].integer, (1...1_000).contains(version) else { throw LuaHostError("a version is from 1 to 1000") }
            var functions: [String: LuaFunction] = [:]
            for pair in call[2].table?.pairs ?? [] {
                guard let key = pair.key.string, let function = pair.value.function else { throw LuaHostError("the functions are a table of functions by their names") }
                functions[key] = function
            }
            guard !functions.isEmpty, functions.count <= 100 else { throw LuaHostError("what is provided are 1 to 100 functions by their names") }
            let service = ServiceName(name: name, version: version)
            if let other = call.host.provider(of: service), other.id != plugin.id {
                throw LuaHostError("the plugin \(other.id) provides '\(name)' already")
            }
            for function in (plugin.services[service] ?? [:]).values { plugin.release(function) }
            plugin.services[service] = functions
            return .nothing
        },
        APIFunction(
            "roost.use", ["name string", "version integer"], returns: "service?, string?",
            "What another plugin provides under that name in that version: call its functions with a dot. Nil and why if nobody does."
        ) { call in
            let plugin = call.plugin
            let service = ServiceName(name: try call.string(0), version: call[1].integer ?? 0)
            guard call.host.provider(of: service) != nil else {
                let versions = call.host.plugins.values.flatMap(\.services.keys).filter { $0.name == service.name }.map(\.version).sorted()
                let why = versions.isEmpty ? "nobody provides '\(service.name)'" : "'\(service.name)' is provided in version \(versions.map(String.init).joined(separator: ", "))"
                return .values([.nil, .string(why)])
            }
            if let known = plugin.usedServices.first(where: { $0.value == service })?.key { return .values([Kind.service.handle(known)]) }
            let number = plugin.nextNumber()
            plugin.usedServices[number] = service
            return .values([Kind.service.handle(number)])
        },
        APIFunction(
            "service_function:__call", ["... any"], returns: "any",
            "Calls another plugin's function. An error in it is an error here; if the plugin is gone, nil and why."
        ) { call in
            try callService(call)
        },
    ]

    /// A value that may go to another plugin: no functions, and of handles only people and rooms, which mean the same everywhere.
    static func crossing(_ value: LuaValue, from plugin: Plugin) throws(LuaHostError) -> LuaValue {
        guard let problem = whatStays(value, plugin) else { return value }
        throw LuaHostError("a \(problem) does not go to other plugins: only data does, and users and rooms")
    }

    /// The first thing in a value that must stay where it is. Functions are given back on the way.
    private static func whatStays(_ value: LuaValue, _ plugin: Plugin) -> String? {
        switch value {
        case .nil, .bool, .int, .number, .string, .bytes: return nil
        case .function(let function):
            plugin.release(function)
            return "function"
        case .object(let object):
            if object.kind == Kind.user.rawValue || object.kind == Kind.room.rawValue { return nil }
            return Kind(rawValue: object.kind)?.name ?? "handle"
        case .table(let table):
            return (table.array + table.pairs.flatMap { [$0.key, $0.value] }).compactMap { whatStays($0, plugin) }.first
        }
    }

    private static func callService(_ call: APICall) throws(LuaHostError) -> LuaAnswer {
        let consumer = call.plugin
        guard let name = call.object.flatMap({ consumer.usedFunctions[$0.a] }), let provider = call.host.provider(of: name.service),
            let function = provider.services[name.service]?[name.function]
        else { return .values(LuaValue.gone) }
        var arguments: [LuaValue] = []
        for value in call.arguments { arguments.append(try crossing(value, from: consumer)) }
        let hops = hops(call) + 1
        guard hops <= HookEvent.mostHops else { throw LuaHostError("plugins have called one another \(HookEvent.mostHops) times in a row") }
        let run = Run(plugin: provider, purpose: .service(name.description), hops: hops, isBuffered: false)
        return try call.host.call(function, run, arguments, for: consumer)
    }
}

/// Names what a plugin provides.
struct ServiceName: Hashable {
    let name: String
    let version: Int64
}

struct ServiceFunctionName: Hashable, CustomStringConvertible {
    let service: ServiceName
    let function: String

    var description: String { "\(service.name).\(function)" }
}

extension Plugin {
    /// A function of what another plugin provides, as a handle that can be called; nil if there is none of that name.
    func function(_ name: String, ofService number: UInt64) -> LuaValue? {
        guard let service = usedServices[number], let provider = host.provider(of: service) else { return .nil }
        guard provider.services[service]?[name] != nil else { return nil }
        let wanted = ServiceFunctionName(service: service, function: name)
        if let known = usedFunctions.first(where: { $0.value == wanted })?.key { return Kind.serviceFunction.handle(known) }
        let number = nextNumber()
        usedFunctions[number] = wanted
        return Kind.serviceFunction.handle(number)
    }
}

extension PluginHost {
    func provider(of service: ServiceName) -> Plugin? { plugins.values.first { $0.shadow == nil && $0.services[service] != nil } }

    /// Calls a provided function for another plugin, which waits if that function does. What the function asked for happens
    /// when it returns, whatever becomes of its caller.
    func call(_ function: LuaFunction, _ run: Run, _ arguments: [LuaValue], for consumer: Plugin) throws(LuaHostError) -> LuaAnswer {
        let provider = run.plugin
        var result: Result<[LuaValue], LuaHostError>?
        var resume: ((Result<[LuaValue], LuaHostError>) -> Void)?
        let outcome = provider.begin(run, function, arguments, budget: Plugin.longestSlice)
        provider.goOn(run, outcome, budget: Plugin.longestSlice) { [self] outcome in
            let answer = answer(outcome, run)
            finish(run, outcome)
            if let resume { resume(answer) } else { result = answer }
        }
        if let result { return .values(try result.get()) }
        guard let waiting = consumer.run else { return .nothing }
        waiting.wait = { resumeCaller in
            if let result { resumeCaller(result) } else { resume = resumeCaller }
        }
        return .wait
    }

    private func answer(_ outcome: LuaOutcome, _ run: Run) -> Result<[LuaValue], LuaHostError> {
        switch outcome {
        case .returned(let values):
            do throws(LuaHostError) {
                var results: [LuaValue] = []
                for value in values { results.append(try APITable.crossing(value, from: run.plugin)) }
                return .success(results)
            } catch {
                return .failure(LuaHostError("\(run.description): \(error.message)"))
            }
        case .failed(let failure):
            let words = failure.message.isEmpty ? "it took too \(failure.kind == .time ? "long" : "much memory")" : failure.message
            return .failure(LuaHostError("\(run.plugin.id) failed: \(words)"))
        case .waiting: return .success([])
        }
    }

    /// Tells the plugins that listen what a run has emitted; those that are not its own.
    func deliver(_ emitted: [(name: String, data: LuaValue)], from run: Run) {
        for (name, data) in emitted {
            guard run.hops < HookEvent.mostHops else {
                log(run.plugin.id, .warn, "'\(name)' was not delivered: plugins have caused one another \(HookEvent.mostHops) times in a row")
                continue
            }
            let event = LuaValue.table(
                LuaTable([
                    "name": .string(name), "data": data, "by": .string(run.plugin.id.text), "at": .int(engine.clock.now.wall),
                ]))
            for plugin in plugins.values.sorted(by: { $0.id.text < $1.id.text }) where plugin !== run.plugin {
                for listener in plugin.listeners[name] ?? [] {
                    call(listener.function, of: plugin, purpose: .listener(name), hops: run.hops + 1, arguments: [event])
                }
            }
        }
    }
}
