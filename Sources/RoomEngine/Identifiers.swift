/// A room's public name in addresses, e.g. `k3v9t2`.
package struct RoomID: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package init(stringLiteral text: String) { self.text = text }
    package var description: String { text }
}

/// A person's public id, e.g. `u_5mq0c2vd9x`. It says nothing about the secret in their cookie.
package struct PersonID: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package init(stringLiteral text: String) { self.text = text }
    package var description: String { text }
}

/// A plugin's id: the name of its folder or file.
package struct PluginID: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package init(stringLiteral text: String) { self.text = text }
    package var description: String { text }
}

/// One connection of a person, whatever its transport. Given out by the transports, never used twice.
package struct ConnectionID: Hashable, Sendable {
    package let number: UInt64
    package init(_ number: UInt64) { self.number = number }
}

/// What a client calls one of its messages, sent back in the answer: a JSON number or string.
package enum Reference: Hashable, Sendable {
    case number(Int64)
    /// A number that is no whole one.
    case fraction(Double)
    case text(String)
}

/// Letters and digits that cannot be taken for one another or form words: Crockford's base 32 without vowels.
private let alphabet = Array("0123456789bcdfghjkmnpqrstvwxyz".unicodeScalars)

/// A random id of `length` characters, each worth 4.9 bits.
package func randomID(length: Int, using random: inout some RandomNumberGenerator) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<length { text.append(alphabet.randomElement(using: &random)!) }
    return String(text)
}
