import CLuaShim

/// Reads values from the bytes in which they cross the border (`roost_lua.h`, "Values").
struct ValueReader {
    private var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    mutating func readAll() -> [LuaValue] {
        var values: [LuaValue] = []
        while !rest.isEmpty { values.append(read()) }
        return values
    }

    private mutating func read() -> LuaValue {
        switch Int(take(UInt8.self)) {
        case ROOST_NIL: return .nil
        case ROOST_FALSE: return .bool(false)
        case ROOST_TRUE: return .bool(true)
        case ROOST_INTEGER: return .int(take(Int64.self))
        case ROOST_NUMBER: return .number(take(Double.self))
        case ROOST_STRING: return readString()
        case ROOST_TABLE: return .table(readTable())
        case ROOST_FUNCTION: return .function(LuaFunction(reference: take(Int32.self)))
        case ROOST_OBJECT:
            return .object(LuaObject(kind: take(UInt8.self), a: take(UInt64.self), b: take(UInt64.self)))
        case let tag: preconditionFailure("the shim wrote a value with the unknown tag \(tag)")
        }
    }

    private mutating func readString() -> LuaValue {
        let count = Int(take(UInt32.self))
        let bytes = UnsafeRawBufferPointer(rebasing: rest[..<count])
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .bytes(Array(bytes))
    }

    private mutating func readTable() -> LuaTable {
        var table = LuaTable()
        let count = Int(take(UInt32.self))
        table.array.reserveCapacity(count)
        for _ in 0..<count { table.array.append(read()) }
        let pairs = Int(take(UInt32.self))
        table.pairs.reserveCapacity(pairs)
        for _ in 0..<pairs {
            let key = read()
            table.pairs.append(LuaTable.Pair(key: key, value: read()))
        }
        return table
    }

    private mutating func take<T: BitwiseCopyable>(_ type: T.Type) -> T {
        let value = rest.loadUnaligned(as: type)
        rest = UnsafeRawBufferPointer(rebasing: rest[MemoryLayout<T>.size...])
        return value
    }
}

/// Writes values as the bytes in which they cross the border.
struct ValueWriter {
    let buffer: UnsafeMutablePointer<roost_buffer>

    func write(_ value: LuaValue) {
        switch value {
        case .nil: tag(ROOST_NIL)
        case .bool(let flag): tag(flag ? ROOST_TRUE : ROOST_FALSE)
        case .int(let integer):
            tag(ROOST_INTEGER)
            append(integer)
        case .number(let number):
            tag(ROOST_NUMBER)
            append(number)
        case .string(var text):
            tag(ROOST_STRING)
            text.withUTF8 { append($0) }
        case .bytes(let bytes):
            tag(ROOST_STRING)
            bytes.withUnsafeBufferPointer { append($0) }
        case .table(let table):
            tag(ROOST_TABLE)
            append(UInt32(table.array.count))
            for value in table.array { write(value) }
            append(UInt32(table.pairs.count))
            for pair in table.pairs {
                write(pair.key)
                write(pair.value)
            }
        case .function(let function):
            tag(ROOST_FUNCTION)
            append(function.reference)
        case .object(let object):
            tag(ROOST_OBJECT)
            append(object.kind)
            append(object.a)
            append(object.b)
        }
    }

    private func tag(_ tag: Int) { append(UInt8(tag)) }

    private func append<T: BitwiseCopyable>(_ value: T) {
        withUnsafeBytes(of: value) { roost_append(buffer, $0.baseAddress, $0.count) }
    }

    private func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        append(UInt32(bytes.count))
        roost_append(buffer, bytes.baseAddress, bytes.count)
    }
}
