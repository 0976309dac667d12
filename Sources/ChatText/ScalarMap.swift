/// A table from Unicode scalars to numbers, 0 where nothing was set. Two array reads per look-up; takes memory only for
/// the blocks of 256 scalars that have something in them. Messages are looked up scalar by scalar, where a dictionary's
/// hashing would cost ten times as much.
struct ScalarMap: Sendable {
    /// For each block, where its 256 values begin, in blocks. Block 0 of `values` is the empty one that all share.
    private var blocks = [UInt16](repeating: 0, count: 0x1100)
    private var values = [UInt32](repeating: 0, count: 0x100)

    /// `scalar` is up to 0x10FFFF.
    subscript(scalar: UInt32) -> UInt32 {
        get { values[Int(blocks[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)] }
        set {
            let block = Int(scalar >> 8)
            if blocks[block] == 0 {
                blocks[block] = UInt16(values.count >> 8)
                values.append(contentsOf: repeatElement(0, count: 0x100))
            }
            values[Int(blocks[block]) << 8 | Int(scalar & 0xFF)] = newValue
        }
    }
}
