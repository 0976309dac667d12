extension Parser {
    mutating func expressions() throws(SyntaxError) -> [Expression] {
        var list = [try expression()]
        while try take(",") { list.append(try expression()) }
        return list
    }

    private static let binary: Set<String> = [
        "+", "-", "*", "/", "//", "%", "^", "&", "|", "~", "<<", ">>", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or",
    ]

    /// Operands in their order; which operator binds more does not matter here.
    mutating func expression() throws(SyntaxError) -> Expression {
        try nested { (parser) throws(SyntaxError) in try parser.operation() }
    }

    private mutating func operation() throws(SyntaxError) -> Expression {
        let start = token.offset
        var operands = [try operand()]
        while Self.binary.contains(token.text), token.kind == .symbol || token.kind == .keyword {
            try advance()
            operands.append(try operand())
        }
        return operands.count == 1 ? operands[0] : Expression(kind: .operation(operands), offset: start)
    }

    private mutating func operand() throws(SyntaxError) -> Expression {
        let start = token.offset
        if ["not", "-", "#", "~"].contains(where: at) {
            while ["not", "-", "#", "~"].contains(where: at) { try advance() }
            return Expression(kind: .operation([try operand()]), offset: start)
        }
        switch token.kind {
        case .number:
            try advance()
            return Expression(kind: .constant, offset: start)
        case .string(let said):
            try advance()
            return Expression(kind: .string(said), offset: start)
        case .keyword where ["nil", "true", "false"].contains(token.text):
            try advance()
            return Expression(kind: .constant, offset: start)
        case .keyword where token.text == "function":
            try advance()
            return Expression(kind: .function(try function(start, isMethod: false)), offset: start)
        case .symbol where token.text == "...":
            try advance()
            return Expression(kind: .constant, offset: start)
        case .symbol where token.text == "{": return try table()
        default: return try suffixed()
        }
    }

    /// What a name means here.
    func resolve(_ name: String, _ offset: Int) -> Expression {
        Expression(kind: variable(named: name).map { .local($0) } ?? .global(name), offset: offset)
    }

    static let mostSuffixes = 1_000

    /// A name or something in parentheses, with fields, elements and calls after it.
    mutating func suffixed() throws(SyntaxError) -> Expression {
        let start = token.offset
        var base: Expression
        if try take("(") {
            let inner = try expression()
            base = Expression(kind: .operation([inner]), offset: start)
            try expect(")")
        } else {
            let found = try name()
            base = resolve(found.text, found.offset)
        }
        // Lua allows any number; but each nests what is before it, and to go through that takes stack.
        var suffixes = 0
        while true {
            suffixes += 1
            if suffixes > Self.mostSuffixes { throw tooDeep() }
            if try take(".") {
                let field = try name()
                base = Expression(kind: .field(base, field.text, field.offset), offset: start)
            } else if try take("[") {
                let key = try expression()
                try expect("]")
                if case .string(let name) = key.kind {
                    base = Expression(kind: .field(base, name, key.offset), offset: start)
                } else {
                    base = Expression(kind: .element(base, key), offset: start)
                }
            } else if try take(":") {
                let method = try name()
                base = Expression(kind: .method(base, method.text, method.offset, try arguments()), offset: start)
            } else if at("(") || at("{") || isString {
                base = Expression(kind: .call(base, try arguments()), offset: start)
            } else {
                return base
            }
        }
    }

    private var isString: Bool { if case .string = token.kind { true } else { false } }

    private mutating func arguments() throws(SyntaxError) -> [Expression] {
        let start = token.offset
        if case .string(let said) = token.kind {
            try advance()
            return [Expression(kind: .string(said), offset: start)]
        }
        if at("{") { return [try table()] }
        try expect("(")
        if try take(")") { return [] }
        let list = try expressions()
        try expect(")")
        return list
    }

    private mutating func table() throws(SyntaxError) -> Expression {
        let start = token.offset
        try expect("{")
        var items: [Expression.Item] = []
        while !at("}") {
            let offset = token.offset
            if try take("[") {
                let key = try expression()
                try expect("]")
                try expect("=")
                if case .string(let name) = key.kind {
                    items.append(.init(name: name, offset: offset, key: nil, value: try expression()))
                } else {
                    items.append(.init(name: nil, offset: offset, key: key, value: try expression()))
                }
            } else if try isNamedItem() {
                let name = try name().text
                try expect("=")
                items.append(.init(name: name, offset: offset, key: nil, value: try expression()))
            } else {
                items.append(.init(name: nil, offset: offset, key: nil, value: try expression()))
            }
            let isSeparated = at(",") || at(";")
            if !isSeparated { break }
            try advance()
        }
        try expect("}")
        return Expression(kind: .table(items), offset: start)
    }

    /// After `function` and its name: parameters and body.
    mutating func function(_ start: Int, isMethod: Bool) throws(SyntaxError) -> Function {
        let function = Function(start)
        try expect("(")
        if isMethod { function.parameters.append(Variable("self", start)) }
        while !at(")") {
            if try take("...") { break }
            let name = try name()
            function.parameters.append(Variable(name.text, name.offset))
            if try !take(",") { break }
        }
        try expect(")")
        for (index, parameter) in function.parameters.enumerated() { parameter.origin = .parameter(function, index) }
        function.body = try scoped { (parser) throws(SyntaxError) in
            parser.declare(function.parameters)
            return try parser.block()
        }
        try expect("end")
        return function
    }
}
