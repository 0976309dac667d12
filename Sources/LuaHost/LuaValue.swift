/// A Lua value outside of its state: a copy, or a reference the state keeps.
package enum LuaValue: Sendable, Equatable {
    case `nil`
    case bool(Bool)
    case int(Int64)
    case number(Double)
    case string(String)
    /// A Lua string that is not UTF-8.
    case bytes([UInt8])
    case table(LuaTable)
    case function(LuaFunction)
    case object(LuaObject)
}

/// The values at 1…n and the other pairs of a Lua table, copied.
package struct LuaTable: Sendable, Equatable {
    package struct Pair: Sendable, Equatable {
        package var key: LuaValue
        package var value: LuaValue

        package init(key: LuaValue, value: LuaValue) {
            self.key = key
            self.value = value
        }
    }

    package var array: [LuaValue]
    package var pairs: [Pair]

    package init(array: [LuaValue] = [], pairs: [Pair] = []) {
        self.array = array
        self.pairs = pairs
    }

    /// A table with string keys. Pairs whose value is nil are left out, as in Lua.
    package init(_ fields: KeyValuePairs<String, LuaValue>) {
        array = []
        pairs = fields.compactMap { $0.value == .nil ? nil : Pair(key: .string($0.key), value: $0.value) }
    }

    package subscript(_ name: String) -> LuaValue {
        pairs.first { $0.key == .string(name) }?.value ?? .nil
    }

    package var isEmpty: Bool { array.isEmpty && pairs.isEmpty }
}

/// A function of a state, by its reference in the state's registry. Whoever holds one gives it back with
/// ``LuaState/release(_:)`` unless the state ends first.
package struct LuaFunction: Sendable, Hashable {
    package let reference: Int32
}

/// A handle that a plugin holds: the kind, and two numbers that name the thing to the host.
package struct LuaObject: Sendable, Hashable {
    package var kind: UInt8
    package var a: UInt64
    package var b: UInt64

    package init(kind: UInt8, a: UInt64 = 0, b: UInt64 = 0) {
        self.kind = kind
        self.a = a
        self.b = b
    }
}

extension LuaValue {
    /// What Lua calls the type of this value.
    package var typeName: String {
        switch self {
        case .nil: "nil"
        case .bool: "boolean"
        case .int, .number: "number"
        case .string, .bytes: "string"
        case .table: "table"
        case .function: "function"
        case .object: "object"
        }
    }

    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var table: LuaTable? {
        if case .table(let table) = self { table } else { nil }
    }

    package var function: LuaFunction? {
        if case .function(let function) = self { function } else { nil }
    }

    package var object: LuaObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The number, if this is one.
    package var double: Double? {
        switch self {
        case .int(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// The integer, if this is one or a number with an exact integer value, as `lua_tointeger` has it.
    package var integer: Int64? {
        switch self {
        case .int(let integer): integer
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }

    package var bool: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// The string, or nil for nil: for optional results.
    package init(_ text: String?) {
        self = text.map(LuaValue.string) ?? .nil
    }
}
