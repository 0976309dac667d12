/// What a point does over time. A transition is the way between two neighbouring peaks and valleys of the plot, if it is large
/// enough; it is reported as soon as it is. Neighbouring transitions oppose each other, and two of them are a flash
/// (WCAG 2.2, "general flash and red flash thresholds").
protocol Trace: Sendable {
    init(at shade: Shade)
    mutating func move(to shade: Shade) -> Transition
}

enum Transition: Sendable { case none, rise, fall }

/// General flash: changes of relative luminance by 0.1 and more of the maximum, if the darker end is below 0.8.
struct LuminanceTrace: Trace {
    /// A tenth, less what rounding both ends to 8 bits can take off it.
    private static let step: Float = 0.1 - 1.0 / 255

    /// The lowest since the last fall and the highest since the last rise; both since the start, before either.
    private var valley: Float
    private var peak: Float
    private var last = Transition.none

    init(at shade: Shade) {
        valley = shade.luminance
        peak = valley
    }

    mutating func move(to shade: Shade) -> Transition {
        let luminance = shade.luminance
        valley = min(valley, luminance)
        peak = max(peak, luminance)
        if last != .rise, luminance - valley >= Self.step, valley < 0.8 {
            (peak, last) = (luminance, .rise)
            return .rise
        }
        if last != .fall, peak - luminance >= Self.step, luminance < 0.8 {
            (valley, last) = (luminance, .fall)
            return .fall
        }
        return .none
    }
}

/// Red flash: changes to or from a saturated red by more than 0.2 in the chromaticity diagram. Any two saturated reds are
/// closer together than that, so every transition leads into the reds or out of them.
struct RedTrace: Trace {
    private static let red = Shade(red: 1, green: 0, blue: 0).chromaticity

    /// The last saturated red, or what was farthest from red since then.
    private var extreme: SIMD2<Float>
    private var isRed: Bool

    init(at shade: Shade) {
        extreme = shade.chromaticity
        isRed = shade.isSaturatedRed
    }

    mutating func move(to shade: Shade) -> Transition {
        let colour = shade.chromaticity, saturated = shade.isSaturatedRed
        if saturated == isRed {
            if saturated || distance(colour, Self.red) > distance(extreme, Self.red) { extreme = colour }
            return .none
        }
        guard distance(colour, extreme) > 0.2 else { return .none }
        (extreme, isRed) = (colour, saturated)
        return saturated ? .rise : .fall
    }

    private func distance(_ one: SIMD2<Float>, _ other: SIMD2<Float>) -> Float {
        let way = one - other
        return (way * way).sum().squareRoot()
    }
}
