import ChatText
import JSONText
import LuaHost
import RoomEngine

/// New values for how a message is shown, and for what of the history is.
extension Change {
    /// Bytes of JSON that plugins may say about one message.
    private static let mostData = 1_024

    func problem(withData value: LuaValue) -> String? {
        guard value.table != nil, case .object(let fields)? = try? JSONValue(value) else {
            return "'\(name)' must be a table with names, not \(value.table == nil ? "a \(value.typeName)" : "a list")"
        }
        return JSONValue.object(fields).text.utf8.count > Self.mostData ? "'\(name)' has more than \(Self.mostData) bytes" : nil
    }

    func problem(withMessages value: LuaValue, of event: HookEvent, _ limits: Limits) -> String? {
        guard let list = value.table, list.pairs.isEmpty, case .history(let messages) = event.payload else { return wrong("list", value) }
        for item in list.array {
            guard let seq = item.table?["seq"].integer, messages.contains(where: { $0.seq == seq }) else {
                return "'\(name)' must be some of e.messages: every entry needs the 'seq' of one of them"
            }
            guard let text = item.table?["text"], text != .nil else { continue }
            guard let words = text.string else { return "the 'text' of a message must be a string, not a \(text.typeName)" }
            if let problem = sentence(words, limits.text) { return problem }
        }
        return nil
    }
}

extension Look? {
    /// With what a plugin says; the data of several plugins is put together, the later one's first.
    func changed(by fields: LuaTable) -> Look? {
        let meta = fields["meta"]
        guard fields["spoiler"] != .nil || fields["still"] != .nil || meta != .nil else { return self }
        var look = self ?? Look()
        look.spoiler = fields["spoiler"].bool ?? look.spoiler
        look.still = fields["still"].bool ?? look.still
        if meta != .nil, case .object(let new)? = try? JSONValue(meta) {
            let before = look.meta.flatMap { try? JSONValue(parsing: $0.utf8) }?.object ?? [:]
            look.meta = JSONValue.object(before.merging(new) { $1 }).text
        }
        return look
    }
}

extension [Event] {
    /// Those messages that a plugin has left, with the texts that it gave them.
    func left(by list: LuaValue) -> [Event] {
        var texts: [Int64: String?] = [:]
        for item in list.table?.array ?? [] { if let seq = item.table?["seq"].integer { texts[seq] = .some(item.table?["text"].string) } }
        return compactMap { message in
            guard let given = texts[message.seq] else { return nil }
            guard let text = given, text != message.content?.text else { return message }
            var message = message
            switch message.body {
            case .chat(let from, _, let replyTo): message.body = .chat(from: from, text: text, replyTo: replyTo)
            case .gif(let from, let gif, _): message.body = .gif(from: from, gif: gif, caption: text)
            default: break
            }
            return message
        }
    }
}
