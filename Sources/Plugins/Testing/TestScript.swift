import JSONText
import LuaHost
import RoomEngine

/// A `test.lua` in a Lua state of its own, apart from the plugin's.
final class TestScript: LuaHost {
    private struct Case {
        let name: String
        let configuration: [String: JSONValue]
        let function: LuaFunction
    }

    enum Kind: UInt8, CaseIterable {
        case world = 1, visitor, room, expectation
        var name: String { self == .world ? "t" : "\(self)" }
    }

    private(set) var state: LuaState!
    let files: PluginFiles
    private var cases: [Case] = []
    var world: TestWorld?
    var visitors: [TestWorld.Visitor] = []
    /// By the number in a room's handle: the room's own number does not outlive a restart.
    var rooms: [RoomID] = []

    init(_ source: (text: String, chunkName: String), files: PluginFiles) throws(LuaHostError) {
        self.files = files
        state = LuaState(limits: .init(), seed: 1, host: self)
        for kind in Kind.allCases { try state.define(kind: kind.rawValue, name: kind.name) }
        for (index, function) in TestFunctions.all.enumerated() { try state.define(function.path, function: Int32(index)) }
        if case .failed(let failure) = state.load(source.text, name: source.chunkName, budget: .seconds(5)) {
            throw LuaHostError(failure.message)
        }
    }

    var names: [String] { cases.map(\.name) }
    func configuration(_ index: Int) -> [String: JSONValue] { cases[index].configuration }

    func add(_ name: String, _ configuration: [String: JSONValue], _ function: LuaFunction) {
        cases.append(Case(name: name, configuration: configuration, function: function))
    }

    /// Runs one test. What went wrong, with its place and traceback; nil if nothing did.
    func run(_ index: Int, in world: TestWorld) -> String? {
        self.world = world
        visitors = []
        rooms = []
        let t = LuaValue.object(LuaObject(kind: Kind.world.rawValue))
        switch state.call(cases[index].function, [t], budget: .seconds(10)) {
        case .returned: return nil
        case .waiting: return "a test cannot wait"
        case .failed(let failure):
            if failure.kind == .time { return "the test ran longer than 10 s" }
            return failure.message
        }
    }

    // MARK: LuaHost

    func call(_ function: Int32, _ arguments: [LuaValue]) throws(LuaHostError) -> LuaAnswer {
        let row = TestFunctions.all[Int(function)]
        do {
            return .values(try row.call(self, arguments))
        } catch let error as LuaHostError {
            throw error
        } catch {
            throw LuaHostError("\(error)")
        }
    }

    func attribute(_ name: String, of object: LuaObject) -> LuaValue? {
        guard let world else { return nil }
        switch Kind(rawValue: object.kind) {
        case .visitor?:
            let visitor = visitors[Int(object.a)]
            let person = world.engine.people[visitor.record.id]
            let room = visitor.rooms.last.flatMap { world.engine.rooms[$0] }
            switch name {
            case "id": return .string(visitor.record.id.text)
            case "name": return .string(person?.name ?? visitor.record.name)
            case "color": return LuaValue(room?.members[visitor.record.id]?.color)
            case "role": return person.flatMap { person in room.map { .string($0.role(of: person).rawValue) } } ?? .nil
            default: return nil
            }
        case .room?:
            guard let room = world.engine.rooms[rooms[Int(object.a)]] else { return .nil }
            switch name {
            case "id": return .string(room.id.text)
            case "title": return .string(room.record.title)
            case "topic": return .string(room.record.topic)
            case "count": return .int(Int64(room.count))
            case "owner": return LuaValue(room.record.owner?.name)
            default: return nil
            }
        default: return nil
        }
    }

    func field(_ slot: Int, ofEvent serial: UInt64) -> LuaValue { .nil }
    func released(_ object: LuaObject) {}
    func source(ofModule name: String) throws(LuaHostError) -> (text: String, chunkName: String) { try files.module(name) }
    func print(_ line: String) { world?.note(line) }
    var time: (wall: Double, running: Double) { (Double(world?.clock.now.wall ?? 0) / 1_000, Double(world?.clock.now.uptime ?? 0) / 1_000) }
}
