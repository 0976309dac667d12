/// Checks a GIF while it arrives: the first byte that cannot belong to an acceptable GIF is refused, whatever the rest is.
///
/// Give it the bytes in order with `consume`, in parts of any size, and after the last one ask `finish`. Neither the answer
/// nor the error depends on how the bytes were cut. After an error every call throws the same one again.
///
/// Its memory is a megabyte and a half at most and does not grow with the file or the picture; its work is bounded by the
/// limits on bytes, frames and pixels. It decodes every pixel, and keeps only the patches of a `SampleGrid`. It cannot be copied, for it
/// owns the decoder's memory. No thread is required; calls must not overlap.
package struct GIFInspector: ~Copyable, Sendable {
    let limits: GIFLimits
    let seed: UInt64

    // How far it is. The stages are in GIFInspector+Blocks.swift.
    var stage = Stage.header
    /// Bytes read so far.
    var position = 0
    /// The bytes of the fixed-size block that is being read.
    var field: [UInt8] = []

    // The file.
    var screen: Rectangle?
    var globalColours: ColourTable?
    var repeats = false
    var frames = 0
    var totalPixels = 0
    /// Sum of all frames' durations, in hundredths of a second.
    var duration = 0

    // The next frame, or the one that is being read.
    var control: GraphicControl?
    var image: ImageDescriptor?
    var localColours: ColourTable?

    // Where the first frame lies.
    var screenEnd = 0
    var controlRange: Range<Int>?
    var imageStart = 0
    var still: StillFrame?

    // What it shows. One pixel until the screen is known.
    var decoder: LZWDecoder
    var canvas: Canvas
    var meter: FlashMeter

    private var outcome: Result<GIFFacts, GIFError>?

    /// For the places of the sampling grid: unknown outside, and the same for the life of the process, so that a file that
    /// was refused is not accepted at the second attempt.
    private static let processSeed = UInt64.random(in: .min ... .max)

    package init(limits: GIFLimits = GIFLimits()) { self.init(limits: limits, seed: Self.processSeed) }

    /// - Parameter seed: decides where pictures larger than 192 pixels are sampled for flashes.
    package init(limits: GIFLimits, seed: UInt64) {
        self.limits = limits
        self.seed = seed
        decoder = LZWDecoder(longestRow: max(1, min(limits.side, 65_535)))
        let grid = SampleGrid(width: 1, height: 1, seed: seed)
        canvas = Canvas(grid: grid)
        meter = FlashMeter(grid: grid)
    }

    /// The next bytes of the file. They are not kept.
    package mutating func consume(_ bytes: UnsafeRawBufferPointer) throws(GIFError) {
        if let outcome {
            // Nothing may follow the end that `finish` has confirmed.
            _ = try outcome.get()
            if bytes.isEmpty { return }
            throw GIFError.trailingBytes(at: position)
        }
        do throws(GIFError) {
            // What is allowed is read first, so that an error in it is found however large the part is.
            let allowed = max(0, min(bytes.count, limits.bytes - position))
            try read(UnsafeRawBufferPointer(rebasing: bytes[..<allowed]))
            if allowed < bytes.count { throw GIFError.overLimit(.bytes(most: limits.bytes)) }
        } catch {
            outcome = .failure(error)
            throw error
        }
    }

    /// The same for any bytes.
    package mutating func consume(_ bytes: some Collection<UInt8>) throws(GIFError) {
        // A collection that is contiguous in memory is read where it is.
        var failure: GIFError?
        let isRead: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            do throws(GIFError) { try consume(UnsafeRawBufferPointer(buffer)) } catch { failure = error }
        }
        if let failure { throw failure }
        if isRead == nil { try consume(Array(bytes)) }
    }

    /// After the last byte.
    package mutating func finish() throws(GIFError) -> GIFFacts {
        if let outcome { return try outcome.get() }
        let result = conclude()
        outcome = result
        return try result.get()
    }

    private mutating func conclude() -> Result<GIFFacts, GIFError> {
        guard stage == .end, let screen, let still else {
            return .failure(.cutShort(at: position, reading: stage.part))
        }
        return .success(
            GIFFacts(
                bytes: position, width: screen.width, height: screen.height, frames: frames,
                seconds: frames > 1 ? Double(duration) / 100 : 0, flashesPerSecond: meter.finish(repeats: repeats),
                still: still))
    }
}
