/// Frames: from the image descriptor to the end of the data.
extension GIFInspector {
    /// The frame that is being read, counted from one.
    private var frame: Int { frames + 1 }

    private var frameControl: GraphicControl { control ?? GraphicControl() }

    /// - Parameter start: where the image separator is.
    mutating func readImage(_ descriptor: ImageDescriptor, at start: Int) throws(GIFError) {
        guard let screen else { return }
        let area = descriptor.area
        guard area.width > 0, area.height > 0 else { throw .zeroSize(.frame(frame), at: start) }
        guard area.columns.upperBound <= screen.width, area.rows.upperBound <= screen.height else {
            throw .frameOutsideScreen(
                frame: frame, frameArea: area, screenWidth: screen.width, screenHeight: screen.height, at: start)
        }
        guard descriptor.colours != nil || globalColours != nil else { throw .missingColourTable(frame: frame, at: start) }
        // Before anything is decoded, for both are bounds on the decoding.
        totalPixels += area.pixels
        guard totalPixels <= limits.totalPixels else {
            throw .overLimit(.totalPixels(totalPixels, most: limits.totalPixels))
        }
        duration += frameControl.shownFor
        guard frames == 0 || Double(duration) / 100 <= limits.seconds else {
            throw .overLimit(.seconds(Double(duration) / 100, most: limits.seconds))
        }
        image = descriptor
        imageStart = start
        stage = if let colours = descriptor.colours { .localColourTable(bytes: 3 * colours) } else { .codeSize }
    }

    /// GIF89a §22. The code size is 2 at least, for two colours as well; viewers disagree on where codes of size 1 grow.
    mutating func beginFrame(codeSize: Int, at start: Int) throws(GIFError) {
        guard let image, let table = localColours ?? globalColours else { return }
        guard (2...8).contains(codeSize) else { throw .badCodeSize(codeSize, frame: frame, at: start) }
        let colours = table.with(transparent: frameControl.transparent)
        decoder.begin(codeSize: codeSize, width: image.area.width, height: image.area.height, colours: colours)
        canvas.beginFrame(image, control: frameControl, colours: colours)
        stage = .imageDataSize
    }

    mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(GIFError) {
        if decoder.isComplete { return }
        do throws(LZWDecoder.Fault) {
            try decoder.decode(bytes, into: &canvas)
        } catch {
            switch error {
            case .code(let code, let at):
                throw .badCode(code, frame: frame, at: position + at)
            case .colour(let colour, let at):
                let colours = (localColours ?? globalColours)?.count ?? 0
                throw .colourOutsideTable(colour, colours: colours, frame: frame, at: position + at)
            case .ended(let at):
                throw incomplete(at: position + at)
            }
        }
    }

    /// - Parameter end: where the terminator of the data is.
    mutating func finishFrame(at end: Int) throws(GIFError) {
        guard decoder.isComplete else { throw incomplete(at: end) }
        canvas.finishFrame()
        meter.show(canvas.patches, for: frameControl.shownFor)
        if frames == 0 {
            still = StillFrame(screen: 0..<screenEnd, control: controlRange, image: imageStart..<position)
        }
        frames += 1
        (control, image, localColours) = (nil, nil, nil)
        stage = .block
    }

    private func incomplete(at end: Int) -> GIFError {
        .imageDataShort(frame: frame, pixels: decoder.decoded, of: image?.area.pixels ?? 0, at: end)
    }
}
