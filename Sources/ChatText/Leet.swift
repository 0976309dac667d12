/// ASCII characters that are written for letters.
enum Leet {
    /// Some of these can be read in two ways: "1" may be i or l, and "!" may be i or the end of a sentence. A text with
    /// one of them is searched once in either reading.
    enum Reading: Sendable {
        /// "1" is i, "!" is i, "|" is l, "@" is a, "$" is s.
        case letters
        /// "1" is l, and the signs are signs.
        case signs
    }

    /// The small letter that an ASCII letter, digit or sign stands for; nil if it stands for none. "1" is i; "!" and
    /// "|" are not letters, because in most texts they are not.
    static func letter(for scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x41...0x5A: scalar | 0x20
        case 0x61...0x7A: scalar
        case 0x30: 0x6F  // 0 o
        case 0x31: 0x69  // 1 i
        case 0x33: 0x65  // 3 e
        case 0x34, 0x40: 0x61  // 4 a, @ a
        case 0x35, 0x24: 0x73  // 5 s, $ s
        case 0x37: 0x74  // 7 t
        default: nil
        }
    }

    /// The same in a reading.
    static func letter(for scalar: UInt32, _ reading: Reading) -> UInt32? {
        switch (scalar, reading) {
        case (0x21, .letters): 0x69  // ! i
        case (0x7C, .letters): 0x6C  // | l
        case (0x31, .signs): 0x6C  // 1 l
        case (0x40, .signs), (0x24, .signs): nil
        default: letter(for: scalar)
        }
    }

    /// Whether the two readings of a scalar differ: 1 ! | @ $.
    static func isAmbiguous(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x31, 0x21, 0x7C, 0x40, 0x24: true
        default: false
        }
    }
}
