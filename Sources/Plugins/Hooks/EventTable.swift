import LuaHost
import RoomEngine

/// The verdicts of the plugin API.
enum VerdictKind: String, CaseIterable {
    case modify, drop, hold, flag, accept, deny, redirect, value, `defer`

    /// Its place among all of them.
    var index: Int {
        switch self {
        case .modify: 0
        case .drop: 1
        case .hold: 2
        case .flag: 3
        case .accept: 4
        case .deny: 5
        case .redirect: 6
        case .value: 7
        case .defer: 8
        }
    }
}

/// When handlers are called, in this order; between `decorate` and `after` it happens.
package enum Phase: String, CaseIterable, Comparable {
    case transform, filter, decorate, gate, after, observe

    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self)! }

    /// Whether handlers of this phase decide.
    var isBefore: Bool { self < .after }
}

/// One row per event that plugins can hook: what is in it, and what can be answered.
///
/// A class because whoever looks a row up for every event should not copy it.
final class EventRow: Sendable {
    let kind: HookKind
    let phases: [Phase]
    let defaultPhase: Phase
    let verdicts: Set<VerdictKind>
    /// Fields beside those that every event has, in the order in which `fill` sets them.
    let fields: [String]
    /// Handlers name one of several by a word after the event's name, as in `schedule:tea`.
    let hasTopics: Bool
    /// What `roost.modify` may change.
    let changes: [Change]
    /// Sets the fields, from slot `firstField` on.
    let fill: @Sendable (HookEvent, LuaEvent) -> Void

    init(
        kind: HookKind, phases: [Phase], defaultPhase: Phase, verdicts: Set<VerdictKind>, changes: [Change] = [], fields: [String],
        hasTopics: Bool = false, fill: @escaping @Sendable (HookEvent, LuaEvent) -> Void
    ) {
        self.kind = kind
        self.phases = phases
        self.defaultPhase = defaultPhase
        self.verdicts = verdicts
        self.changes = changes
        self.fields = fields
        self.hasTopics = hasTopics
        self.fill = fill
    }

    static let commonFields = ["id", "room", "user", "at", "origin", "seq", "verdict"]
    /// What was decided; set for observers alone.
    static let verdictSlot = 6
    static let firstField = commonFields.count

    /// It is about the plugin alone: no manifest need name it.
    var isOwn: Bool {
        switch kind {
        case .load, .ready, .unload, .save, .restore, .shutdown, .configChanged: true
        default: false
        }
    }

    var allFields: [String] { Self.commonFields + fields }
    var canBeVetoed: Bool { !verdicts.isEmpty }
    /// The phase of `roost.before`.
    var phaseBefore: Phase { phases.first { $0 == .filter } ?? phases.first ?? defaultPhase }
    /// The event's name as lists show it.
    var shownName: String { hasTopics ? "\(kind.name):<name>" : kind.name }
}

private let messagePhases: [Phase] = [.transform, .filter, .decorate, .after, .observe]
private let gatePhases: [Phase] = [.gate, .after, .observe]
private let actPhases: [Phase] = [.filter, .after, .observe]

enum EventTable {
    /// The call of a slash command's function, which no plugin hooks. The last row.
    static let callRow = rows.count - 1

