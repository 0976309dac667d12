/// A word of Lua source.
struct Token: Equatable {
    enum Kind: Equatable {
        case name, keyword, symbol, number
        /// With what it says, escapes undone.
        case string(String)
        case end
    }

    var kind: Kind
    /// As it stands in the source.
    var text: String
    /// Where it begins, in bytes.
    var offset: Int

    static let keywords: Set<String> = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or",
        "repeat", "return", "then", "true", "until", "while",
    ]

    /// Those of several letters come first: the longest that fits is the one.
    static let symbols: [[UInt8]] = [
        "...", "<<", ">>", "//", "==", "~=", "<=", ">=", "::", "..", "+", "-", "*", "/", "%", "^", "#", "&", "~", "|", "<", ">", "=",
        "(", ")", "{", "}", "[", "]", ";", ":", ",", ".",
    ].map { Array($0.utf8) }
}

/// Source that is not Lua. Whoever wants Lua's own words for it compiles it with Lua.
package struct SyntaxError: Error, Equatable {
    package let message: String
    /// In bytes from the start.
    package let offset: Int
}
