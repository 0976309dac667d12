/// WCAG's field of 10 degrees, 341 × 256 pixels, moved over the grid cell by cell; and how much of it is flashing.
///
/// One pixel of the GIF is taken as one CSS pixel. Shown smaller, every part of the picture only fills less of the field. A
/// picture smaller than the field in a direction is the field in that direction: WCAG would let it flash unless a quarter of
/// the whole field did, but in a chat it may be shown enlarged, and many times over.
struct SlidingBlock: Sendable {
    /// How many places it has: `positions` in a row, then the next row.
    let count: Int
    /// The number of cells from which on a block flashes: a quarter.
    let threshold: Int

    private let columns: Int
    private let rows: Int
    private let width: Int
    private let height: Int
    private let positions: Int
    /// For each corner of the grid's cells, how many marked cells are above and left of it.
    private var sums: [Int32]

    init(grid: SampleGrid) {
        func cells(_ pixels: Int, of side: Int, count: Int) -> Int { max(1, min(count, (pixels * count + side / 2) / side)) }
        (columns, rows) = (grid.columns, grid.rows)
        width = cells(341, of: grid.width, count: columns)
        height = cells(256, of: grid.height, count: rows)
        positions = columns - width + 1
        count = positions * (rows - height + 1)
        threshold = (width * height + 3) / 4
        sums = Array(repeating: 0, count: (columns + 1) * (rows + 1))
    }

    /// Counts the marked cells; one mark for each cell of the grid.
    mutating func load(_ marks: [Bool]) {
        let stride = columns + 1
        for row in 0..<rows {
            var line: Int32 = 0
            for column in 0..<columns {
                if marks[row * columns + column] { line += 1 }
                sums[(row + 1) * stride + column + 1] = sums[row * stride + column + 1] + line
            }
        }
    }

    /// Whether a quarter of the block at this place, or more, is marked.
    func flashes(at place: Int) -> Bool {
        let left = place % positions, top = place / positions * (columns + 1)
        let right = left + width, bottom = top + height * (columns + 1)
        return sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left] >= Int32(threshold)
    }
}
