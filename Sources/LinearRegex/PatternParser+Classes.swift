/// Escapes and classes.
extension PatternParser {
    /// What an escape inside or outside of a class stands for.
    private enum Escape {
        case scalar(UInt32)
        case property(ScalarSet.Property)
    }

    mutating func escaped(from start: Int) throws(PatternError) -> PatternTree {
        if let scalar = next.flatMap(Unicode.Scalar.init) {
            let place: PatternTree.Place? =
                switch scalar {
                case "b": .wordEdge
                case "B": .noWordEdge
                case "A": .textStart
                case "z": .textEnd
                case "Z": .lastLineEnd
                default: nil
                }
            if let place {
                index += 1
                return .place(place)
            }
            if ("1"..."9").contains(scalar) || scalar == "k" { throw error("back-references are not possible: they need backtracking", at: start) }
        }
        switch try escape(from: start) {
        case .scalar(let scalar): return literal(scalar)
        case .property(let property): return .set(ScalarSet(ranges: [], properties: [property], ignoresCase: flags.ignoresCase))
        }
    }

    private mutating func escape(from start: Int) throws(PatternError) -> Escape {
        guard let scalar = next.flatMap(Unicode.Scalar.init) else { throw error("there is nothing behind '\\'", at: start) }
        index += 1
        switch scalar {
        case "d", "D": return .property(.digit(isMissing: scalar == "D"))
        case "s", "S": return .property(.space(isMissing: scalar == "S"))
        case "w", "W": return .property(.word(isMissing: scalar == "W"))
        case "p", "P": return .property(try property(isMissing: scalar == "P", from: start))
        case "n": return .scalar(0x0A)
        case "r": return .scalar(0x0D)
        case "t": return .scalar(0x09)
        case "f": return .scalar(0x0C)
        case "v": return .scalar(0x0B)
        case "0": return .scalar(0)
        case "x": return .scalar(try hexadecimal(digits: 2, from: start))
        case "u": return .scalar(try hexadecimal(digits: 4, from: start))
        default:
            // Letters and digits may come to mean something; everything else means itself.
            if scalar.isASCII, isWordScalar(scalar), scalar != "_" { throw error("'\\\(scalar)' is not known", at: start) }
            return .scalar(scalar.value)
        }
    }

    /// `\x41`, `\x{1F600}`, `\u0041`, `\u{1F600}`
    private mutating func hexadecimal(digits: Int, from start: Int) throws(PatternError) -> UInt32 {
        let isBraced = take("{")
        var value: UInt32 = 0
        var count = 0
        while count < (isBraced ? 6 : digits), let digit = next.flatMap(Unicode.Scalar.init), digit.isASCII, let number = Character(digit).hexDigitValue {
            value = value << 4 | UInt32(number)
            count += 1
            index += 1
        }
        guard isBraced ? count > 0 && take("}") : count == digits, Unicode.Scalar(value) != nil else {
            throw error("a character is written \\x41, \\u0041 or \\u{1F600}", at: start)
        }
        return value
    }

    private mutating func property(isMissing: Bool, from start: Int) throws(PatternError) -> ScalarSet.Property {
        var name = ""
        if take("{") {
            while let scalar = next.flatMap(Unicode.Scalar.init), scalar != "}" {
                name.unicodeScalars.append(scalar)
                index += 1
            }
            guard take("}") else { throw error("this '{' has no '}'", at: start) }
        } else if let scalar = next.flatMap(Unicode.Scalar.init) {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        guard let property = ScalarSet.Property.named(name, isMissing: isMissing) else {
            throw error(
                "there is no property '\(name)': there are general categories (L, Lu, Nd, P …), Alphabetic, Uppercase, Lowercase, White_Space, "
                    + "Emoji, Emoji_Presentation and Ideographic", at: start)
        }
        return property
    }

    /// What stands between `[` and `]`.
    mutating func characterClass(from start: Int) throws(PatternError) -> ScalarSet {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var properties: [ScalarSet.Property] = []
        var isFirst = true
        while true {
            guard let scalar = next.flatMap(Unicode.Scalar.init) else { throw error("this '[' has no ']'", at: start) }
            if scalar == "]", !isFirst { break }
            if scalar == "[", index + 1 < scalars.count, scalars[index + 1] == (":" as Unicode.Scalar).value {
                throw error("[:name:] is not known: write \\p{L}, \\d, \\w or \\s")
            }
            isFirst = false
            let from = index
            switch try member(from: from) {
            case .property(let property): properties.append(property)
            case .scalar(let first):
                guard next == 0x2D, index + 1 < scalars.count, scalars[index + 1] != ("]" as Unicode.Scalar).value else {
                    ranges.append(first...first)
                    continue
                }
                index += 1
                guard case .scalar(let last) = try member(from: index) else { throw error("a range ends with a character", at: from) }
                guard first <= last else { throw error("this range goes backwards", at: from) }
                ranges.append(first...last)
            }
        }
        index += 1
        return ScalarSet(ranges: ranges, properties: properties, isNegated: isNegated, ignoresCase: flags.ignoresCase)
    }

    private mutating func member(from start: Int) throws(PatternError) -> Escape {
        guard let scalar = next else { throw error("this '[' has no ']'", at: start) }
        index += 1
        guard scalar == ("\\" as Unicode.Scalar).value else { return .scalar(scalar) }
        if next == ("b" as Unicode.Scalar).value { throw error("'\\b' is a place, and no member of a class", at: start) }
        return try escape(from: start)
    }
}
