/// sRGB components as amounts of light, by WCAG's definition of relative luminance.
enum LinearLight {
    /// As much as can be added up over the 16 pixels of a patch in 16 bits.
    static let full: UInt16 = 4_095

    /// For each 8-bit component: 0 to `full`.
    static let table: [UInt16] = (0...255).map { byte in
        let value = Double(byte) / 255
        let light = value <= 0.03928 ? value / 12.92 : powerOf2Point4((value + 0.055) / 1.055)
        return UInt16((light * Double(full)).rounded())
    }

    /// x² times the fifth root of x², for there is no `pow` in the standard library. Newton's method: from 1 it falls to the
    /// root and stays, and no root here is below 0.38.
    private static func powerOf2Point4(_ x: Double) -> Double {
        let square = x * x
        var root = 1.0
        for _ in 0..<20 { root = (4 * root + square / (root * root * root * root)) / 5 }
        return square * root
    }
}

/// The mean colour of a patch as it stands on the screen. 8 bits of linear light are a step of 0.004 where WCAG's thresholds
/// are 0.1 and more, and keep the frames of a second small enough to remember.
struct Patch: Sendable, Equatable {
    /// Light of the painted pixels over all pixels of the patch: a half-painted white patch has 128.
    var red: UInt8 = 0
    var green: UInt8 = 0
    var blue: UInt8 = 0
    /// How much of the patch is painted.
    var cover: UInt8 = 0

    /// The patch in front of a page with this much light in every component, 0...1.
    func shade(on page: Float) -> Shade {
        let behind = page * Float(255 - cover)
        return Shade(
            red: (Float(red) + behind) / 255, green: (Float(green) + behind) / 255, blue: (Float(blue) + behind) / 255)
    }
}

/// A colour as linear light, each component 0...1.
struct Shade: Sendable {
    let red: Float
    let green: Float
    let blue: Float

    /// WCAG 2.2, "relative luminance".
    var luminance: Float { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

    /// u′ and v′ of the CIE 1976 UCS diagram, by the formulas of Understanding WCAG 2.2, success criterion 2.3.1.
    var chromaticity: SIMD2<Float> {
        let x = 0.4124564 * red + 0.3575761 * green + 0.1804375 * blue
        let y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
        let z = 0.0193339 * red + 0.1191920 * green + 0.9503041 * blue
        let sum = x + 15 * y + 3 * z
        // Black has none; like all greys it counts as the white point, so that red and black are as far apart as red and grey.
        guard sum > 0 else { return SIMD2(0.1978, 0.4683) }
        return SIMD2(4 * x / sum, 9 * y / sum)
    }

    /// R/(R+G+B) ≥ 0.8, as WCAG 2.2 has it. In colours near black that ratio is noise, so the earlier working definition's
    /// floor is kept beside it: (R−G−B)·320 > 20.
    var isSaturatedRed: Bool { red >= 0.8 * (red + green + blue) && (red - green - blue) * 320 > 20 }
}
