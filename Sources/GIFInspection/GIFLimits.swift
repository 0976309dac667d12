/// What an upload may be at most. Reaching a limit is allowed; passing it is a `GIFError.overLimit`.
package struct GIFLimits: Sendable, Equatable {
    /// Length of the file.
    package var bytes: Int
    /// Width and height of the screen, in pixels. The format itself ends at 65,535.
    package var side: Int
    package var frames: Int
    /// Length of one showing, all frames together, as browsers time it (see `GIFFacts.seconds`).
    package var seconds: Double
    /// The sum of all frames' own rectangles: the number of pixels that have to be decoded, and so the bound on the work a
    /// small file can ask for.
    package var totalPixels: Int

    package init(
        bytes: Int = 5 * 1_048_576, side: Int = 4_096, frames: Int = 1_000, seconds: Double = 120,
        totalPixels: Int = 100_000_000
    ) {
        self.bytes = bytes
        self.side = side
        self.frames = frames
        self.seconds = seconds
        self.totalPixels = totalPixels
    }
}
