import Foundation
import Testing

@testable import LinearRegex

/// Random patterns and texts, compared with ICU by way of Foundation.
@Suite("Compared with ICU")
struct OracleTests {
    /// SplitMix64 (Steele et al. 2014): a failing seed fails again.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    /// A pattern, and whether it can match nothing. What is repeated cannot: engines differ in what the groups within have
    /// captured when a repetition's last round took nothing.
    private static func pattern(_ depth: Int, _ random: inout Generator) -> (text: String, isNullable: Bool) {
        switch Int.random(in: 0..<(depth == 0 ? 4 : 10), using: &random) {
        case 0, 1: return (["a", "b", "c", "é", "한"].randomElement(using: &random)!, false)
        case 2: return (["[ab]", "[^a]", "[a-c]", ".", "\\w", "\\d", "[^\\s한]", "\\p{L}"].randomElement(using: &random)!, false)
        case 3: return (["^", "$", "\\b", "\\B"].randomElement(using: &random)!, true)
        case 4, 5:
            let parts = (0..<Int.random(in: 2...3, using: &random)).map { _ in pattern(depth - 1, &random) }
            return (parts.map(\.text).joined(), parts.allSatisfy(\.isNullable))
        case 6:
            let parts = (0..<Int.random(in: 2...3, using: &random)).map { _ in pattern(depth - 1, &random) }
            return ("(?:" + parts.map(\.text).joined(separator: "|") + ")", parts.contains(where: \.isNullable))
        case 7:
            let inner = pattern(depth - 1, &random)
            return ("(\(inner.text))", inner.isNullable)
        default:
            let inner = pattern(depth - 1, &random)
            if inner.isNullable { return inner }
            let count = ["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}"].randomElement(using: &random)!
            let isNullable = count == "*" || count == "?" || count == "{0,3}"
            return ("(?:\(inner.text))\(count)" + (Bool.random(using: &random) ? "?" : ""), isNullable)
        }
    }

    @Test("random patterns match what they match there, groups included", arguments: 0..<20)
    func agrees(seed: Int) throws {
        var random = Generator(state: UInt64(seed))
        var matches = 0
        for _ in 0..<400 {
            let text = Self.pattern(4, &random).text
            let flags = ["", "(?i)", "(?m)", "(?s)"].randomElement(using: &random)!
            // Some are larger than is allowed.
            guard let pattern = try? LinearPattern(flags + text), let oracle = try? NSRegularExpression(pattern: flags + text) else { continue }
            for _ in 0..<5 {
                let subject = String((0..<Int.random(in: 0...12, using: &random)).map { _ in ["a", "b", "c", "A", "é", "한", " ", "\n", "1"].randomElement(using: &random)! as Character })
                let utf8 = Array(subject.utf8)
                let ours = try pattern.find(in: utf8).map { match in match.groups.map { $0.map { String(decoding: utf8[$0], as: UTF8.self) } } }
                let theirs = oracle.firstMatch(in: subject, range: NSRange(subject.startIndex..., in: subject)).map { result in
                    (0..<result.numberOfRanges).map { Range(result.range(at: $0), in: subject).map { String(subject[$0]) } }
                }
                if ours != nil { matches += 1 }
                #expect(ours == theirs, "\(flags + text) on \(subject.debugDescription)")
            }
        }
        #expect(matches > 200)
    }
}
