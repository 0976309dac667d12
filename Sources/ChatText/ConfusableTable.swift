/// Small letters of other scripts that look like Latin ones, after UTS #39 (confusables.txt). Capitals need no entry:
/// letters are made small first. Where capital and small letter look like different Latin letters (Ν and ν), the small
/// one decides, because a word must be equal to itself in capitals.
///
/// Left out on purpose: what is alike only as a group ("rn" and "m"), what differs at a glance (Cyrillic "и" and "u"),
/// and capital "I" for small "l", which would make "FAIL" equal to "fall".
enum ConfusableTable {
    static let letters: [UInt32: Unicode.Scalar] = [
        // Cyrillic, first without and then with a mark that was composed into the letter.
        0x430: "a", 0x432: "b", 0x433: "r", 0x435: "e", 0x43A: "k", 0x43C: "m", 0x43D: "h", 0x43E: "o", 0x43F: "n",
        0x440: "p", 0x441: "c", 0x442: "t", 0x443: "y", 0x445: "x", 0x44C: "b", 0x455: "s", 0x456: "i", 0x458: "j",
        0x461: "w", 0x475: "v", 0x4AF: "y", 0x4BB: "h", 0x4BD: "e", 0x4CF: "l", 0x4E9: "o", 0x501: "d", 0x51B: "q",
        0x51D: "w", 0x439: "\u{438}", 0x450: "e", 0x451: "e", 0x453: "r", 0x457: "i", 0x45C: "k", 0x45D: "\u{438}",
        0x45E: "y", 0x4D1: "a", 0x4D3: "a", 0x4D7: "e", 0x4E7: "o", 0x4EF: "y", 0x4F1: "y",
        // Greek, the same.
        0x3B1: "a", 0x3B2: "b", 0x3B3: "y", 0x3B5: "e", 0x3B6: "z", 0x3B7: "n", 0x3B9: "i", 0x3BA: "k", 0x3BC: "u",
        0x3BD: "v", 0x3BF: "o", 0x3C1: "p", 0x3C2: "o", 0x3C3: "o", 0x3C4: "t", 0x3C5: "u", 0x3C7: "x", 0x3C9: "w",
        0x3F2: "c", 0x3F3: "j", 0x3AC: "a", 0x3AD: "e", 0x3AE: "n", 0x3AF: "i", 0x390: "i", 0x3CA: "i", 0x3CC: "o",
        0x3B0: "u", 0x3CB: "u", 0x3CD: "u", 0x3CE: "w",
        // Armenian.
        0x566: "q", 0x570: "h", 0x575: "j", 0x578: "n", 0x57D: "u", 0x581: "g", 0x585: "o",
        // Cherokee and Lisu, whose letters were taken from Latin capitals.
        0xAB70: "d", 0xAB71: "r", 0xAB72: "t", 0xAB75: "i", 0xAB79: "y", 0xAB7A: "a", 0xAB7B: "j", 0xAB7C: "e",
        0xAB83: "w", 0xAB87: "m", 0xAB8B: "h", 0xAB8D: "y", 0xAB90: "g", 0xAB92: "h", 0xAB93: "z", 0xAB9F: "b",
        0xABA2: "r", 0xABA4: "w", 0xABA5: "s", 0xABA9: "v", 0xABAA: "s", 0xABAE: "l", 0xABAF: "c", 0xABB2: "p",
        0xABB6: "k", 0xABB7: "d", 0x13FB: "g", 0x13FC: "b", 0xA4D0: "b", 0xA4D1: "p", 0xA4D2: "d", 0xA4D3: "d",
        0xA4D4: "t", 0xA4D6: "g", 0xA4D7: "k", 0xA4D9: "j", 0xA4DA: "c", 0xA4DC: "z", 0xA4DD: "f", 0xA4DF: "m",
        0xA4E0: "n", 0xA4E1: "l", 0xA4E2: "s", 0xA4E3: "r", 0xA4E6: "v", 0xA4E7: "h", 0xA4EA: "w", 0xA4EB: "x",
        0xA4EC: "y", 0xA4EE: "a", 0xA4F0: "e", 0xA4F2: "i", 0xA4F3: "o", 0xA4F4: "u",
        // Latin letters whose names do not end in the letter they look like (see `Confusables`).
        0xAA: "a", 0xB5: "u", 0xBA: "o", 0x131: "i", 0x17F: "s", 0x237: "j", 0x251: "a", 0x254: "c", 0x25B: "e",
        0x261: "g", 0x269: "i", 0x28B: "u", 0x1DD: "e", 0x259: "e", 0x212E: "e",
    ]

    /// One scalar that stands for several.
    static let expansions: [UInt32: String] = [
        0xDF: "ss", 0xE6: "ae", 0x153: "oe", 0x133: "ij", 0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi",
        0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
    ]

    /// Blocks that have Latin letters and digits under other names: with diacritics, phonetic, modifier and index
    /// letters, letterlike symbols, in circles, for mathematics, in squares, flags' letters.
    static let latinBlocks: [ClosedRange<UInt32>] = [
        0xA1...0x2FF, 0x1D00...0x1DBF, 0x1E00...0x1EFF, 0x2070...0x209F, 0x2100...0x214F, 0x2460...0x24FF,
        0x2C60...0x2C7F, 0xA720...0xA7FF, 0xAB30...0xAB6F, 0x1D400...0x1D7FF, 0x1F100...0x1F1FF,
    ]

    /// What folding drops: marks that go onto letters of any script (not the vowel signs of Indic scripts, nor the
    /// points of Hebrew and Arabic, which are part of the spelling there), and what is never seen
    /// (Default_Ignorable_Code_Point up to U+FFFF; the rest is from `firstIgnorable` on).
    static let removed: [ClosedRange<UInt32>] = [
        0xAD...0xAD, 0x300...0x36F, 0x483...0x489, 0x61C...0x61C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F,
        0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0x20D0...0x20FF,
        0x3164...0x3164, 0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xFEFF...0xFEFF, 0xFFA0...0xFFA0, 0xFFF0...0xFFF8,
    ]

    /// Plane 14: tags and more variation selectors, all invisible.
    static let firstIgnorable: UInt32 = 0xE0000

    /// U+FF61–U+FF9F, the halfwidth forms of Japanese, in their ordinary width.
    static let halfwidthKana = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309A}"

    /// Hiragana and katakana that have the voicing mark in the code point after theirs, and those that have the
    /// half-voicing mark in the second after theirs.
    static let voiceable = "かきくけこさしすせそたちつてとはひふへほカキクケコサシスセソタチツテトハヒフヘホ"
    static let halfVoiceable = "はひふへほハヒフヘホ"
}
