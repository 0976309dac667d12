import GIFInspection

/// Writes GIFs for the tests, good ones and bad ones.
struct GIFWriter {
    struct Frame {
        var area: Rectangle
        /// Indices into the colour table, row after row from the top.
        var pixels: [UInt8]
        /// Hundredths of a second; nil for a frame without a graphic control extension.
        var delay: Int? = 10
        var disposal = 0
        var transparent: UInt8?
        var colours: [UInt8]?
        var isInterlaced = false
        var codeSize = 8
        /// Instead of the compressed `pixels`: any codes, as (value, bits).
        var codes: [(Int, Int)]?
    }

    static let black: UInt8 = 0, white: UInt8 = 1, red: UInt8 = 2, grey: UInt8 = 3, blue: UInt8 = 4
    /// black, white, red, grey, blue, dark grey, light grey, brightest grey but white.
    static let colours: [UInt8] = [
        0, 0, 0, 255, 255, 255, 255, 0, 0, 128, 128, 128, 0, 0, 255, 40, 40, 40, 200, 200, 200, 240, 240, 240,
    ]

    var width = 8
    var height = 8
    var header = "GIF89a"
    /// Three bytes a colour, a power of two of them; nil for no global table.
    var colours: [UInt8]? = GIFWriter.colours
    /// How often a NETSCAPE2.0 extension says to repeat.
    var loop: Int?
    /// Raw blocks between the screen and the frames.
    var extensions: [UInt8] = []
    var frames: [Frame] = []

    /// Frames that fill the screen with one colour each.
    init(width: Int = 8, height: Int = 8, delay: Int? = 10, loop: Int? = nil, filled: [UInt8] = []) {
        (self.width, self.height, self.loop) = (width, height, loop)
        for colour in filled { fill(colour, delay: delay) }
    }

    /// Adds a frame of one colour: on `area`, or on the whole screen.
    mutating func fill(
        _ colour: UInt8, _ area: Rectangle? = nil, delay: Int? = 10, disposal: Int = 0, transparent: UInt8? = nil
    ) {
        paint(area, delay: delay, disposal: disposal, transparent: transparent) { _, _ in colour }
    }

    /// Adds a frame; `colour` is given x and y within it.
    mutating func paint(
        _ area: Rectangle? = nil, delay: Int? = 10, disposal: Int = 0, transparent: UInt8? = nil, interlaced: Bool = false,
        colour: (Int, Int) -> UInt8
    ) {
        let area = area ?? Rectangle(x: 0, y: 0, width: width, height: height)
        let pixels = (0..<area.width * area.height).map { colour($0 % area.width, $0 / area.width) }
        frames.append(
            Frame(
                area: area, pixels: pixels, delay: delay, disposal: disposal, transparent: transparent,
                isInterlaced: interlaced))
    }

    var bytes: [UInt8] { head + frames.flatMap(Self.bytes(of:)) + [StillFrame.trailer] }

    /// All before the frames.
    var head: [UInt8] {
        var bytes = Array(header.utf8) + Self.word(width) + Self.word(height) + [Self.flags(colours), 0, 0]
        bytes += colours ?? []
        if let loop { bytes += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1] + Self.word(loop) + [0] }
        return bytes + extensions
    }

    static func bytes(of frame: Frame) -> [UInt8] {
        var bytes: [UInt8] = []
        if let delay = frame.delay {
            bytes += [0x21, 0xF9, 4, UInt8(frame.disposal << 2 | (frame.transparent == nil ? 0 : 1))]
            bytes += word(delay) + [frame.transparent ?? 0, 0]
        }
        bytes += [0x2C] + word(frame.area.x) + word(frame.area.y) + word(frame.area.width) + word(frame.area.height)
        bytes += [flags(frame.colours) | (frame.isInterlaced ? 0x40 : 0)] + (frame.colours ?? [])
        bytes.append(UInt8(frame.codeSize))
        let rows = frame.isInterlaced ? interlacedRows(frame.area.height) : Array(0..<frame.area.height)
        let pixels = frame.codes == nil ? rows.flatMap { frame.pixels[$0 * frame.area.width..<($0 + 1) * frame.area.width] } : []
        let data = pack(frame.codes ?? compress(pixels, codeSize: frame.codeSize))
        for start in stride(from: 0, to: data.count, by: 255) {
            let block = data[start..<min(start + 255, data.count)]
            bytes += [UInt8(block.count)] + block
        }
        return bytes + [0]
    }

    static func word(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }

    private static func flags(_ colours: [UInt8]?) -> UInt8 {
        guard let colours else { return 0 }
        return 0x80 | UInt8((colours.count / 3).trailingZeroBitCount - 1)
    }

    private static func interlacedRows(_ height: Int) -> [Int] {
        [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { Array(stride(from: $0.0, to: height, by: $0.1)) }
    }

    /// LZW with a dictionary that is cleared when full.
    static func compress(_ pixels: [UInt8], codeSize: Int) -> [(Int, Int)] {
        let clear = 1 << codeSize
        var codes = [(clear, codeSize + 1)], size = codeSize + 1, next = clear + 2
        var strings: [Int: Int] = [:]
        var string: Int?
        for pixel in pixels {
            guard let known = string else {
                string = Int(pixel)
                continue
            }
            if let longer = strings[known << 8 | Int(pixel)] {
                string = longer
                continue
            }
            codes.append((known, size))
            strings[known << 8 | Int(pixel)] = next
            next += 1
            if next == 4_096 {
                codes.append((clear, size))
                (strings, size, next) = ([:], codeSize + 1, clear + 2)
            } else if next > 1 << size {
                size += 1
            }
            string = Int(pixel)
        }
        if let string {
            codes.append((string, size))
            // The reader defines one more string with this code, and may grow its codes by it.
            if next == 1 << size, size < 12 { size += 1 }
        }
        return codes + [(clear + 1, size)]
    }

    private static func pack(_ codes: [(Int, Int)]) -> [UInt8] {
        var bytes: [UInt8] = [], bits = 0, count = 0
        for (value, size) in codes {
            bits |= value << count
            count += size
            while count >= 8 {
                bytes.append(UInt8(bits & 255))
                bits >>= 8
                count -= 8
            }
        }
        if count > 0 { bytes.append(UInt8(bits & 255)) }
        return bytes
    }
}

/// The answer for a whole file, given in parts of `part` bytes.
func inspect(
    _ bytes: [UInt8], limits: GIFLimits = GIFLimits(), part: Int = .max, seed: UInt64 = 1
) throws(GIFError) -> GIFFacts {
    var inspector = GIFInspector(limits: limits, seed: seed)
    var start = 0
    while start < bytes.count {
        let end = bytes.count - start <= part ? bytes.count : start + part
        try inspector.consume(bytes[start..<end])
        start = end
    }
    return try inspector.finish()
}

/// The error of a file that is refused; nil if it is accepted.
func refusal(_ bytes: [UInt8], limits: GIFLimits = GIFLimits(), part: Int = .max) -> GIFError? {
    do throws(GIFError) {
        _ = try inspect(bytes, limits: limits, part: part)
        return nil
    } catch {
        return error
    }
}

/// SplitMix64, for tests that can be repeated.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
