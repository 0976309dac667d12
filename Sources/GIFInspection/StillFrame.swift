/// The first frame of an inspected GIF, as ranges of the file's bytes. These ranges in order, and `trailer` after them, are a
/// whole GIF of one frame: nothing is decoded and nothing encoded.
package struct StillFrame: Sendable, Equatable {
    /// Ends every GIF (GIF89a §27).
    package static let trailer: UInt8 = 0x3B

    /// Header, screen descriptor and global colour table.
    package var screen: Range<Int>
    /// The frame's graphic control extension, if it has one: without it, its transparent colour would be painted.
    package var control: Range<Int>?
    /// Image descriptor, local colour table and image data, with the terminator of the data.
    package var image: Range<Int>

    package init(screen: Range<Int>, control: Range<Int>?, image: Range<Int>) {
        self.screen = screen
        self.control = control
        self.image = image
    }

    /// What to copy, in order. Byte offsets from the start of the file.
    package var ranges: [Range<Int>] { [screen] + (control.map { [$0] } ?? []) + [image] }

    /// Length of the still, trailer included.
    package var byteCount: Int { ranges.reduce(1) { $0 + $1.count } }

    /// The still itself, from the bytes of the whole file. Nil if `file` is too short to be the file that was inspected.
    package func assemble(from file: some RandomAccessCollection<UInt8>) -> [UInt8]? {
        guard image.upperBound <= file.count else { return nil }
        var still: [UInt8] = []
        still.reserveCapacity(byteCount)
        for range in ranges { still += file.dropFirst(range.lowerBound).prefix(range.count) }
        still.append(Self.trailer)
        return still
    }
}
