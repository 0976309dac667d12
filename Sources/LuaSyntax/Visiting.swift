extension Function {
    /// Goes through everything in the function, inner functions included: every expression before its parts, with the
    /// function it is in; every variable that is declared; every target of an assignment. Targets are not read: of them only
    /// what they are in is visited as an expression.
    package func visit(
        _ expression: (Expression, _ within: Function) -> Void, assigned: (Expression) -> Void = { _ in },
        declared: (Variable) -> Void = { _ in }
    ) {
        withoutActuallyEscaping(expression) { expression in
            withoutActuallyEscaping(assigned) { assigned in
                withoutActuallyEscaping(declared) { declared in
                    Visit(expression: expression, assigned: assigned, declared: declared).visit(self)
                }
            }
        }
    }
}

private struct Visit {
    let expression: (Expression, Function) -> Void
    let assigned: (Expression) -> Void
    let declared: (Variable) -> Void

    func visit(_ function: Function) {
        function.parameters.forEach(declared)
        visit(function.body, function)
    }

    private func visit(_ statements: [Statement], _ within: Function) {
        for statement in statements {
            switch statement {
            case .local(let variables, let values):
                variables.forEach(declared)
                visit(values, within)
            case .assign(let targets, let values):
                for target in targets {
                    assigned(target)
                    visitParts(of: target, within)
                }
                visit(values, within)
            case .expression(let value): visit([value], within)
            case .block(let body): visit(body, within)
            case .branches(let conditions, let bodies):
                visit(conditions, within)
                for body in bodies { visit(body, within) }
            case .iteration(let variables, let values, let body):
                variables.forEach(declared)
                visit(values, within)
                visit(body, within)
            case .returned(let values): visit(values, within)
            }
        }
    }

    private func visit(_ expressions: [Expression], _ within: Function) {
        for each in expressions {
            expression(each, within)
            visitParts(of: each, within)
        }
    }

    private func visitParts(of each: Expression, _ within: Function) {
        switch each.kind {
        case .constant, .string, .local, .global: break
        case .function(let function): visit(function)
        case .field(let base, _, _): visit([base], within)
        case .element(let base, let key): visit([base, key], within)
        case .call(let callee, let arguments): visit([callee] + arguments, within)
        case .method(let base, _, _, let arguments): visit([base] + arguments, within)
        case .table(let items): for item in items { visit((item.key.map { [$0] } ?? []) + [item.value], within) }
        case .operation(let operands): visit(operands, within)
        }
    }
}
