/// Reads the notation of ``TextTemplate``.
struct TemplateReader {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    mutating func readAll() throws(TextTemplate.Malformed) -> [TextTemplate.Part] {
        let parts = try readParts(isInPlural: false)
        if !rest.isEmpty { throw malformed("has a '}' too many: write '}' in apostrophes if you mean one") }
        return parts
    }

    /// Up to the end, or to the brace that ends a form.
    private mutating func readParts(isInPlural: Bool) throws(TextTemplate.Malformed) -> [TextTemplate.Part] {
        var parts: [TextTemplate.Part] = []
        var text = ""
        func flush() { if !text.isEmpty { parts.append(.text(text)) } }
        while let next = rest.first, next != "}" {
            switch next {
            case "{":
                flush()
                text = ""
                rest.removeFirst()
                parts.append(try readPlace())
            case "#" where isInPlural:
                flush()
                text = ""
                rest.removeFirst()
                parts.append(.number)
            case "'": readApostrophe(&text)
            default:
                text.append(next)
                rest.removeFirst()
            }
        }
        flush()
        return parts
    }

    /// As ICU has it: two are one, and one before a brace quotes up to the next.
    private mutating func readApostrophe(_ text: inout String) {
        rest.removeFirst()
        switch rest.first {
        case "'"?:
            text.append("'")
            rest.removeFirst()
        case "{"?, "}"?:
            text += rest.prefix { $0 != "'" }
            rest = rest.drop { $0 != "'" }.dropFirst()
        default: text.append("'")
        }
    }

    /// What stands behind an opening brace, with the closing one.
    private mutating func readPlace() throws(TextTemplate.Malformed) -> TextTemplate.Part {
        let head = take { $0 != "}" && $0 != "," && $0 != "{" }
        if head.contains("/") {
            let forms = head.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard forms.count == 2, forms[0] != forms[1], forms.joined().unicodeScalars.allSatisfy({ (0xAC00...0xD7A3).contains($0.value) }) else {
                throw malformed("has '{\(head)}', which is no particle such as {은/는}")
            }
            try expect("}", after: head)
            return .particle(KoreanParticlePair(forms[0], forms[1]))
        }
        guard Self.isName(head) else {
            throw malformed("has '{\(head.prefix(20))}', which is neither a name nor a particle: write '{' in apostrophes if you mean a brace")
        }
        guard rest.first == "," else {
            try expect("}", after: head)
            return .argument(head)
        }
        rest.removeFirst()
        guard take({ $0 != "}" && $0 != "," && $0 != "{" }) == "plural", rest.first == "," else {
            throw malformed("has '{\(head), …}' that is no plural: {\(head), plural, one {…} other {…}}")
        }
        rest.removeFirst()
        return .plural(head, try readForms(head))
    }

    private mutating func readForms(_ name: String) throws(TextTemplate.Malformed) -> [TextTemplate.Form] {
        var forms: [TextTemplate.Form] = []
        while true {
            let word = take { $0 != "{" && $0 != "}" }
            if word.isEmpty, rest.first == "}" { break }
            let number = word.hasPrefix("=") ? Double(word.dropFirst()) : nil
            let category = PluralCategory(rawValue: word)
            guard number != nil || category != nil else {
                let known = PluralCategory.allCases.map(\.rawValue).joined(separator: ", ")
                throw malformed("has '\(word)' among the forms of {\(name), plural}; there are: \(known), and numbers such as =0")
            }
            try expect("{", after: word)
            let parts = try readParts(isInPlural: true)
            try expect("}", after: word)
            if forms.contains(where: { $0.category == category && $0.number == number }) { throw malformed("has '\(word)' twice in {\(name), plural}") }
            forms.append(.init(number: number, category: category, parts: parts))
        }
        rest.removeFirst()
        guard forms.contains(where: { $0.category == .other }) else { throw malformed("lacks 'other {…}' in {\(name), plural}") }
        return forms
    }

    private mutating func expect(_ character: Character, after what: String) throws(TextTemplate.Malformed) {
        guard rest.first == character else { throw malformed("lacks '\(character)' behind '\(what)'") }
        rest.removeFirst()
    }

    /// The characters while they fit, without spaces around them.
    private mutating func take(_ fits: (Character) -> Bool) -> String {
        let taken = rest.prefix(while: fits)
        rest = rest[taken.endIndex...]
        var word = taken.drop { $0.isWhitespace }
        while word.last?.isWhitespace == true { word.removeLast() }
        return String(word)
    }

    private static func isName(_ text: String) -> Bool {
        text.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } == true && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    private func malformed(_ message: String) -> TextTemplate.Malformed { .init(message: message) }
}
