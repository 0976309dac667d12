/// What a message says, apart from who said it when.
package enum Content: Sendable, Equatable {
    case text(String)
    case gif(GIF, caption: String?)

    /// The words: a message's text, or a GIF's caption.
    package var text: String? {
        switch self {
        case .text(let text): text
        case .gif(_, let caption): caption
        }
    }
}

/// How a message is shown, as plugins want it.
package struct Look: Sendable, Equatable {
    /// Hidden until somebody wants to see it.
    package var spoiler: Bool
    /// Of a GIF: does not move until somebody wants it to.
    package var still: Bool
    /// What plugins tell clients about it: a JSON object.
    package var meta: String?

    package init(spoiler: Bool = false, still: Bool = false, meta: String? = nil) {
        self.spoiler = spoiler
        self.still = still
        self.meta = meta
    }
}

/// What became of a message after it was sent.
package struct Aftermath: Sendable, Equatable {
    /// The number of the last event that changed the message. Events up to it are in what the message is now.
    package var last: Int64
    /// When its author changed it, in milliseconds since 1970.
    package var editedAt: Int64?
    /// Those that came first in front.
    package var reactions: [Reaction]

    package init(last: Int64 = 0, editedAt: Int64? = nil, reactions: [Reaction] = []) {
        self.last = last
        self.editedAt = editedAt
        self.reactions = reactions
    }
}

/// One emoji under a message, and whose it is.
package struct Reaction: Sendable, Equatable {
    package var emoji: String
    /// Ids, those who were first in front.
    package var people: [String]
    /// How many more there are, in what is sent to somebody.
    package var others = 0

    package var count: Int { people.count + others }

    package init(emoji: String, people: [String]) {
        self.emoji = emoji
        self.people = people
    }

    /// With so many people named at most, and the viewer in any case: they want to know whether they have reacted.
    func shortened(to limit: Int, for viewer: String) -> Reaction {
        guard people.count > limit else { return self }
        var short = self
        short.people = Array(people.prefix(limit))
        if people.dropFirst(limit).contains(viewer) { short.people.append(viewer) }
        short.others = people.count - short.people.count
        return short
    }
}

extension Event {
    /// What it says, if it is a message that is still there.
    package var content: Content? {
        switch body {
        case .chat(_, let text, _): .text(text)
        case .gif(_, let gif, let caption): .gif(gif, caption: caption)
        default: nil
        }
    }

    /// Whether it is a message, deleted or not.
    package var isMessage: Bool {
        switch body {
        case .chat, .gif, .deleted: true
        default: false
        }
    }

    /// The number of the message that this event changes, if it is such an event.
    package var target: Int64? {
        switch body {
        case .edit(let of, _, _), .delete(let of, _, _), .react(let of, _, _, _): of
        default: nil
        }
    }

    package var reactions: [Reaction] { aftermath?.reactions ?? [] }

    /// Takes in what a later event has changed, unless it is in already. An event that is about another message changes nothing.
    ///
    /// This is what a message is after a change, for the room's memory and for journals alike: an edited message says what it
    /// says now, and so do its earlier edits; of a deleted one nothing is left anywhere.
    package mutating func take(_ change: Event) {
        if change.target == seq {
            if change.seq > aftermath?.last ?? 0 { apply(change) }
        } else if case .edit(let of, let by, let content) = body, of == change.target {
            switch change.body {
            case .edit(_, _, let newer?): if newer != content { body = .edit(of: of, by: by, newer) }
            case .delete: body = .edit(of: of, by: by, nil)
            default: break
            }
        }
    }

    /// Changes a message as the event says that changes it.
    package mutating func apply(_ change: Event) {
        var after = aftermath ?? Aftermath()
        after.last = change.seq
        switch change.body {
        case .edit(_, _, let content?):
            switch (body, content) {
            case (.chat(let from, _, let replyTo), .text(let text)):
                body = .chat(from: from, text: text, replyTo: replyTo)
                after.editedAt = change.at
            case (.gif(let from, _, _), .gif(let gif, let caption)):
                body = .gif(from: from, gif: gif, caption: caption)
                after.editedAt = change.at
            case (.deleted(let from, _, let replyTo), .text(let text)): body = .chat(from: from, text: text, replyTo: replyTo)
            case (.deleted(let from, _, _), .gif(let gif, let caption)): body = .gif(from: from, gif: gif, caption: caption)
            default: return
            }
        case .delete(_, let by, _):
            switch body {
            case .chat(let from, _, let replyTo): body = .deleted(from: from, by: by, replyTo: replyTo)
            case .gif(let from, _, _): body = .deleted(from: from, by: by, replyTo: nil)
            // It was back meanwhile, for somebody who has only seen it deleted before: of its words nothing is told any more.
            case .deleted(let from, _, let replyTo): body = .deleted(from: from, by: by, replyTo: replyTo)
            default: return
            }
            look = nil
            after.editedAt = nil
            after.reactions = []
        case .react(_, let by, let emoji, let on):
            guard content != nil else { return }
            after.reactions.set(emoji, of: by.id, on)
        default: return
        }
        aftermath = after
    }
}

extension [Reaction] {
    package func has(_ emoji: String, of person: String) -> Bool { contains { $0.emoji == emoji && $0.people.contains(person) } }

    /// How many emoji of theirs there are.
    package func count(of person: String) -> Int { count { $0.people.contains(person) } }

    fileprivate mutating func set(_ emoji: String, of person: String, _ on: Bool) {
        guard let index = firstIndex(where: { $0.emoji == emoji }) else {
            if on { append(Reaction(emoji: emoji, people: [person])) }
            return
        }
        // Who reacts again stays in their place.
        if on, self[index].people.contains(person) { return }
        self[index].people.removeAll { $0 == person }
        if on { self[index].people.append(person) }
        if self[index].people.isEmpty { remove(at: index) }
    }
}

extension [Event] {
    /// As they are sent to somebody: of very many reactions the number is enough.
    func sent(to viewer: String) -> [Event] {
        let limit = 50
        return map { event in
            let reactions = event.reactions
            guard reactions.contains(where: { $0.people.count > limit }) else { return event }
            var event = event
            event.aftermath?.reactions = reactions.map { $0.shortened(to: limit, for: viewer) }
            return event
        }
    }

    /// The same events with what later ones have changed in them.
    func updated(by later: some Sequence<Event>) -> [Event] {
        var events = self
        for change in later {
            guard change.target != nil else { continue }
            for index in events.indices where events[index].seq < change.seq { events[index].take(change) }
        }
        return events
    }
}

extension [Event] {
    /// Takes a change in where it belongs, for journals that keep a room's events in an array: number 1 first, none missing.
    package mutating func changeMessage(by change: Event) {
        guard let target = change.target, indices.contains(Int(clamping: target - 1)) else { return }
        if case .react = change.body { return self[Int(target) - 1].take(change) }
        for index in indices.dropFirst(Int(target) - 1) { self[index].take(change) }
    }

    /// What somebody with that id has written, changed or done since.
    package func of(_ author: String, since: Int64) -> [Event] {
        filter { $0.author?.id == author && ($0.at >= since || $0.aftermath?.editedAt ?? .min >= since) }
    }
}
