/// The events that plugins can hook. One row of the plugin API's event table each, in this order.
package enum HookKind: Int, Sendable, CaseIterable {
    case join, exit, chat, gif, system, color, owner, command, held, configChanged, schedule
    case connect, whisper, name, topic, roomCreate, roomRemove, kick, mute, ban
    case edit, delete, react, report, history
    /// Of a plugin's own life: whoever holds the plugins calls these, not the engine.
    case load, ready, unload, save, restore, shutdown

    /// What plugins call it.
    package var name: String {
        switch self {
        case .configChanged: "config_changed"
        case .roomCreate: "room_create"
        case .roomRemove: "room_remove"
        default: "\(self)"
        }
    }
}

/// Who is behind an event.
package enum Origin: Sendable, Equatable {
    case person
    /// A plugin did it; `hops` counts plugins that caused one another.
    case plugin(PluginID, hops: Int)
    case console(String)
    case server
}

/// An event on its way through the hooks.
///
/// A class because handlers may wait while it is kept, and because verdicts change what is sent on. Confined to the room
/// loop.
package final class HookEvent {
    /// What is large is kept apart, so that a text message, the most frequent of all, is not copied as something large.
    package enum Payload {
        /// A person arrives at the server. Resumed: a seat waits for them.
        case connect(locale: String, resumed: Bool)
        /// Resumed: they have been here, and say what they have seen.
        case join(resumed: Bool, count: Int, max: Int)
        case exit(reason: ExitReason, by: String?, seconds: Int)
        case chat(text: String, replyTo: Int64?)
        indirect case gif(GIF, caption: String?)
        case whisper(to: Person, text: String)
        /// With the values for the places in its text.
        indirect case system(LocalizedText, key: String?, values: [String: String])
        case color(seed: String)
        case owner(candidates: [Person])
        case command(name: String, arguments: String)
        indirect case held(text: String, decision: String, by: String, why: String)
        case name(from: String, to: String)
        case topic(from: String, to: String)
        case roomCreate(title: String, max: Int, hasPassword: Bool)
        case roomRemove(reason: String)
        /// The target is nil if they are not here.
        indirect case moderation(Moderation, target: Person?)
        /// - message: as it is before the change
        indirect case edit(message: Event, text: String)
        indirect case delete(message: Event, why: String?)
        indirect case react(message: Event, emoji: String, on: Bool)
        indirect case report(message: Event, why: String)
        /// Messages from before somebody came, which they are about to be sent.
        case history([Event])
    }

    package let kind: HookKind
    /// Nil of what happens in no room.
    package let room: Room?
    package let person: Person?
    package let at: Int64
    package let origin: Origin
    /// Changed by `modify` verdicts.
    package var payload: Payload
    /// How a message is to be shown.
    package var look: Look?
    /// The number it got, once it is stored.
    package var seq: Int64?
    /// Names the trace of its decision, if the plugins made one.
    package var trace: UInt64?
    /// The connection that it came by.
    package let connection: ConnectionID?
    /// Set for what need not keep the room's line waiting: a hook that wants time calls it, the line goes on, and the event
    /// takes its place when it is decided.
    package var leaveLine: (() -> Void)?
    /// What the hooks keep with it from its decision on. The engine does not look at it.
    package var passage: AnyObject?

    init(_ kind: HookKind, room: Room?, person: Person?, at: Int64, origin: Origin, connection: ConnectionID? = nil, payload: Payload) {
        self.kind = kind
        self.room = room
        self.person = person
        self.at = at
        self.origin = origin
        self.connection = connection
        self.payload = payload
    }
}

extension HookEvent {
    /// The same event, whose payload can be changed apart.
    package func copy() -> HookEvent {
        let copy = HookEvent(kind, room: room, person: person, at: at, origin: origin, connection: connection, payload: payload)
        copy.seq = seq
        copy.trace = trace
        copy.look = look
        return copy
    }

    /// A text message as its room's engine would ask about it: for measuring.
    package convenience init(chat text: String, _ room: Room, _ person: Person) {
        self.init(.chat, room: room, person: person, at: 0, origin: .person, payload: .chat(text: text, replyTo: nil))
    }
}

