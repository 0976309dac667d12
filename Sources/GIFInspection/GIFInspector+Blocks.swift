/// The grammar of the format (GIF89a appendix B), stage by stage.
///
/// Stricter than the viewers: what they guess at, each in its own way, is refused. Accepted beside the letter of the format,
/// because all of them agree on it: extensions in a file that says `GIF87a`, several graphic control extensions before a frame
/// (the last one counts) or one before none, unknown extensions, and a plain text extension, which no browser shows.
extension GIFInspector {
    mutating func read(_ bytes: UnsafeRawBufferPointer) throws(GIFError) {
        var rest = bytes[...]
        while let byte = rest.first {
            switch stage {
            case .header:
                try readHeader(byte)
                advance(&rest, by: 1)
            case .end:
                throw .trailingBytes(at: position)
            case .extensionData(let left):
                let count = min(left, rest.count)
                stage = count == left ? .extensionSize(loop: false) : .extensionData(left: left - count)
                advance(&rest, by: count)
            case .imageData(let left):
                let count = min(left, rest.count)
                try decode(UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
                stage = count == left ? .imageDataSize : .imageData(left: left - count)
                advance(&rest, by: count)
            default:
                guard let length = stage.fieldLength else { return }
                let count = min(length - field.count, rest.count)
                field += rest.prefix(count)
                advance(&rest, by: count)
                if field.count == length {
                    try readField(length)
                    field.removeAll(keepingCapacity: true)
                }
            }
        }
    }

    private mutating func advance(_ rest: inout Slice<UnsafeRawBufferPointer>, by count: Int) {
        rest = rest.dropFirst(count)
        position += count
    }

    /// GIF89a §17. Byte by byte, to refuse another kind of file at its first one.
    private mutating func readHeader(_ byte: UInt8) throws(GIFError) {
        let allowed: [[UInt8]] = [[0x47], [0x49], [0x46], [0x38], [0x37, 0x39], [0x61]]  // G I F 8 7|9 a
        guard allowed[position].contains(byte) else { throw .notGIF(at: position) }
        if position == allowed.count - 1 { stage = .screenDescriptor }
    }

    /// The bytes of a stage are complete in `field`; `position` is behind them.
    private mutating func readField(_ length: Int) throws(GIFError) {
        let start = position - length
        switch stage {
        case .screenDescriptor: try readScreen(ScreenDescriptor(field), at: start)
        case .globalColourTable:
            globalColours = ColourTable(field)
            beginBlocks()
        case .block: try readBlock(field[0], at: start)
        case .extensionLabel: readLabel(field[0])
        case .graphicControl: try readGraphicControl(at: start)
        case .applicationSize: stage = field[0] == 0 ? .block : .application(bytes: Int(field[0]))
        case .application: stage = .extensionSize(loop: Self.loopNames.contains { $0.elementsEqual(field) })
        case .extensionSize(let loop):
            let size = Int(field[0])
            stage = size == 0 ? .block : loop ? .loopData(bytes: size) : .extensionData(left: size)
        case .loopData:
            // Sub-block 1 holds how often to repeat; 0 is for ever, and any other number is once at least.
            if field[0] & 7 == 1, field.count >= 3 { repeats = true }
            stage = .extensionSize(loop: true)
        case .imageDescriptor: try readImage(ImageDescriptor(field), at: start - 1)
        case .localColourTable:
            localColours = ColourTable(field)
            stage = .codeSize
        case .codeSize: try beginFrame(codeSize: Int(field[0]), at: start)
        case .imageDataSize:
            if field[0] == 0 { try finishFrame(at: start) } else { stage = .imageData(left: Int(field[0])) }
        case .header, .extensionData, .imageData, .end: break
        }
    }

    private mutating func readScreen(_ descriptor: ScreenDescriptor, at start: Int) throws(GIFError) {
        let (width, height) = (descriptor.width, descriptor.height)
        guard width > 0, height > 0 else { throw .zeroSize(.screen, at: start) }
        guard max(width, height) <= limits.side else {
            throw .overLimit(.side(max(width, height), most: limits.side))
        }
        screen = Rectangle(x: 0, y: 0, width: width, height: height)
        let grid = SampleGrid(width: width, height: height, seed: seed)
        canvas = Canvas(grid: grid)
        meter = FlashMeter(grid: grid)
        if let colours = descriptor.colours { stage = .globalColourTable(bytes: 3 * colours) } else { beginBlocks() }
    }

    private mutating func beginBlocks() {
        screenEnd = position
        stage = .block
    }

    private mutating func readBlock(_ introducer: UInt8, at start: Int) throws(GIFError) {
        switch introducer {
        case 0x21: stage = .extensionLabel
        case 0x2C:
            guard frames < limits.frames else { throw .overLimit(.frames(most: limits.frames)) }
            stage = .imageDescriptor
        case StillFrame.trailer:
            guard frames > 0 else { throw .noFrame(at: start) }
            stage = .end
        default: throw .unknownBlock(introducer, at: start)
        }
    }

    /// The application extensions that mean "repeat", as browsers know them.
    private static var loopNames: [String.UTF8View] { ["NETSCAPE2.0".utf8, "ANIMEXTS1.0".utf8] }

    private mutating func readLabel(_ label: UInt8) {
        switch label {
        case 0xF9: stage = .graphicControl
        case 0xFF: stage = .applicationSize
        default: stage = .extensionSize(loop: false)
        }
    }

    private mutating func readGraphicControl(at start: Int) throws(GIFError) {
        for (index, expected) in [(0, GraphicControl.blockSize), (GraphicControl.length - 1, 0)] {
            guard field[index] == expected else {
                throw .badBlock(.graphicControl, size: Int(field[index]), expected: expected, at: start + index)
            }
        }
        control = GraphicControl(field)
        // Introducer and label are in front of it.
        controlRange = start - 2..<position
        stage = .block
    }
}
