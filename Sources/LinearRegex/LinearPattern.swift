/// A regular expression that is matched without backtracking: in time linear in the text, whatever the pattern.
///
/// Why not a library: Swift's `Regex` and Foundation's `NSRegularExpression` (ICU) backtrack, so that `(a+)+b` takes time
/// exponential in the text, and plugins' patterns and people's texts come from strangers. RE2 does not backtrack, but is C++
/// and one more package that everybody who builds Roost would have to install. What is here is Thompson's construction run
/// with captures (Pike's machine; Russ Cox, "Regular Expression Matching: the Virtual Machine Approach"), which is small.
///
/// Matches are those that Perl, ICU and Python find: the leftmost one and, of those that begin there, the one that the
/// pattern prefers (the first alternative, as much as possible for `*`, as little for `*?`).
///
/// The syntax is in `docs/plugins.md`: literals, `.`, classes, `\d \w \s \b` and `\p{…}` by Unicode's properties, anchors,
/// groups with and without captures or names, alternatives, greedy and lazy repetition, the flags `i`, `m` and `s`. What needs
/// backtracking (back-references, look-around, atomic groups, possessive repetition) is refused with the place where it stands.
///
/// A class because the memory for matching is kept between two matches. Confined to one thread.
package final class LinearPattern {
    /// Instructions of a compiled pattern; repetition copies what it repeats.
    package static let mostInstructions = 4_000
    package static let mostGroups = 20
    /// How often a counted repetition may repeat.
    package static let mostRepeats = 1_000
    /// UTF-8 bytes of a pattern.
    package static let longestPattern = 4_096

    /// What was found: where the whole match and each of its groups are, in UTF-8 bytes. A group that took no part has none.
    package struct Match: Equatable, Sendable {
        package var groups: [Range<Int>?]

        package var range: Range<Int> { groups[0] ?? 0..<0 }
    }

    /// The matching was ended from outside because it took too long.
    package struct Interrupted: Error {}

    /// How many groups it captures, the whole match not counted.
    package let groups: Int
    /// The groups that have names.
    package let names: [String: Int]
    private let machine: Machine

    /// - Parameter ignoresCase: as with the flag `i` at the pattern's beginning
    package init(_ pattern: String, ignoresCase: Bool = false) throws(PatternError) {
        guard pattern.utf8.count <= Self.longestPattern else {
            throw PatternError(position: Self.longestPattern, message: "the pattern is longer than \(Self.longestPattern) bytes")
        }
        var parser = PatternParser(pattern, ignoresCase: ignoresCase)
        let tree = try parser.parse()
        groups = parser.groups
        names = parser.names
        machine = Machine(try Program(tree, groups: parser.groups))
    }

    /// Steps taken by all matches so far, each a small constant of time.
    package var steps: Int { machine.steps }

    /// The first match that begins at `start` (a byte of `text` where a scalar begins) or later.
    /// - Parameters:
    ///   - text: UTF-8
    ///   - mayGoOn: asked every few thousand steps
    package func find(
        in text: [UInt8], from start: Int = 0, mayGoOn: () -> Bool = { true }
    ) throws(Interrupted) -> Match? {
        try machine.run(text, from: start, mayGoOn: mayGoOn)
    }
}

/// What is wrong with a pattern, and where.
package struct PatternError: Error, Equatable, CustomStringConvertible {
    /// In Unicode scalars from the pattern's beginning, the first being 1.
    package let position: Int
    package let message: String

    package var description: String { "\(message) (at character \(position) of the pattern)" }
}
