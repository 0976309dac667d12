/// The picture as a viewer builds it up frame by frame, at the patches of a `SampleGrid` and nowhere else.
///
/// What a frame does not paint shows the page behind: browsers clear to transparent, never to the background colour.
struct Canvas: Sendable, RowSink {
    let grid: SampleGrid
    /// What every patch looks like since the last `finishFrame`.
    private(set) var patches: [Patch]

    /// Pixels of all patches, one patch after the other; what is not painted is zero.
    private var pixels: [Pixel]
    /// `pixels` as they were before a frame that will be taken back.
    private var saved: [Pixel] = []

    private var area = Rectangle(x: 0, y: 0, width: 0, height: 0)
    private var columns = 0..<0
    private var isInterlaced = false
    private var colours = ColourTable([])
    private var disposal = GraphicControl.Disposal.keep
    /// The last frame's rectangle, if it was disposed of by clearing or restoring.
    private var disposed: Rectangle?

    init(grid: SampleGrid) {
        self.grid = grid
        patches = Array(repeating: Patch(), count: grid.count)
        pixels = Array(repeating: .zero, count: grid.count * grid.patchPixels)
    }

    /// Disposes of the last frame (GIF89a §23) and makes ready for the next.
    mutating func beginFrame(_ image: ImageDescriptor, control: GraphicControl, colours: ColourTable) {
        disposed = disposal == .keep ? nil : area
        switch disposal {
        case .keep: break
        case .clear: clear(area)
        case .restore: pixels = saved
        }
        area = image.area
        columns = grid.columns(of: area.columns)
        isInterlaced = image.isInterlaced
        self.colours = colours
        disposal = control.disposal
        if disposal == .restore { saved = pixels }
    }

    mutating func receive(row: Int, _ indices: UnsafeBufferPointer<UInt8>) {
        let entries = colours.entries, left = area.x
        paint(columns, y: area.y + (isInterlaced ? interlaced(row) : row)) { x, old in
            let colour = entries[Int(indices[x - left])]
            return colour.w == 0 ? old : colour
        }
    }

    /// Brings `patches` up to date. After the last row of the frame.
    mutating func finishFrame() {
        if let disposed { average(disposed) }
        average(area)
    }

    /// Row `row` of the file in an interlaced frame (GIF89a appendix E): every eighth row from 0, from 4, then every fourth
    /// from 2, then every second from 1.
    private func interlaced(_ row: Int) -> Int {
        let height = area.height
        let second = (height + 7) / 8, third = (height + 3) / 4, fourth = (height + 1) / 2
        if row < second { return row * 8 }
        if row < third { return (row - second) * 8 + 4 }
        if row < fourth { return (row - third) * 4 + 2 }
        return (row - fourth) * 2 + 1
    }

    private mutating func clear(_ area: Rectangle) {
        let columns = grid.columns(of: area.columns)
        for y in area.rows { paint(columns, y: y) { _, _ in .zero } }
    }

    /// Sets the pixels of line `y` that lie in `area` and in a patch. `colour` is given a pixel's x and what it is now.
    @inline(__always)
    private mutating func paint(_ columns: Range<Int>, y: Int, colour: (Int, Pixel) -> Pixel) {
        let row = grid.rows(of: y..<y + 1).lowerBound * grid.columns
        let grid = grid, area = area
        var pixels = pixels.mutableSpan
        for point in row + columns.lowerBound..<row + columns.upperBound {
            let line = y - Int(grid.origins[point].y), left = Int(grid.origins[point].x)
            guard line >= 0, line < grid.patchHeight else { continue }
            let first = point * grid.patchPixels + line * grid.patchWidth - left
            let start = max(left, area.x), end = min(left + grid.patchWidth, area.x + area.width)
            for x in start..<max(start, end) {
                pixels[first + x] = colour(x, pixels[first + x])
            }
        }
    }

    private mutating func average(_ area: Rectangle) {
        let columns = grid.columns(of: area.columns)
        for row in grid.rows(of: area.rows) {
            for column in columns { patches[row * grid.columns + column] = mean(of: row * grid.columns + column) }
        }
    }

    private func mean(of point: Int) -> Patch {
        let size = grid.patchPixels
        var sum = Pixel.zero
        for index in point * size..<(point + 1) * size { sum &+= pixels[index] }
        let whole = UInt32(LinearLight.full) * UInt32(size)
        let bytes = (SIMD4<UInt32>(truncatingIfNeeded: sum) &* 255 &+ whole / 2) / whole
        return Patch(red: UInt8(bytes.x), green: UInt8(bytes.y), blue: UInt8(bytes.z), cover: UInt8(bytes.w))
    }
}
