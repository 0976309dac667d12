extension Parser {
    /// Statements up to whatever ends them.
    mutating func block() throws(SyntaxError) -> [Statement] {
        var statements: [Statement] = []
        while token.kind != .end, !["end", "else", "elseif", "until"].contains(where: at) {
            if try take("return") {
                var values: [Expression] = []
                if token.kind != .end, !["end", "else", "elseif", "until", ";"].contains(where: at) { values = try expressions() }
                _ = try take(";")
                statements.append(.returned(values))
                break
            }
            if let statement = try statement() { statements.append(statement) }
        }
        return statements
    }

    private mutating func innerBlock() throws(SyntaxError) -> [Statement] {
        try scoped { (parser) throws(SyntaxError) in try parser.block() }
    }

    /// Nil for what does nothing by itself: `;`, labels, `goto`, `break`.
    private mutating func statement() throws(SyntaxError) -> Statement? {
        let start = token.offset
        if at(";") || at("break") {
            try advance()
            return nil
        }
        if try take("::") {
            _ = try name()
            try expect("::")
            return nil
        }
        if try take("goto") {
            _ = try name()
            return nil
        }
        if try take("do") {
            let body = try innerBlock()
            try expect("end")
            return .block(body)
        }
        if try take("while") {
            let condition = try expression()
            try expect("do")
            let body = try innerBlock()
            try expect("end")
            return .branches([condition], [body])
        }
        if try take("repeat") { return try repeated() }
        if try take("if") { return try branches() }
        if try take("for") { return try loop() }
        if try take("function") { return try namedFunction(start) }
        if try take("local") { return try take("function") ? try localFunction(start) : try locals() }
        return try callOrAssignment()
    }

    /// `until` sees the block's variables.
    private mutating func repeated() throws(SyntaxError) -> Statement {
        try scoped { (parser) throws(SyntaxError) in
            let body = try parser.block()
            try parser.expect("until")
            return .block(body + [.expression(try parser.expression())])
        }
    }

    private mutating func branches() throws(SyntaxError) -> Statement {
        var conditions: [Expression] = [], bodies: [[Statement]] = []
        repeat {
            conditions.append(try expression())
            try expect("then")
            bodies.append(try innerBlock())
        } while try take("elseif")
        if try take("else") { bodies.append(try innerBlock()) }
        try expect("end")
        return .branches(conditions, bodies)
    }

    private mutating func loop() throws(SyntaxError) -> Statement {
        var names = [try name()]
        let isNumeric = try take("=")
        if !isNumeric {
            while try take(",") { names.append(try name()) }
            try expect("in")
        }
        let values = try expressions()
        try expect("do")
        let variables = names.enumerated().map { index, name in
            let variable = Variable(name.text, name.offset)
            if !isNumeric { variable.origin = .iteration(values, index) }
            return variable
        }
        let body = try scoped { (parser) throws(SyntaxError) in
            parser.declare(variables)
            return try parser.block()
        }
        try expect("end")
        return .iteration(variables, values, body)
    }

    private mutating func namedFunction(_ start: Int) throws(SyntaxError) -> Statement {
        let first = try name()
        var target = resolve(first.text, first.offset)
        var isMethod = false
        var fields = 0
        while at(".") || at(":") {
            fields += 1
            if fields > Self.mostSuffixes { throw tooDeep() }
            isMethod = at(":")
            try advance()
            let field = try name()
            target = Expression(kind: .field(target, field.text, field.offset), offset: first.offset)
            if isMethod { break }
        }
        let function = try self.function(start, isMethod: isMethod)
        if case .local(let variable) = target.kind { variable.isReassigned = true }
        return .assign([target], [Expression(kind: .function(function), offset: start)])
    }

    private mutating func localFunction(_ start: Int) throws(SyntaxError) -> Statement {
        let name = try name()
        let variable = Variable(name.text, name.offset)
        declare([variable])
        let function = try self.function(start, isMethod: false)
        variable.origin = .function(function)
        return .local([variable], [Expression(kind: .function(function), offset: start)])
    }

    private mutating func locals() throws(SyntaxError) -> Statement {
        var variables: [Variable] = []
        repeat {
            let name = try name()
            variables.append(Variable(name.text, name.offset))
            if try take("<") {
                _ = try self.name()
                try expect(">")
            }
        } while try take(",")
        let values = try take("=") ? try expressions() : []
        for (index, variable) in variables.enumerated() where !values.isEmpty {
            variable.origin = index < values.count ? .value(values[index], 0) : .value(values[values.count - 1], index - values.count + 1)
        }
        declare(variables)
        return .local(variables, values)
    }

    private mutating func callOrAssignment() throws(SyntaxError) -> Statement {
        let first = try suffixed()
        guard at("=") || at(",") else {
            switch first.kind {
            case .call, .method: return .expression(first)
            default: throw unexpected()
            }
        }
        var targets = [first]
        while try take(",") { targets.append(try suffixed()) }
        try expect("=")
        let values = try expressions()
        for target in targets {
            if case .local(let variable) = target.kind { variable.isReassigned = true }
        }
        return .assign(targets, values)
    }
}
