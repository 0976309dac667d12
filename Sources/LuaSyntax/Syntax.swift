/// A piece of Lua source, read: what its expressions and statements are, and which variable every name means.
package struct Chunk {
    package let main: Function
}

/// A local variable or a parameter.
///
/// A class because every use of a name means the same one.
package final class Variable {
    package enum Origin {
        /// `local x = …`; the place in the list of values counts from 0.
        case value(Expression, Int)
        case parameter(Function, Int)
        /// A function that knows itself by this name.
        case function(Function)
        /// Of a `for … in`, the how-manieth.
        case iteration([Expression], Int)
        case nothing
    }

    package let name: String
    package let offset: Int
    package internal(set) var origin = Origin.nothing
    /// Assigned to after its declaration: what it holds is anybody's guess.
    package internal(set) var isReassigned = false

    init(_ name: String, _ offset: Int) {
        self.name = name
        self.offset = offset
    }
}

/// A function's parameters and statements. A class because variables come from it.
package final class Function {
    package let offset: Int
    package internal(set) var parameters: [Variable] = []
    package internal(set) var body: [Statement] = []

    init(_ offset: Int) { self.offset = offset }
}

/// An expression and where it begins, in bytes.
package struct Expression {
    package indirect enum Kind {
        case constant
        case string(String)
        case function(Function)
        case local(Variable)
        case global(String)
        /// `base.name`, with where the name stands.
        case field(Expression, String, Int)
        /// `base[key]`
        case element(Expression, Expression)
        case call(Expression, [Expression])
        /// `base:name(…)`, with where the name stands.
        case method(Expression, String, Int, [Expression])
        case table([Item])
        /// Whatever is made of others by operators or parentheses.
        case operation([Expression])
    }

    /// One entry of a table.
    package struct Item {
        package let name: String?
        /// Where it begins.
        package let offset: Int
        /// Of `[key] = value`.
        package let key: Expression?
        package let value: Expression
    }

    package let kind: Kind
    package let offset: Int
}

package indirect enum Statement {
    case local([Variable], [Expression])
    case assign([Expression], [Expression])
    /// A call for its own sake.
    case expression(Expression)
    case block([Statement])
    /// Conditions, and what is done under them.
    case branches([Expression], [[Statement]])
    case iteration([Variable], [Expression], [Statement])
    case returned([Expression])
}
