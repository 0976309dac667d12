/// What is known of a GIF after every byte of it was checked.
package struct GIFFacts: Sendable, Equatable {
    /// Length of the file.
    package var bytes: Int
    /// The logical screen, in pixels (GIF89a §18). Every frame lies inside it.
    package var width: Int
    package var height: Int
    package var frames: Int
    /// Length of one showing, as browsers time it: a delay under 20 ms is shown as 100 ms (`GraphicControl.shownFor`). Zero
    /// for a single frame, which has a delay only by accident: nothing follows it.
    package var seconds: Double
    /// The largest number of flashes in any one second, general or red, whichever is more (WCAG 2.2, success criterion
    /// 2.3.1). Always a whole number. How it is found: `FlashMeter`.
    package var flashesPerSecond: Double
    /// Where the first frame lies in the file, to cut a still from.
    package var still: StillFrame

    /// Whether a person with photosensitive epilepsy may be harmed by it: WCAG 2.3.1 (level A) allows three flashes a second.
    package var flashesTooOften: Bool { flashesPerSecond > 3 }

    package init(
        bytes: Int, width: Int, height: Int, frames: Int, seconds: Double, flashesPerSecond: Double, still: StillFrame
    ) {
        self.bytes = bytes
        self.width = width
        self.height = height
        self.frames = frames
        self.seconds = seconds
        self.flashesPerSecond = flashesPerSecond
        self.still = still
    }
}
