import JSONText
import LuaHost
import RoomEngine

extension APITable {
    static let storing: [APIFunction] = [
        APIFunction("store:get", ["key string"], returns: "any", "The value of a key, or nil.") { call in
            .values([LuaValue(read(call, try key(call))?.value ?? .null)])
        },
        APIFunction("store:set", ["key string", "value any", "options table?"], "Keeps a value; with ttl, for so many seconds.") { call in
            let key = try key(call)
            let value = call[1] == .nil ? nil : try JSONValue(call[1])
            let expires = try expiry(call, 2)
            try write(call, key, .init(entry: value.map { PluginStore.Entry(key, $0, expires: expires) }))
            return .nothing
        },
        APIFunction("store:delete", ["key string"], returns: "boolean", "Forgets a key. Whether there was one.") { call in
            let key = try key(call)
            let before = read(call, key)
            try write(call, key, .init(entry: nil))
            return .values([.bool(before != nil)])
        },
        APIFunction("store:incr", ["key string", "by number?", "options table?"], returns: "number", "Adds to a number, 1 if nothing is said, and returns it.") { call in
            let by = call[1] == .nil ? LuaValue.int(1) : call[1]
            return .values([
                try change(call, ttl: 2) { before in
                    switch (before ?? .integer(0), by) {
                    case (.integer(let a), .int(let b)): return .integer(a &+ b)
                    case (let a, let b):
                        guard let a = a.double else { throw LuaHostError("'incr' needs a number, but the key holds \(a.typeName)") }
                        let sum = a + (b.double ?? 0)
                        guard sum.isFinite else { throw LuaHostError("a number that is not finite cannot be kept") }
                        return .number(sum)
                    }
                }
            ])
        },
        APIFunction(
            "store:update", ["key string", "change function", "options table?"], returns: "any",
            "Gives the value of a key (or nil) to a function, and keeps what that returns: nil forgets the key. Nothing comes between."
        ) { call in
            let plugin = call.plugin
            let function = KeptFunction(call.function(1), of: plugin)
            return .values([
                try change(call, ttl: 2) { before in
                    let value = LuaValue(before ?? .null)
                    switch plugin.state.call(function.function, value == .nil ? [] : [value], budget: Plugin.longestSlice) {
                    case .returned(let values):
                        let result = values.first ?? .nil
                        return result == .nil ? nil : try JSONValue(result)
                    case .waiting(let run):
                        plugin.state.abandon(run)
                        plugin.run?.wait = nil
                        throw LuaHostError("the function of store:update cannot wait")
                    case .failed(let failure): throw LuaHostError(failure.message)
                    }
                }
            ])
        },
        APIFunction(
            "store:scan", ["prefix string?"], returns: "iterator", "For a loop: the keys that begin with the prefix, in order, and their values."
        ) { call in
            let scope = try scope(call)
            let prefix = call[0] == .nil ? "" : try call.string(0)
            var keys = Set(call.plugin.store.keys(scope, prefix: prefix, at: call.engine.clock.now.wall))
            for (key, write) in call.plugin.run?.writes ?? [:] where key.scope == scope && key.key.hasPrefix(prefix) {
                if write.entry == nil { keys.remove(key.key) } else { keys.insert(key.key) }
            }
            var rest = keys.sorted()[...]
            return .values([
                try call.plugin.iterator {
                    // A key may have gone since the loop began.
                    while let key = rest.popFirst() {
                        if let entry = read(call, .init(scope: scope, key: key)) { return [.string(key), LuaValue(entry.value)] }
                    }
                    return nil
                }
            ])
        },
        APIFunction("roost.limit", ["key string", "n number", "seconds number"], returns: "boolean, number", "Whether it may happen now: at most n times in so many seconds; else how long to wait.") { call in
            guard let count = call[1].integer, let seconds = call[2].double, (1...1_000_000).contains(count), seconds > 0, seconds <= 1e7 else {
                throw LuaHostError("roost.limit takes a key, a whole number from 1 and seconds above 0")
            }
            let wait = call.plugin.store.take(try call.string(0), count: Int(count), seconds: seconds, at: call.engine.clock.now.uptime)
            return .values([.bool(wait == nil), .number(wait ?? 0)])
        },
    ]

    /// What the method was called on holds: the plugin's own data, or that of a person or a room.
    private static func scope(_ call: APICall) throws(LuaHostError) -> String {
        switch call.object?.a {
        case 1?:
            guard let person = call.object.flatMap({ call.engine.person(number: $0.b) }) else { throw LuaHostError("that person is gone") }
            return StoreChange.scope(of: person.id)
        case 2?:
            guard let room = call.object.flatMap({ call.engine.room(number: $0.b) }) else { throw LuaHostError("that room is gone") }
            return StoreChange.scope(of: room.id)
        default: return ""
        }
    }

