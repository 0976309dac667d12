/// Hangul taken apart into letters and put together again (Unicode chapter 3.12).
///
/// Letters are those of the block Hangul Compatibility Jamo (U+3131–U+3163), which keyboards type, and only those that
/// a single key types: ㅘ is ㅗ and ㅏ, ㄳ is ㄱ and ㅅ. The doubled consonants ㄲ ㄸ ㅃ ㅆ ㅉ have keys and stay as they are.
enum Hangul {
    /// The letters of a syllable or a jamo of any block (conjoining, compatibility, halfwidth); nil if it is none of
    /// modern Korean.
    @inline(__always)
    static func letters(of scalar: UInt32) -> Letters? {
        if (0xAC00...0xD7A3).contains(scalar) { return Letters(syllable: Int(scalar - 0xAC00)) }
        if scalar < 0x1100 { return nil }
        return jamo(scalar).map(Letters.init(jamo:))
    }

    /// The same jamo in the compatibility block.
    private static func jamo(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x1100...0x1112: initials[Int(scalar - 0x1100)]
        case 0x1161...0x1175: 0x314F + scalar - 0x1161
        case 0x11A8...0x11C2: finals[Int(scalar - 0x11A7)]
        case 0x3131...0x3163: scalar
        case 0xFFA1...0xFFBE: 0x3131 + scalar - 0xFFA1
        case 0xFFC2...0xFFC7: 0x314F + scalar - 0xFFC2
        case 0xFFCA...0xFFCF: 0x3155 + scalar - 0xFFCA
        case 0xFFD2...0xFFD7: 0x315B + scalar - 0xFFD2
        case 0xFFDA...0xFFDC: 0x3161 + scalar - 0xFFDA
        default: nil
        }
    }

    /// Up to five letters, as in 쾌 (ㅋㅗㅐ) or 뷁 (ㅂㅜㅔㄹㄱ), without an array for each.
    struct Letters: Sequence, IteratorProtocol {
        /// The letters' distances from U+3130, a byte each, the first in the lowest byte.
        private var packed: UInt64 = 0
        private var shift: UInt64 = 0

        fileprivate init(syllable: Int) {
            append(initials[syllable / 588])
            append(0x314F + UInt32(syllable % 588 / 28))
            if syllable % 28 > 0 { append(finals[syllable % 28]) }
        }

        fileprivate init(jamo: UInt32) { append(jamo) }

        private mutating func append(_ jamo: UInt32) {
            let parts = parts[Int(jamo - 0x3131)]
            packed |= UInt64(parts.0 - 0x3130) << shift
            shift += 8
            if let second = parts.1 {
                packed |= UInt64(second - 0x3130) << shift
                shift += 8
            }
        }

        mutating func next() -> UInt32? {
            if packed == 0 { return nil }
            defer { packed >>= 8 }
            return 0x3130 + UInt32(packed & 0xFF)
        }
    }

    /// The first consonants of syllables, in the order of U+1100.
    static let initials: [UInt32] = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ".unicodeScalars.map(\.value)

    /// The last consonants of syllables, in the order of U+11A7; 0 stands for none.
    static let finals: [UInt32] = [0] + "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ".unicodeScalars.map(\.value)

    /// For each jamo from U+3131 on, the one or two letters it is made of.
    static let parts: [(UInt32, UInt32?)] = {
        var parts: [(UInt32, UInt32?)] = (0x3131...0x3163).map { ($0, nil) }
        let clusters = "ㄳㄱㅅㄵㄴㅈㄶㄴㅎㄺㄹㄱㄻㄹㅁㄼㄹㅂㄽㄹㅅㄾㄹㅌㄿㄹㅍㅀㄹㅎㅄㅂㅅㅘㅗㅏㅙㅗㅐㅚㅗㅣㅝㅜㅓㅞㅜㅔㅟㅜㅣㅢㅡㅣ"
        let scalars = clusters.unicodeScalars.map(\.value)
        for index in stride(from: 0, to: scalars.count, by: 3) {
            parts[Int(scalars[index] - 0x3131)] = (scalars[index + 1], scalars[index + 2])
        }
        return parts
    }()
}