/// Who wants something done.
package enum Actor: Sendable, Equatable {
    case person(PersonID)
    /// `hops` counts plugins that caused one another.
    case plugin(PluginID, hops: Int)
    case console, server

    /// As lists and events show it: the person's or the plugin's id, `console` or `server`.
    package var name: String {
        switch self {
        case .person(let id): id.text
        case .plugin(let id, _): id.text
        case .console: "console"
        case .server: "server"
        }
    }

    var origin: Origin {
        switch self {
        case .person: .person
        case .plugin(let id, let hops): .plugin(id, hops: hops)
        case .console: .console("console")
        case .server: .server
        }
    }

    /// Whether plugins are asked. What an operator or the server does is done.
    var isAsked: Bool {
        switch self {
        case .person, .plugin: true
        case .console, .server: false
        }
    }
}

/// What the hooks decided.
package struct Decision {
    package enum Outcome {
        case pass
        /// The message is not sent; its author is told. Silent: its author alone sees it.
        case drop(Refusal, silent: Bool)
        /// A moderator decides.
        case hold(reason: String, seconds: Double, by: String)
        case deny(Refusal)
        case redirect(RoomID)
        case color(String)
        case owner(PersonID)
    }

    package var outcome: Outcome
    /// What the handlers that passed it asked for. They happen with the decision.
    package var effects: [Effect]

    package init(_ outcome: Outcome, effects: [Effect] = []) {
        self.outcome = outcome
        self.effects = effects
    }
}

/// Something a plugin wants done. The plugin host has checked that it may.
package enum Effect: Sendable, Equatable {
    case tell(PersonID, room: RoomID?, LocalizedText, by: PluginID)
    /// - name: what the plugin calls the message: the same one again is the same message
    case say(RoomID, text: String, by: PluginID, hops: Int, name: String? = nil)
    case edit(RoomID, MessageName, text: String, by: PluginID, hops: Int)
    /// - seq: nil is the message that the plugin has just decided about
    case react(RoomID, Int64?, emoji: String, by: PluginID, hops: Int)
    case redact(RoomID, Int64, why: String?, by: PluginID, hops: Int)
    case system(RoomID, LocalizedText, key: String?, values: [String: String], by: PluginID, hops: Int)
    /// A whisper of the plugin's.
    case whisper(PersonID, room: RoomID, text: String, by: PluginID)
    case moderate(Moderation)
    case unmute(RoomID, PersonID, by: Actor)
    case unban(RoomID, PersonID, by: Actor)
    case rename(PersonID, String, by: Actor)
    case transfer(RoomID, PersonID, by: Actor)
    case change(RoomID, RoomChange, by: Actor)
    case remove(RoomID, reason: String)
    case store(StoreChange)
    case schedule(ScheduleChange)
    case approve(String, by: String)
    case refuse(String, why: String, by: String)
}

/// How a plugin names a message: by its number or, if it is its own, by the name that it gave it.
package enum MessageName: Sendable, Equatable {
    case number(Int64)
    case own(String)
}

/// New values for some of a room's settings.
package struct RoomChange: Sendable, Equatable {
    package var title: String?
    package var max: Int?
    package var topic: String?
    package var slow: Int?
    package var locked: Bool?
    package var tags: [String]?

    package init(
        title: String? = nil, max: Int? = nil, topic: String? = nil, slow: Int? = nil, locked: Bool? = nil, tags: [String]? = nil
    ) {
        self.title = title
        self.max = max
        self.topic = topic
        self.slow = slow
        self.locked = locked
        self.tags = tags
    }
}

/// The plugins, as the engine sees them. Calls back on the room loop, at once if no handler waits.
package protocol Hooks: AnyObject {
    /// Asks the handlers before it happens. The event's payload is then what passed.
    func decide(_ event: HookEvent, then: @escaping (Decision) -> Void)
    /// It happened.
    func happened(_ event: HookEvent)
    /// Carries a slash command out, after the handlers of `command` have let it pass. A refusal tells the person what was
    /// wrong with it.
    func perform(_ command: HookEvent, then: @escaping (Refusal?, [Effect]) -> Void)
    /// The slash commands there are in a room for somebody with that role.
    func commands(in room: Room, for role: Role) -> [CommandInfo]
}

/// No plugins: everything passes.
package final class NoHooks: Hooks {
    package init() {}
    package func decide(_ event: HookEvent, then: @escaping (Decision) -> Void) { then(Decision(.pass)) }
    package func happened(_ event: HookEvent) {}
    package func perform(_ command: HookEvent, then: @escaping (Refusal?, [Effect]) -> Void) {
        then(Refusal(.notFound, "There are no commands here."), [])
    }
    package func commands(in room: Room, for role: Role) -> [CommandInfo] { [] }
}
