/// A pixel as light: red, green, blue, each 0 to `LinearLight.full`, and whether it is painted: `LinearLight.full` or 0.
typealias Pixel = SIMD4<UInt16>

/// The colours of one frame.
struct ColourTable: Sendable {
    /// For every index a pixel can have; not painted for the transparent index and beyond the table.
    private(set) var entries: [Pixel]
    /// How many the file gives; a power of two up to 256.
    let count: Int
    private(set) var transparent: UInt8?

    /// From a colour table block (GIF89a §19, §21): three bytes a colour, 256 colours at most.
    init(_ bytes: [UInt8]) {
        count = bytes.count / 3
        entries = Array(repeating: .zero, count: 256)
        let light = LinearLight.table
        for index in 0..<count {
            let components = (0..<3).map { light[Int(bytes[3 * index + $0])] }
            entries[index] = Pixel(components[0], components[1], components[2], LinearLight.full)
        }
    }

    func with(transparent index: UInt8?) -> ColourTable {
        guard let index else { return self }
        var table = self
        table.transparent = index
        table.entries[Int(index)] = .zero
        return table
    }

    /// Whether a pixel may have this value. The transparent index may lie beyond the table, as some programs write it: it is
    /// never looked up. Any other value beyond it (GIF89a §22 forbids them) looks different in every viewer.
    func allows(_ index: Int) -> Bool { index < count || index == transparent.map(Int.init) }
}
