/// Reads Lua 5.4 source (manual, §9) and finds out which variable every name means.
///
/// It expects source that Lua has compiled, and does not look for what Lua would refuse beyond the grammar.
package struct Parser {
    private var lexer: Lexer
    private(set) var token: Token
    private var ahead: Token?
    /// Local variables that can be seen, innermost scope last.
    private var scopes: [[Variable]] = [[]]
    private var depth = 0

    private init(_ text: String) throws(SyntaxError) {
        lexer = Lexer(text)
        token = try lexer.next()
    }

    package static func parse(_ text: String) throws(SyntaxError) -> Chunk {
        var parser = try Parser(text)
        let main = Function(0)
        main.body = try parser.block()
        guard parser.token.kind == .end else { throw parser.unexpected() }
        return Chunk(main: main)
    }

    // MARK: Tokens

    func unexpected() -> SyntaxError { SyntaxError(message: "unexpected '\(token.text)'", offset: token.offset) }

    mutating func advance() throws(SyntaxError) {
        if let next = ahead {
            token = next
            ahead = nil
        } else {
            token = try lexer.next()
        }
    }

    func at(_ text: String) -> Bool { token.text == text && (token.kind == .symbol || token.kind == .keyword) }

    /// Whether the token is the wanted one, which is then passed.
    mutating func take(_ text: String) throws(SyntaxError) -> Bool {
        guard at(text) else { return false }
        try advance()
        return true
    }

    mutating func expect(_ text: String) throws(SyntaxError) {
        guard try take(text) else { throw SyntaxError(message: "'\(text)' expected near '\(token.text)'", offset: token.offset) }
    }

    mutating func name() throws(SyntaxError) -> (text: String, offset: Int) {
        guard token.kind == .name else { throw SyntaxError(message: "name expected near '\(token.text)'", offset: token.offset) }
        let found = (token.text, token.offset)
        try advance()
        return found
    }

    /// Whether the next token is `=` after a name: `{ name = … }`.
    mutating func isNamedItem() throws(SyntaxError) -> Bool {
        guard token.kind == .name else { return false }
        if ahead == nil { ahead = try lexer.next() }
        return ahead?.kind == .symbol && ahead?.text == "="
    }

    // MARK: Scopes

    mutating func scoped<T>(_ body: (inout Parser) throws(SyntaxError) -> T) throws(SyntaxError) -> T {
        scopes.append([])
        defer { scopes.removeLast() }
        return try nested(body)
    }

    /// One level deeper, as far as Lua's own compiler goes (LUAI_MAXCCALLS): the stack has an end.
    mutating func nested<T>(_ body: (inout Parser) throws(SyntaxError) -> T) throws(SyntaxError) -> T {
        depth += 1
        defer { depth -= 1 }
        guard depth < 200 else { throw tooDeep() }
        return try body(&self)
    }

    func tooDeep() -> SyntaxError { SyntaxError(message: "too many levels", offset: token.offset) }

    mutating func declare(_ variables: [Variable]) { scopes[scopes.count - 1] += variables }

    func variable(named name: String) -> Variable? {
        for scope in scopes.reversed() {
            if let found = scope.last(where: { $0.name == name }) { return found }
        }
        return nil
    }
}