    static let rows: [EventRow] = [
        EventRow(
            kind: .join, phases: gatePhases, defaultPhase: .gate, verdicts: [.deny, .redirect, .hold], fields: ["resumed", "count", "max"]
        ) { event, fields in
            guard case .join(let resumed, let count, let max) = event.payload else { return }
            fields.set(EventRow.firstField, resumed)
            fields.set(EventRow.firstField + 1, Int64(count))
            fields.set(EventRow.firstField + 2, Int64(max))
        },
        EventRow(kind: .exit, phases: [.after, .observe], defaultPhase: .after, verdicts: [], fields: ["reason", "by", "seconds"]) {
            event, fields in
            guard case .exit(let reason, let by, let seconds) = event.payload else { return }
            fields.set(EventRow.firstField, reason.rawValue)
            if let by { fields.set(EventRow.firstField + 1, by) }
            fields.set(EventRow.firstField + 2, Int64(seconds))
        },
        EventRow(
            kind: .chat, phases: messagePhases, defaultPhase: .filter, verdicts: [.modify, .drop, .hold, .flag, .accept, .defer],
            changes: [Change("text", .message), Change("spoiler", .flag), Change("meta", .data)], fields: ["text", "mentions", "links", "reply_to"]
        ) { event, fields in
            guard case .chat(let text, let replyTo) = event.payload else { return }
            fields.set(EventRow.firstField, text)
            fields.setLazy(EventRow.firstField + 1)
            fields.setLazy(EventRow.firstField + 2)
            if let replyTo { fields.set(EventRow.firstField + 3, replyTo) }
        },
        EventRow(
            kind: .gif, phases: messagePhases, defaultPhase: .filter, verdicts: [.modify, .drop, .hold, .flag, .accept, .defer],
            changes: [Change("caption", .message), Change("spoiler", .flag), Change("still", .flag), Change("meta", .data)], fields: ["gif", "caption"]
        ) { event, fields in
            guard case .gif(_, let caption) = event.payload else { return }
            fields.setLazy(EventRow.firstField)
            if let caption { fields.set(EventRow.firstField + 1, caption) }
        },
        EventRow(
            kind: .system, phases: actPhases, defaultPhase: .after, verdicts: [.modify, .drop], changes: [Change("text", .message)],
            fields: ["key", "args", "text"]
        ) { event, fields in
            guard case .system(let text, let key, _) = event.payload else { return }
            if let key { fields.set(EventRow.firstField, key) }
            fields.setLazy(EventRow.firstField + 1)
            fields.set(EventRow.firstField + 2, text.text)
        },
        EventRow(kind: .color, phases: gatePhases, defaultPhase: .gate, verdicts: [.value], fields: ["seed"]) { event, fields in
            guard case .color(let seed) = event.payload else { return }
            fields.set(EventRow.firstField, seed)
        },
        EventRow(kind: .owner, phases: gatePhases, defaultPhase: .gate, verdicts: [.value], fields: ["candidates"]) { _, fields in
            fields.setLazy(EventRow.firstField)
        },
        EventRow(kind: .command, phases: gatePhases, defaultPhase: .gate, verdicts: [.deny], fields: ["name", "args"]) { event, fields in
            guard case .command(let name, let arguments) = event.payload else { return }
            fields.set(EventRow.firstField, name)
            fields.set(EventRow.firstField + 1, arguments)
        },
        EventRow(kind: .held, phases: [.after, .observe], defaultPhase: .after, verdicts: [], fields: ["text", "decision", "by", "why"]) {
            event, fields in
            guard case .held(let text, let decision, let by, let why) = event.payload else { return }
            fields.set(EventRow.firstField, text)
            fields.set(EventRow.firstField + 1, decision)
            fields.set(EventRow.firstField + 2, by)
            fields.set(EventRow.firstField + 3, why)
        },
        EventRow(kind: .configChanged, phases: [.after], defaultPhase: .after, verdicts: [], fields: ["changed"]) { _, _ in },
        EventRow(kind: .schedule, phases: [.after], defaultPhase: .after, verdicts: [], fields: ["data", "late", "key"], hasTopics: true) { _, _ in },
        EventRow(kind: .connect, phases: gatePhases, defaultPhase: .after, verdicts: [.deny], fields: ["locale", "resumed"]) { event, fields in
            guard case .connect(let locale, let resumed) = event.payload else { return }
            fields.set(EventRow.firstField, locale)
            fields.set(EventRow.firstField + 1, resumed)
        },
        EventRow(
            kind: .whisper, phases: messagePhases, defaultPhase: .filter, verdicts: [.modify, .drop, .hold, .flag],
            changes: [Change("text", .message)], fields: ["to", "text"]
        ) { event, fields in
            guard case .whisper(let to, _) = event.payload else { return }
            fields.set(EventRow.firstField, LuaObject(kind: Kind.user.rawValue, a: to.number))
            // Whether a plugin may read it is another question for each.
            fields.setLazy(EventRow.firstField + 1)
        },
        EventRow(
            kind: .name, phases: messagePhases, defaultPhase: .filter, verdicts: [.modify, .deny], changes: [Change("to", .name)],
            fields: ["from", "to"]
        ) { event, fields in
            guard case .name(let from, let to) = event.payload else { return }
            fields.set(EventRow.firstField, from)
            fields.set(EventRow.firstField + 1, to)
        },
        EventRow(
            kind: .topic, phases: actPhases, defaultPhase: .after, verdicts: [.modify, .deny], changes: [Change("to", .topic)],
            fields: ["from", "to"]
        ) { event, fields in
            guard case .topic(let from, let to) = event.payload else { return }
            fields.set(EventRow.firstField, from)
            fields.set(EventRow.firstField + 1, to)
        },
        EventRow(
            kind: .roomCreate, phases: gatePhases, defaultPhase: .gate, verdicts: [.modify, .deny],
            changes: [Change("title", .title), Change("max", .seats)], fields: ["title", "max", "has_password"]
        ) { event, fields in
            guard case .roomCreate(let title, let max, let hasPassword) = event.payload else { return }
            fields.set(EventRow.firstField, title)
            fields.set(EventRow.firstField + 1, Int64(max))
            fields.set(EventRow.firstField + 2, hasPassword)
        },
        EventRow(kind: .roomRemove, phases: [.after, .observe], defaultPhase: .after, verdicts: [], fields: ["reason"]) { event, fields in
            guard case .roomRemove(let reason) = event.payload else { return }
            fields.set(EventRow.firstField, reason)
        },
        moderation(.kick, changes: [Change("reason", .reason)]),
        moderation(.mute, changes: [Change("seconds", .seconds), Change("reason", .reason)]),
        moderation(.ban, changes: [Change("seconds", .seconds), Change("reason", .reason)]),
        EventRow(
            kind: .edit, phases: messagePhases, defaultPhase: .filter, verdicts: [.modify, .drop, .hold], changes: [Change("text", .message)],
            fields: ["message", "before", "after", "text", "mentions", "links"]
        ) { event, fields in
            guard case .edit(let message, let text) = event.payload else { return }
            fields.setLazy(EventRow.firstField)
            if let before = message.content?.text { fields.set(EventRow.firstField + 1, before) }
            fields.set(EventRow.firstField + 2, text)
            // As in a chat message, so that one handler can see to both.
            fields.set(EventRow.firstField + 3, text)
            fields.setLazy(EventRow.firstField + 4)
            fields.setLazy(EventRow.firstField + 5)
        },
        EventRow(
            kind: .delete, phases: actPhases, defaultPhase: .after, verdicts: [.modify, .drop, .hold], changes: [Change("why", .reason)],
            fields: ["message", "before", "after", "why"]
        ) { event, fields in
            guard case .delete(let message, let why) = event.payload else { return }
            fields.setLazy(EventRow.firstField)
            if let before = message.content?.text { fields.set(EventRow.firstField + 1, before) }
            if let why { fields.set(EventRow.firstField + 3, why) }
        },
        EventRow(
            kind: .react, phases: actPhases, defaultPhase: .after, verdicts: [.modify, .drop, .hold], changes: [Change("emoji", .emoji)],
            fields: ["message", "before", "after"]
        ) { event, fields in
            guard case .react(_, let emoji, let on) = event.payload else { return }
            fields.setLazy(EventRow.firstField)
            fields.set(EventRow.firstField + (on ? 2 : 1), emoji)
        },
        EventRow(kind: .report, phases: [.after, .observe], defaultPhase: .after, verdicts: [], fields: ["message", "by", "why"]) { event, fields in
            guard case .report(_, let why) = event.payload else { return }
            fields.setLazy(EventRow.firstField)
            if let person = event.person { fields.set(EventRow.firstField + 1, person.name) }
            fields.set(EventRow.firstField + 2, why)
        },
        EventRow(
            kind: .history, phases: [.filter, .after, .observe], defaultPhase: .filter, verdicts: [.modify],
            changes: [Change("messages", .messages)], fields: ["messages"]
        ) { _, fields in
            fields.setLazy(EventRow.firstField)
        },
        // A plugin's own life: called by the host, about no room.
        life(.load, ["reason", "before"]), life(.ready, ["reason", "before"]), life(.unload, ["reason"]),
        EventRow(kind: .save, phases: [.gate], defaultPhase: .gate, verdicts: [.value], fields: []) { _, _ in },
        life(.restore, ["data", "before"]), life(.shutdown, ["reason"]),
        EventRow(kind: .command, phases: [], defaultPhase: .after, verdicts: [], fields: ["name", "args"]) { event, fields in
            guard case .command(let name, _) = event.payload else { return }
            fields.set(EventRow.firstField, name)
            fields.setLazy(EventRow.firstField + 1)
        },
    ]

