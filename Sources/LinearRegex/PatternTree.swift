/// A pattern as it was parsed.
indirect enum PatternTree {
    case nothing
    case scalar(UInt32)
    case set(ScalarSet)
    case place(Place)
    /// With a number if it captures.
    case group(PatternTree, Int)
    case sequence([PatternTree])
    case choice([PatternTree])
    case repetition(PatternTree, least: Int, most: Int?, isLazy: Bool)

    /// Somewhere between two scalars.
    enum Place {
        case textStart, textEnd, lineStart, lineEnd
        /// Before the text's end, or before a line feed that is its end.
        case lastLineEnd
        case wordEdge, noWordEdge
    }

    /// Whether it may match without taking anything.
    var isNullable: Bool {
        switch self {
        case .nothing, .place: true
        case .scalar, .set: false
        case .group(let inner, _): inner.isNullable
        case .sequence(let parts): parts.allSatisfy(\.isNullable)
        case .choice(let parts): parts.contains(where: \.isNullable)
        case .repetition(let inner, let least, _, _): least == 0 || inner.isNullable
        }
    }
}
