/// Where a picture is looked at to find flashes: one patch of 4 × 4 pixels in each cell of a grid of at most 48 × 48.
///
/// Why patches are enough: a flash counts from 25 % of 341 × 256 pixels on (WCAG 2.2, "general flash and red flash
/// thresholds"), 21,824 pixels in one neighbourhood, and even at 4,096 pixels a side a cell has only 85 × 85. Up to 192 pixels
/// a side the patches cover everything but the odd pixels.
///
/// Why 4 × 4 and their mean: WCAG excepts balanced patterns finer than 0.1 degrees, which is 3.4 pixels at 341 pixels for
/// 10 degrees, and asks for the mean of dithered colours ("relative luminance"). Single pixels would report every dithered
/// film as flashing. White noise from black to white, also excepted, is not quite even over 16 pixels: it counts.
///
/// Why not at the same place in every cell: a picture could keep just those places still. Where in its cell a patch lies comes
/// from a seed the sender does not know.
struct SampleGrid: Sendable {
    static let mostPerSide = 48
    static let patchSide = 4

    let width: Int
    let height: Int
    let columns: Int
    let rows: Int
    /// Pixels of a patch; less than four only in pictures that small.
    let patchWidth: Int
    let patchHeight: Int
    /// The top left pixel of every patch, row after row.
    let origins: [SIMD2<Int32>]

    var count: Int { columns * rows }
    var patchPixels: Int { patchWidth * patchHeight }

    /// - Parameters: the screen, in pixels, neither side zero.
    init(width: Int, height: Int, seed: UInt64) {
        self.width = width
        self.height = height
        let columns = max(1, min(Self.mostPerSide, width / Self.patchSide))
        let rows = max(1, min(Self.mostPerSide, height / Self.patchSide))
        let patchWidth = min(Self.patchSide, width), patchHeight = min(Self.patchSide, height)
        var random = SplitMix(state: seed)
        var origins: [SIMD2<Int32>] = []
        origins.reserveCapacity(columns * rows)
        for row in 0..<rows {
            let top = row * height / rows, bottom = (row + 1) * height / rows
            for column in 0..<columns {
                let left = column * width / columns, right = (column + 1) * width / columns
                let x = Int.random(in: left...right - patchWidth, using: &random)
                let y = Int.random(in: top...bottom - patchHeight, using: &random)
                origins.append(SIMD2(Int32(x), Int32(y)))
            }
        }
        (self.columns, self.rows) = (columns, rows)
        (self.patchWidth, self.patchHeight) = (patchWidth, patchHeight)
        self.origins = origins
    }

    /// The cells that have pixels in these columns of the screen; cell `c` begins at ⌊c · width / columns⌋.
    func columns(of x: Range<Int>) -> Range<Int> { cells(of: x, length: width, count: columns) }
    func rows(of y: Range<Int>) -> Range<Int> { cells(of: y, length: height, count: rows) }

    private func cells(of range: Range<Int>, length: Int, count: Int) -> Range<Int> {
        guard !range.isEmpty else { return 0..<0 }
        return cell(of: range.lowerBound, length: length, count: count)
            ..< cell(of: range.upperBound - 1, length: length, count: count) + 1
    }

    private func cell(of position: Int, length: Int, count: Int) -> Int { ((position + 1) * count - 1) / length }
}

/// SplitMix64: every seed gives another, well mixed sequence.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
