/// Cuts Lua source into tokens (Lua 5.4 manual, §3.1).
struct Lexer {
    private let source: [UInt8]
    private var at = 0

    init(_ text: String) {
        source = Array(text.utf8)
        // A first line for the shell is no Lua.
        if source.first == UInt8(ascii: "#") { skipLine() }
    }

    mutating func next() throws(SyntaxError) -> Token {
        try skipBlanks()
        let start = at
        guard let byte = peek() else { return Token(kind: .end, text: "<eof>", offset: start) }
        if isLetter(byte) {
            while let next = peek(), isLetter(next) || isDigit(next) { at += 1 }
            let text = text(from: start)
            return Token(kind: Token.keywords.contains(text) ? .keyword : .name, text: text, offset: start)
        }
        if isDigit(byte) || byte == UInt8(ascii: ".") && peek(1).map(isDigit) == true { return number() }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return try string(byte) }
        if byte == UInt8(ascii: "["), let level = longBracket() { return try longString(level, start) }
        guard let symbol = Token.symbols.first(where: { source[at...].starts(with: $0) }) else {
            throw SyntaxError(message: "unexpected character", offset: start)
        }
        at += symbol.count
        return Token(kind: .symbol, text: text(from: start), offset: start)
    }

    // MARK: Parts

    private func peek(_ ahead: Int = 0) -> UInt8? { at + ahead < source.count ? source[at + ahead] : nil }
    private func text(from start: Int) -> String { String(decoding: source[start..<at], as: UTF8.self) }
    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F }
    private func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte) }

    private mutating func skipLine() {
        while let byte = peek(), byte != 0x0A { at += 1 }
    }

    private mutating func skipBlanks() throws(SyntaxError) {
        while let byte = peek() {
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                at += 1
            } else if byte == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") {
                let start = at
                at += 2
                if peek() == UInt8(ascii: "["), let level = longBracket() { _ = try longString(level, start) } else { skipLine() }
            } else {
                return
            }
        }
    }

    private mutating func number() -> Token {
        let start = at
        let isHexadecimal = peek() == UInt8(ascii: "0") && (peek(1) == UInt8(ascii: "x") || peek(1) == UInt8(ascii: "X"))
        let exponents = isHexadecimal ? Array("pP".utf8) : Array("eE".utf8)
        if isHexadecimal { at += 2 }
        while let byte = peek() {
            if exponents.contains(byte) {
                at += 1
                if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { at += 1 }
            } else if isHex(byte) || byte == UInt8(ascii: ".") {
                at += 1
            } else {
                break
            }
        }
        return Token(kind: .number, text: text(from: start), offset: start)
    }

    /// The number of `=` in the bracket that begins here, or nil if none does.
    private func longBracket() -> Int? {
        var level = 0
        while peek(1 + level) == UInt8(ascii: "=") { level += 1 }
        return peek(1 + level) == UInt8(ascii: "[") ? level : nil
    }

    private mutating func longString(_ level: Int, _ start: Int) throws(SyntaxError) -> Token {
        at += level + 2
        let content = at
        let closing = [UInt8(ascii: "]")] + Array(repeating: UInt8(ascii: "="), count: level) + [UInt8(ascii: "]")]
        while at < source.count {
            if source[at...].starts(with: closing) {
                var said = String(decoding: source[content..<at], as: UTF8.self)
                if said.first == "\n" || said.first == "\r\n" { said.removeFirst() }
                at += closing.count
                return Token(kind: .string(said), text: text(from: start), offset: start)
            }
            at += 1
        }
        throw SyntaxError(message: "unfinished long string or comment", offset: start)
    }

    private mutating func string(_ quote: UInt8) throws(SyntaxError) -> Token {
        let start = at
        var said: [UInt8] = []
        at += 1
        while let byte = peek() {
            at += 1
            if byte == quote { return Token(kind: .string(String(decoding: said, as: UTF8.self)), text: text(from: start), offset: start) }
            if byte == 0x0A { break }
            if byte == UInt8(ascii: "\\") { escape(&said) } else { said.append(byte) }
        }
        throw SyntaxError(message: "unfinished string", offset: start)
    }

    /// After a backslash. What is malformed has been refused by Lua before.
    private mutating func escape(_ said: inout [UInt8]) {
        guard let letter = peek() else { return }
        at += 1
        switch letter {
        case UInt8(ascii: "n"): said.append(0x0A)
        case UInt8(ascii: "t"): said.append(0x09)
        case UInt8(ascii: "r"): said.append(0x0D)
        case UInt8(ascii: "a"): said.append(0x07)
        case UInt8(ascii: "b"): said.append(0x08)
        case UInt8(ascii: "f"): said.append(0x0C)
        case UInt8(ascii: "v"): said.append(0x0B)
        case UInt8(ascii: "z"):
            while let byte = peek(), byte == 0x20 || (0x09...0x0D).contains(byte) { at += 1 }
        case UInt8(ascii: "x"):
            if let code = UInt8(digits(2, isHex), radix: 16) { said.append(code) }
        case UInt8(ascii: "u"):
            at += 1
            let code = digits(8, isHex)
            at += 1
            if let scalar = UInt32(code, radix: 16).flatMap(Unicode.Scalar.init) { said += Array(String(Character(scalar)).utf8) }
        case let digit where isDigit(digit):
            at -= 1
            if let code = UInt8(digits(3, isDigit)) { said.append(code) }
        default: said.append(letter)
        }
    }

    private mutating func digits(_ most: Int, _ isWanted: (UInt8) -> Bool) -> String {
        let start = at
        while at - start < most, let byte = peek(), isWanted(byte) { at += 1 }
        return text(from: start)
    }
}
