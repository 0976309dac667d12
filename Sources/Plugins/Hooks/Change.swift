import ChatText
import LuaHost
import RoomEngine

/// A field that `roost.modify` may change, and what a new value must be.
struct Change: Sendable {
    enum Kind: Sendable { case message, name, title, topic, reason, seats, seconds, flag, data, emoji, messages }

    let name: String
    let kind: Kind

    init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// What is wrong with a value, if anything is.
    func problem(with value: LuaValue, of event: HookEvent, _ limits: Limits) -> String? {
        switch kind {
        case .seats:
            let range = limits.smallestRoom...limits.largestRoom
            guard let seats = value.integer, range.contains(Int(clamping: seats)) else { return "'\(name)' is a whole number from \(range.lowerBound) to \(range.upperBound)" }
            return nil
        case .seconds:
            guard let seconds = value.double, seconds > 0, seconds < 1e10 else { return "'\(name)' is in seconds, above 0" }
            return nil
        case .flag: return value.bool == nil ? wrong("boolean", value) : nil
        case .data: return problem(withData: value)
        case .emoji: return value.string.flatMap(ChatText.emoji) == nil ? "'\(name)' must be one emoji" : nil
        case .messages: return problem(withMessages: value, of: event, limits)
        case .message, .name, .title, .topic, .reason:
            guard let text = value.string else { return wrong("string", value) }
            return problem(with: text, limits)
        }
    }

    private func problem(with text: String, _ limits: Limits) -> String? {
        switch kind {
        case .name: ChatText.normalizedName(text, maxCharacters: limits.name) == nil ? "a name has 1 to \(limits.name) visible characters" : nil
        case .title: ChatText.normalizedName(text, maxCharacters: limits.title) == nil ? "a title has 1 to \(limits.title) visible characters" : nil
        case .topic: text.isEmpty ? nil : sentence(text, limits.topic)
        case .reason: text.isEmpty ? nil : sentence(text, limits.text)
        case .message: sentence(text, limits.text)
        case .seats, .seconds, .flag, .data, .emoji, .messages: nil
        }
    }

    func wrong(_ type: String, _ value: LuaValue) -> String { "'\(name)' must be a \(type), not a \(value.typeName)" }

    func sentence(_ text: String, _ limit: Int) -> String? {
        ChatText.problem(inMessage: text, maxCharacters: limit)?.sentence(limit: limit)
    }
}

extension HookEvent.Payload {
    /// With new values of fields, which were checked when the verdict was made.
    func changed(by fields: LuaTable) -> Self {
        switch self {
        case .chat(let text, let replyTo): return .chat(text: fields["text"].string ?? text, replyTo: replyTo)
        case .gif(let gif, let caption): return .gif(gif, caption: fields["caption"].string ?? caption)
        case .whisper(let to, let text): return .whisper(to: to, text: fields["text"].string ?? text)
        case .system(let text, let key, let values):
            return .system(fields["text"].string.map { LocalizedText($0) } ?? text, key: key, values: values)
        case .name(let from, let to): return .name(from: from, to: fields["to"].string ?? to)
        case .topic(let from, let to): return .topic(from: from, to: fields["to"].string ?? to)
        case .roomCreate(let title, let max, let hasPassword):
            return .roomCreate(
                title: fields["title"].string ?? title, max: fields["max"].integer.map { Int($0) } ?? max, hasPassword: hasPassword)
        case .moderation(var wanted, let target):
            wanted.seconds = fields["seconds"].double ?? wanted.seconds
            wanted.reason = fields["reason"].string ?? wanted.reason
            return .moderation(wanted, target: target)
        case .edit(let message, let text): return .edit(message: message, text: fields["text"].string ?? text)
        case .delete(let message, let why): return .delete(message: message, why: fields["why"].string ?? why)
        case .react(let message, let emoji, let on):
            return .react(message: message, emoji: fields["emoji"].string.flatMap(ChatText.emoji) ?? emoji, on: on)
        case .history(let messages): return .history(messages.left(by: fields["messages"]))
        case .report, .connect, .join, .exit, .color, .owner, .command, .held, .roomRemove: return self
        }
    }
}
