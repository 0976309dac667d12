import JSONText
import LuaHost
import RoomEngine

extension APITable {
    static let storing: [APIFunction] = [
        APIFunction("store:get", ["key string"], returns: "any", "The value of a key, or nil.") { call in
            .values([LuaValue(try read(call, try key(call)) ?? .null)])
        },
        APIFunction("store:set", ["key string", "value any", "options table?"], "Keeps a value; with ttl, for so many seconds.") { call in
            let ttl = try call.options(2).number("ttl")
            try write(call, try key(call), call[1] == .nil ? nil : try JSONValue(call[1]), ttl: ttl)
            return .nothing
        },
        APIFunction("store:delete", ["key string"], "Forgets a key.") { call in
            try write(call, try key(call), nil, ttl: nil)
            return .nothing
        },
        APIFunction("store:incr", ["key string", "by number?", "options table?"], returns: "number", "Adds to a number and returns it.") { call in
            let key = try key(call)
            let before = try read(call, key)
            let sum: JSONValue
            switch (before ?? .integer(0), call[1]) {
            case (.integer(let a), .nil): sum = .integer(a &+ 1)
            case (.integer(let a), .int(let b)): sum = .integer(a &+ b)
            case (let a, let b):
                guard let a = a.double else { throw LuaHostError("'\(key.key)' holds \(a.typeName), not a number") }
                sum = .number(a + (b.double ?? 1))
            }
            let ttl = try call.options(2).number("ttl")
            try write(call, key, sum, ttl: ttl)
            return .values([LuaValue(sum)])
        },
        APIFunction("roost.limit", ["key string", "n number", "seconds number"], returns: "boolean, number", "Whether it may happen now: at most n times in so many seconds; else how long to wait.") { call in
            guard let count = call[1].double, let seconds = call[2].double, count >= 1, count <= 1e6, seconds > 0, seconds <= 1e7 else {
                throw LuaHostError("roost.limit takes a key, a number from 1 and seconds above 0")
            }
            let plugin = call.plugin
            let key = try call.string(0)
            let now = call.engine.clock.now.uptime
            let rate = count / seconds
            if plugin.limits.count > 10_000 {
                plugin.limits = plugin.limits.filter { !$0.value.isFull(burst: Int(count), rate: rate, at: now) }
            }
            var bucket = plugin.limits[key] ?? TokenBucket(burst: Int(count), at: now)
            let wait = bucket.take(burst: Int(count), rate: rate, at: now)
            plugin.limits[key] = bucket
            return .values(wait.map { [.bool(false), .number($0)] } ?? [.bool(true), .number(0)])
        },
    ]

    /// The key in the store that the method was called on: the plugin's own, or that of a person or a room.
    private static func key(_ call: APICall) throws(LuaHostError) -> PluginStore.Key {
        let text = try call.string(0)
        guard !text.isEmpty, text.utf8.count <= 200 else { throw LuaHostError("a key is 1 to 200 bytes") }
        switch call.object?.a {
        case 1?:
            guard let person = call.object.flatMap({ call.engine.person(number: $0.b) }) else { throw LuaHostError("that person is gone") }
            return .init(scope: "user \(person.id)", key: text)
        case 2?:
            guard let room = call.object.flatMap({ call.engine.room(number: $0.b) }) else { throw LuaHostError("that room is gone") }
            return .init(scope: "room \(room.id)", key: text)
        default: return .init(scope: "", key: text)
        }
    }

    /// The value as this run sees it: with what it has written itself.
    private static func read(_ call: APICall, _ key: PluginStore.Key) throws(LuaHostError) -> JSONValue? {
        if let written = call.plugin.run?.writes[key] { return written?.value }
        return call.plugin.store.read(key, at: call.engine.clock.now.wall)
    }

    private static func write(_ call: APICall, _ key: PluginStore.Key, _ value: JSONValue?, ttl: Double?) throws(LuaHostError) {
        guard let run = call.plugin.run else { return }
        if let ttl, !(ttl > 0 && ttl < 1e10) { throw LuaHostError("'ttl' is in seconds, above 0") }
        let expires = ttl.map { call.engine.clock.now.wall + Int64($0 * 1_000) }
        run.writes[key] = .some(value.map { .init(value: $0, expires: expires, size: PluginStore.size(key, $0.text)) })
        let size = call.plugin.store.size(with: run.writes)
        if value != nil, size > call.plugin.manifest.store {
            run.writes[key] = nil
            throw LuaHostError("the store is full: \(call.plugin.manifest.store >> 10) KiB (\"store\" in plugin.json's permissions)")
        }
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
        case .function, .object: throw LuaHostError("a \(value.typeName) cannot be kept")
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
