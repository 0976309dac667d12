/// A name for one state of a resource (RFC 9110 §8.8.3).
package struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// Whether different bytes may have it, if they mean the same.
    package let isWeak: Bool
    /// What is between the quotes.
    package let opaque: String

    /// Reads `"xyzzy"` or `W/"xyzzy"`. Nil if it is something else.
    package init?(_ text: String) {
        var rest = text.utf8[...]
        guard let tag = Self.read(&rest), rest.isEmpty else { return nil }
        self = tag
    }

    /// Takes a tag off the front of `text`, if one is there.
    static func read(_ text: inout Substring.UTF8View) -> EntityTag? {
        let isWeak = text.starts(with: "W/".utf8)
        let quoted = isWeak ? text.dropFirst(2) : text
        guard quoted.first == UInt8(ascii: "\"") else { return nil }
        let inside = quoted.dropFirst()
        let opaque = inside.prefix(while: isTagCharacter)
        guard opaque.endIndex < inside.endIndex, inside[opaque.endIndex] == UInt8(ascii: "\"") else { return nil }
        text = inside[inside.index(after: opaque.endIndex)...]
        return EntityTag(opaque: String(Substring(opaque)), isWeak: isWeak)
    }

    private init(opaque: String, isWeak: Bool) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// `etagc`: no spaces, quotes or control characters. A backslash is one like others.
    private static func isTagCharacter(_ byte: UInt8) -> Bool {
        byte == 0x21 || (0x23...0x7E).contains(byte) || byte >= 0x80
    }

    /// Whether both name the same bytes (§8.8.3.2): for If-Match and If-Range.
    package func strongly(equals other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque == other.opaque
    }

    /// Whether both name what means the same: for If-None-Match.
    package func weakly(equals other: EntityTag) -> Bool {
        opaque == other.opaque
    }

    package var description: String {
        isWeak ? "W/\"\(opaque)\"" : "\"\(opaque)\""
    }
}

/// What If-Match and If-None-Match say (RFC 9110 §13.1.1, §13.1.2).
enum EntityTagList: Equatable {
    /// `*`
    case any
    case tags([EntityTag])

    /// Nil without the header. A value that does not follow the grammar is as good as no tag: a precondition nobody can read must
    /// neither let a change through nor keep a client from what it asks for.
    init?(_ values: [String]) {
        if values.isEmpty { return nil }
        if values.count == 1, Substring(values[0].utf8.trimmed) == "*" {
            self = .any
            return
        }
        var tags: [EntityTag] = []
        for value in values {
            guard let more = Self.tags(value) else {
                self = .tags([])
                return
            }
            tags += more
        }
        self = .tags(tags)
    }

    /// Tags may have commas in them, so the value cannot simply be split.
    private static func tags(_ value: String) -> [EntityTag]? {
        var tags: [EntityTag] = []
        var rest = value.utf8.trimmed
        while !rest.isEmpty {
            if rest.first != UInt8(ascii: ",") {
                guard let tag = EntityTag.read(&rest) else { return nil }
                tags.append(tag)
                rest = rest.trimmed
            }
            guard rest.isEmpty || rest.popFirst() == UInt8(ascii: ",") else { return nil }
            rest = rest.trimmed
        }
        return tags
    }
}

extension BidirectionalCollection<UInt8> {
    /// Without the spaces and tabs around it (RFC 9110 §5.6.3).
    var trimmed: SubSequence {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let start = firstIndex { !isSpace($0) } ?? endIndex
        let end = self[start...].lastIndex { !isSpace($0) }.map { index(after: $0) } ?? start
        return self[start..<end]
    }
}
