/// The elements of a comma-separated header that proxies append to, the newest first.
///
/// It is read from the right because that is where the proxy next to the server has written; what is left of it may be anything
/// the client liked to send. A quote it has opened there and not closed must not swallow what was appended: so quotes are
/// counted from the right, too. Empty elements are passed over (RFC 9110 §5.6.1.2).
struct ListFromTheRight: Sequence, IteratorProtocol {
    /// Header values not yet begun, the first at the end of the list.
    private var values: ArraySlice<String>
    /// What is left of the value being read; nil before the first.
    private var rest: Substring?
    /// Whether `"` hides commas.
    private let knowsQuotes: Bool

    init(_ values: [String], quotes knowsQuotes: Bool) {
        self.values = values[...]
        self.knowsQuotes = knowsQuotes
    }

    mutating func next() -> Substring? {
        while let value = rest ?? values.popLast()?[...] {
            let comma = lastComma(of: value)
            rest = comma.map { value[..<$0] }
            let element = Substring(value[(comma.map { value.utf8.index(after: $0) } ?? value.startIndex)...].utf8.trimmed)
            if !element.isEmpty { return element }
        }
        return nil
    }

    private func lastComma(of value: Substring) -> Substring.Index? {
        guard knowsQuotes else { return value.utf8.lastIndex(of: UInt8(ascii: ",")) }
        var isQuoted = false
        var index = value.endIndex
        while index > value.startIndex {
            index = value.utf8.index(before: index)
            switch value.utf8[index] {
            case UInt8(ascii: ",") where !isQuoted: return index
            case UInt8(ascii: "\"") where !isEscaped(index, in: value): isQuoted.toggle()
            default: break
            }
        }
        return nil
    }

    /// Whether an odd number of backslashes stands before it.
    private func isEscaped(_ index: Substring.Index, in value: Substring) -> Bool {
        value.utf8[..<index].reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
    }
}
