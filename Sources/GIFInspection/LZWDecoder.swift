/// Takes the pixels of one frame from its decoder, row after row in the order of the file.
protocol RowSink {
    /// `indices` is only valid during the call.
    mutating func receive(row: Int, _ indices: UnsafeBufferPointer<UInt8>)
}

/// The decompressor of GIF89a appendix F: variable-length codes, lowest bit first, at most 12 bits. Fed with any part of the
/// data at a time, it hands out whole rows. Its memory is allocated once and does not depend on the picture but for one row.
///
/// `@unchecked Sendable`: it cannot be copied and never gives its pointers away but for the time of a call, so whoever owns it
/// is alone with its memory.
struct LZWDecoder: ~Copyable, @unchecked Sendable {
    enum Fault: Error { case code(Int, at: Int), colour(Int, at: Int), ended(at: Int) }

    private let longestRow: Int
    private var strings: LZWStrings

    // The frame.
    private var colours = ColourTable([])
    private var rowLength = 1
    private var pixels = 0
    private var row = 0
    /// Pixels handed out or ready to be.
    var decoded: Int { min(pixels, row * rowLength + strings.filled) }
    /// Nothing more is wanted of the data: the frame is full.
    var isComplete: Bool { row * rowLength >= pixels }

    // What was read of the data and not used yet.
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0

    /// - Parameter longestRow: the widest frame it will be given, in pixels.
    init(longestRow: Int) {
        self.longestRow = longestRow
        strings = LZWStrings(room: longestRow)
    }

    deinit { strings.deallocate() }

    /// Forgets the last frame. `codeSize` is the byte before the data (2...8), `width` at most `longestRow`.
    mutating func begin(codeSize: Int, width: Int, height: Int, colours: ColourTable) {
        precondition((2...8).contains(codeSize) && (1...longestRow).contains(width))
        self.colours = colours
        rowLength = width
        pixels = width * height
        (row, bits, bitCount) = (0, 0, 0)
        strings.begin(codeSize: codeSize)
    }

    /// Decodes until the bytes or the frame's pixels are used up. A fault's `at` is an index into `bytes`.
    ///
    /// Accepted, because every viewer shows the same picture: data without a clear code at its start; a missing end code, and
    /// anything after the last pixel; a full dictionary that is not cleared, which GIF89a allows ("deferred clear").
    mutating func decode(_ bytes: UnsafeRawBufferPointer, into sink: inout some RowSink) throws(Fault) {
        // In variables of its own: they are all the loop needs between two codes, and stay in registers.
        var (strings, bits, bitCount) = (self.strings, self.bits, self.bitCount)
        defer { (self.strings, self.bits, self.bitCount) = (strings, bits, bitCount) }
        let clear = strings.clearCode
        for at in bytes.indices {
            bits |= UInt32(bytes[at]) &<< bitCount
            bitCount &+= 8
            // More than once only with codes shorter than a byte.
            while bitCount >= strings.codeSize {
                let code = Int(bits & ((1 &<< strings.codeSize) &- 1))
                bits &>>= strings.codeSize
                bitCount &-= strings.codeSize
                if code < clear {
                    guard colours.allows(code) else { throw .colour(code, at: at) }
                } else if code == clear {
                    strings.clear()
                    continue
                } else if code == clear &+ 1 {
                    throw .ended(at: at)
                } else if !strings.has(code) {
                    throw .code(code, at: at)
                }
                strings.emit(code)
                if strings.filled >= rowLength {
                    handOut(&strings, to: &sink)
                    if isComplete { return }
                }
            }
        }
    }

    @inline(never)
    private mutating func handOut(_ strings: inout LZWStrings, to sink: inout some RowSink) {
        var used = 0
        while strings.filled - used >= rowLength, !isComplete {
            sink.receive(row: row, UnsafeBufferPointer(start: strings.output + used, count: rowLength))
            row += 1
            used += rowLength
        }
        strings.drop(used)
    }
}
