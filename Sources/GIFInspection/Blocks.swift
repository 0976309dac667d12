/// A part of the screen, in pixels from its top left corner.
package struct Rectangle: Sendable, Equatable {
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int

    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    var pixels: Int { width * height }
    var columns: Range<Int> { x..<x + width }
    var rows: Range<Int> { y..<y + height }
}

/// The fixed-size blocks of the format, as values. Each is made from exactly the bytes it takes in the file.
struct ScreenDescriptor: Sendable {
    static let length = 7
    let width: Int
    let height: Int
    /// Entries of the global colour table; nil without one.
    let colours: Int?

    /// GIF89a §18. Background colour and pixel aspect ratio are not looked at: browsers use neither.
    init(_ bytes: [UInt8]) {
        width = bytes.word(at: 0)
        height = bytes.word(at: 2)
        colours = tableSize(bytes[4])
    }
}

struct ImageDescriptor: Sendable {
    /// Without the separator `0x2C` before it.
    static let length = 9
    let area: Rectangle
    /// Entries of the local colour table; nil without one.
    let colours: Int?
    let isInterlaced: Bool

    /// GIF89a §20.
    init(_ bytes: [UInt8]) {
        area = Rectangle(
            x: bytes.word(at: 0), y: bytes.word(at: 2), width: bytes.word(at: 4), height: bytes.word(at: 6))
        colours = tableSize(bytes[8])
        isInterlaced = bytes[8] & 0x40 != 0
    }
}

struct GraphicControl: Sendable {
    /// With block size and terminator, without introducer and label before them.
    static let length = 6
    static let blockSize = 4

    /// What happens to a frame when its time is over.
    enum Disposal: Sendable { case keep, clear, restore }

    var disposal = Disposal.keep
    /// Hundredths of a second, as written.
    var delay = 0
    var transparent: UInt8?

    /// What a frame without the extension has.
    init() {}

    /// GIF89a §23.
    init(_ bytes: [UInt8]) {
        // Methods 4 to 7 are reserved. Old drafts of the format wrote "restore" as 4, and Blink and WebKit read it so.
        disposal =
            switch (bytes[1] >> 2) & 7 {
            case 2: .clear
            case 3, 4: .restore
            default: .keep
            }
        delay = bytes.word(at: 2)
        transparent = bytes[1] & 1 != 0 ? bytes[4] : nil
    }

    /// For how long browsers show the frame, in hundredths of a second. All of them show delays of 0 and 10 ms as 100 ms
    /// (Blink's `DeferredImageDecoder`, Gecko's `FrameTimeout`, WebKit's `ScalableImageDecoder`).
    var shownFor: Int { delay < 2 ? 10 : delay }
}

/// GIF89a §18 and §20: the same bits in both descriptors.
private func tableSize(_ flags: UInt8) -> Int? { flags & 0x80 != 0 ? 2 << Int(flags & 7) : nil }

extension [UInt8] {
    /// Two bytes, the lower first (GIF89a §4).
    fileprivate func word(at index: Int) -> Int { Int(self[index]) | Int(self[index + 1]) << 8 }
}
