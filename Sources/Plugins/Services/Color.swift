import Glibc

/// A colour of the sRGB space, each part from 0 to 1.
struct Color: Equatable {
    var red, green, blue: Double

    init(red: Double, green: Double, blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// `#rrggbb`, or nil for anything else.
    init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 7, digits[0] == UInt8(ascii: "#"), digits.dropFirst().allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let number = UInt32(text.dropFirst(), radix: 16)
        else { return nil }
        self.init(red: Double(number >> 16 & 255) / 255, green: Double(number >> 8 & 255) / 255, blue: Double(number & 255) / 255)
    }

    /// `#rrggbb`
    var hex: String {
        "#" + [red, green, blue].map { part in
            let digits = String(Int((min(max(part, 0), 1) * 255).rounded()), radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Hue from 0 to 360, saturation and lightness from 0 to 1 (CSS Color 4 §7).
    var hsl: (hue: Double, saturation: Double, lightness: Double) {
        let most = max(red, green, blue), least = min(red, green, blue)
        let lightness = (most + least) / 2, range = most - least
        guard range > 0 else { return (0, 0, lightness) }
        let saturation = range / (1 - abs(2 * lightness - 1))
        let sixth: Double
        switch most {
        case red: sixth = (green - blue) / range + (green < blue ? 6 : 0)
        case green: sixth = (blue - red) / range + 2
        default: sixth = (red - green) / range + 4
        }
        return (sixth * 60, saturation, lightness)
    }

    /// Relative luminance (WCAG 2.2, "relative luminance").
    var luminance: Double {
        func linear(_ part: Double) -> Double { part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4) }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// From 1, for none, to 21 (WCAG 2.2, "contrast ratio").
    func contrast(with other: Color) -> Double {
        let (a, b) = (luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    /// This colour at 0, the other at 1, in between a straight line.
    func mixed(with other: Color, _ share: Double) -> Color {
        func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
        return Color(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
    }

    /// The nearest colour, on the way to white or black, that is readable on a background; that way's end if none is.
    func readable(on background: Color, ratio: Double) -> Color {
        if contrast(with: background) >= ratio { return self }
        let white = Color(red: 1, green: 1, blue: 1), black = Color(red: 0, green: 0, blue: 0)
        let end = white.contrast(with: background) >= black.contrast(with: background) ? white : black
        // The contrast grows along the way once it has passed the background's own luminance, so 256 steps find the first.
        for step in 1...256 {
            let candidate = Color(mixed(with: end, Double(step) / 256).hex) ?? end
            if candidate.contrast(with: background) >= ratio { return candidate }
        }
        return end
    }
}
