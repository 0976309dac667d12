import Foundation

/// How often the fuzz tests try: ROOST_FUZZ.
let fuzzCount = ProcessInfo.processInfo.environment["ROOST_FUZZ"].flatMap(Int.init) ?? 5_000

/// Inputs that get far: well-formed ones that are damaged a little, and mixtures of what the format is made of.
struct Inputs {
    var seeds: [[UInt8]]
    var pieces: [[UInt8]]

    init(seeds: [[UInt8]], pieces: [[UInt8]]) {
        self.seeds = seeds
        self.pieces = pieces
    }

    init(seeds: [String], pieces: [String]) { self.init(seeds: seeds.map { Array($0.utf8) }, pieces: pieces.map { Array($0.utf8) }) }

    func next(using random: inout Seeded) -> [UInt8] {
        guard Bool.random(using: &random), var bytes = seeds.randomElement(using: &random) else { return mixture(using: &random) }
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            guard let at = bytes.indices.randomElement(using: &random) else { break }
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...4, using: &random)))
            case 3: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: at)
            default: bytes.replaceSubrange(at..., with: (seeds.randomElement(using: &random) ?? []).dropFirst(at))
            }
        }
        return bytes
    }

    private func mixture(using random: inout Seeded) -> [UInt8] {
        (0..<Int.random(in: 0...14, using: &random)).flatMap { _ in
            Int.random(in: 0..<10, using: &random) == 0 ? [UInt8.random(in: 0...255, using: &random)] : pieces.randomElement(using: &random) ?? []
        }
    }
}

/// The bytes in pieces of random lengths.
func cut(_ bytes: [UInt8], using random: inout Seeded) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...9, using: &random))
        pieces.append(piece)
        rest = rest.dropFirst(piece.count)
    }
    return pieces
}