    private static func key(_ call: APICall) throws(LuaHostError) -> PluginStore.Key {
        let text = try call.string(0)
        guard !text.isEmpty, text.utf8.count <= 200 else { throw LuaHostError("a key is 1 to 200 bytes") }
        return .init(scope: try scope(call), key: text)
    }

    /// The value as this run sees it: with what it has written itself.
    private static func read(_ call: APICall, _ key: PluginStore.Key) -> PluginStore.Entry? {
        if let written = call.plugin.run?.writes[key] { return written.entry }
        return call.plugin.store.read(key, at: call.engine.clock.now.wall)
    }

    /// When what is written now is over, in milliseconds since 1970.
    private static func expiry(_ call: APICall, _ index: Int) throws(LuaHostError) -> Int64? {
        guard let ttl = try call.options(index).number("ttl") else { return nil }
        guard ttl > 0, ttl < 1e10 else { throw LuaHostError("'ttl' is in seconds, above 0") }
        return call.engine.clock.now.wall + Int64(ttl * 1_000)
    }

    /// Makes a value out of the one before. If another run changes that before this one's effects happen, it is made again; if
    /// that fails, which it did not the first time, what was made then counts.
    private static func change(
        _ call: APICall, ttl index: Int, _ make: @escaping (JSONValue?) throws -> JSONValue?
    ) throws -> LuaValue {
        let key = try key(call)
        let expires = try expiry(call, index)
        let from = { (before: PluginStore.Entry?) throws -> PluginStore.Entry? in
            try make(before?.value).map { PluginStore.Entry(key, $0, expires: expires ?? before?.expires) }
        }
        let before = read(call, key)
        let entry = try from(before)
        let earlier = call.plugin.run?.writes[key]
        // What a run has set itself does not depend on what was there.
        var again: ((PluginStore.Entry?) -> PluginStore.Entry?)?
        if earlier == nil || earlier?.again != nil {
            again = { current in
                let seen = earlier?.again.map { $0(current) } ?? current
                do { return try from(seen) } catch { return entry }
            }
        }
        try write(call, key, .init(entry: entry, base: earlier.map(\.base) ?? before, again: again))
        return LuaValue(entry?.value ?? .null)
    }

    private static func write(_ call: APICall, _ key: PluginStore.Key, _ write: PluginStore.Write) throws(LuaHostError) {
        guard let run = call.plugin.run else { return }
        var writes = run.writes
        writes[key] = write
        try call.host.checkQuota(call.plugin.store, writes, before: run.writes, call.plugin.manifest.store)
        run.writes = writes
    }
}

extension LuaValue {
    init(_ value: JSONValue) {
        switch value {
        case .null: self = .nil
        case .bool(let flag): self = .bool(flag)
        case .integer(let integer): self = .int(integer)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let values): self = .table(LuaTable(array: values.map { LuaValue($0) }))
        case .object(let fields):
            let pairs = fields.sorted { $0.key < $1.key }.map { LuaTable.Pair(key: .string($0.key), value: LuaValue($0.value)) }
            self = .table(LuaTable(pairs: pairs))
        }
    }
}

extension JSONValue {
    /// A Lua value as JSON: a table with values at 1…n is an array, one with string keys an object, an empty one an object.
    init(_ value: LuaValue) throws(LuaHostError) {
        switch value {
        case .nil: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let integer): self = .integer(integer)
        case .number(let number):
            guard number.isFinite else { throw LuaHostError("a number that is not finite cannot be kept") }
            self = .number(number)
        case .string(let text): self = .string(text)
        case .bytes: throw LuaHostError("text that is not UTF-8 cannot be kept")
        case .function, .object: throw LuaHostError("\(value.typeName)s cannot be kept")
        case .table(let table):
            if !table.array.isEmpty, table.pairs.isEmpty {
                var values: [JSONValue] = []
                for element in table.array { values.append(try JSONValue(element)) }
                self = .array(values)
                return
            }
            guard table.array.isEmpty else { throw LuaHostError("a table that is both a list and has names cannot be kept") }
            var fields: [String: JSONValue] = [:]
            for pair in table.pairs {
                guard let name = pair.key.string else { throw LuaHostError("a table with keys that are no strings cannot be kept") }
                fields[name] = try JSONValue(pair.value)
            }
            self = .object(fields)
        }
    }
}
