import LuaHost

extension APITable {
    static let iterators: [APIFunction] = [
        APIFunction("iterator:__call", ["state any", "control any"], returns: "any", "The next values of a loop.") { call in
            guard let object = call.object, let next = call.plugin.iterators[object.a] else { return .values([.nil]) }
            if let values = next() { return .values(values) }
            call.plugin.iterators[object.a] = nil
            return .values([.nil])
        }
    ]
}

extension Plugin {
    /// Loops that are under way at a time.
    private static let mostIterators = 10_000

    /// What a `for` loop calls until there is nothing more.
    func iterator(_ kind: Kind = .iterator, _ next: @escaping () -> [LuaValue]?) throws(LuaHostError) -> LuaValue {
        if iterators.count >= Self.mostIterators { throw LuaHostError("too many loops are under way (\(Self.mostIterators))") }
        let number = nextNumber()
        iterators[number] = next
        return kind.handle(number)
    }
}

/// A function of a plugin's that the host holds on to; given back when nobody does any more. Confined to the room loop.
final class KeptFunction {
    let function: LuaFunction
    private let plugin: Plugin

    init(_ function: LuaFunction, of plugin: Plugin) {
        self.function = function
        self.plugin = plugin
    }

    deinit { plugin.release(function) }
}
