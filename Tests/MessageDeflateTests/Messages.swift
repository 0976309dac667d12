import Foundation
import MessageDeflate

/// The same numbers every time (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// How often the fuzz tests try: ROOST_FUZZ.
let fuzzCount = ProcessInfo.processInfo.environment["ROOST_FUZZ"].flatMap { Int($0) } ?? 20_000

func bytes(_ hex: String) -> [UInt8] {
    hex.split(separator: " ").flatMap { $0.count == 2 ? [UInt8($0, radix: 16) ?? 0] : unspaced(String($0)) }
}

private func unspaced(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0..<$0 + 2]), radix: 16) ?? 0 }
}

extension Deflater {
    func deflate(_ message: [UInt8]) -> [UInt8] { message.withUnsafeBytes { deflate($0) } }
}

extension Inflater {
    func inflate(_ piece: [UInt8], isLast: Bool = true) throws(InflateFailure) -> [UInt8] {
        let result: Result<[UInt8], InflateFailure> = piece.withUnsafeBytes { piece in
            do throws(InflateFailure) {
                return .success(try inflate(piece, isLast: isLast))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// A message that comes in pieces of at most `size` bytes.
    func inflate(_ message: [UInt8], pieces size: Int) throws(InflateFailure) -> [UInt8] {
        var output: [UInt8] = []
        for start in stride(from: 0, to: message.count, by: size) {
            output += try inflate(Array(message[start..<min(start + size, message.count)]), isLast: false)
        }
        return output + (try inflate([], isLast: true))
    }
}

/// Like chat: words again and again, now and then something new.
func chat(_ length: Int, using random: inout SeededRandom) -> [UInt8] {
    let words = ["hello ", "room ", "{\"type\":\"message\",\"text\":\"", "\"}", "😀", "how are you? ", "\u{0}\u{1}"]
    var text: [UInt8] = []
    while text.count < length {
        if Int.random(in: 0..<8, using: &random) == 0 {
            text.append(UInt8.random(in: 0...255, using: &random))
        } else {
            text += Array(words[Int.random(in: 0..<words.count, using: &random)].utf8)
        }
    }
    return Array(text.prefix(length))
}
