import LuaHost
import RoomEngine

/// The kinds of handles that plugins hold.
enum Kind: UInt8, CaseIterable, Sendable {
    case event = 1, user, room, hook, timer, verdict, store, matcher, config, iterator, users, regex, response, service, console
    case serviceFunction

    /// What plugins see it called, in errors and by `tostring`.
    var name: String { self == .serviceFunction ? "service_function" : "\(self)" }

    /// Whether the host keeps something for each handle, to be let go of with it.
    var isReleased: Bool { [.matcher, .iterator, .users, .regex, .response].contains(self) }

    func handle(_ a: UInt64, _ b: UInt64 = 0) -> LuaValue { .object(LuaObject(kind: rawValue, a: a, b: b)) }
}

extension LuaValue {
    static func user(_ person: Person?) -> LuaValue { person.map { Kind.user.handle($0.number) } ?? .nil }
    static func room(_ room: Room?) -> LuaValue { room.map { Kind.room.handle($0.number) } ?? .nil }

    /// What a stale handle answers.
    static let gone: [LuaValue] = [.nil, .string("gone")]

    /// The handle, if this is one of that kind.
    func handle(_ kind: Kind) -> LuaObject? {
        guard case .object(let object) = self, object.kind == kind.rawValue else { return nil }
        return object
    }
}