    private static func moderation(_ kind: HookKind, changes: [Change]) -> EventRow {
        EventRow(
            kind: kind, phases: actPhases, defaultPhase: .after, verdicts: [.modify, .deny], changes: changes,
            fields: ["target", "by", "seconds", "reason"]
        ) { event, fields in
            guard case .moderation(let wanted, let target) = event.payload else { return }
            if let target { fields.set(EventRow.firstField, LuaObject(kind: Kind.user.rawValue, a: target.number)) }
            fields.set(EventRow.firstField + 1, wanted.by.name)
            if let seconds = wanted.seconds { fields.set(EventRow.firstField + 2, seconds) }
            fields.set(EventRow.firstField + 3, wanted.reason)
        }
    }

    private static func life(_ kind: HookKind, _ fields: [String]) -> EventRow {
        EventRow(kind: kind, phases: [.after], defaultPhase: .after, verdicts: [], fields: fields) { _, _ in }
    }

    private static let byName = Dictionary(uniqueKeysWithValues: HookKind.allCases.map { ($0.name, $0.rawValue) })

    /// The row of an event by the name that plugins use: `chat`, or `schedule:tea` where topics are.
    static func index(named name: String) -> Int? {
        let parts = name.split(separator: ":", maxSplits: 1)
        guard let base = parts.first.map(String.init), let row = byName[base] else { return nil }
        return rows[row].hasTopics == (parts.count == 2) && name.contains(":") == (parts.count == 2) ? row : nil
    }

    /// What stands after the colon of an event's name.
    static func topic(of name: String) -> String? {
        let parts = name.split(separator: ":", maxSplits: 1)
        return parts.count == 2 ? String(parts[1]) : nil
    }

    /// The rows are in the order of the kinds.
    static func index(of kind: HookKind) -> Int { kind.rawValue }
    static var names: [String] { rows.filter { !$0.phases.isEmpty }.map(\.shownName) }
}
