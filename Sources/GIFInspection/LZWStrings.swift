/// The dictionary of an `LZWDecoder`, and the pixels it has written.
///
/// A string is kept as chunks of eight pixels, so that it is written eight pixels at a time from its end to its start: for each
/// code the last one to eight pixels of its string, and the code of all that comes before those.
///
/// The only place in the module with unchecked memory. What keeps it in bounds:
/// - codes are at most `next` ≤ 4,095 when given to `emit` (`has` says so), and entries below `next` are complete;
/// - a string is no longer than 4,096 pixels, for each entry is one longer than an earlier one;
/// - before `emit`, `filled` is less than `room`, and `output` has space for that, a string and a chunk behind it.
///
/// The memory belongs to whoever calls `deallocate`; copies share it, and only the last one written to is of use.
struct LZWStrings {
    private static let mostCodes = 4_096
    private static let chunk = 8

    /// The code that says that the dictionary starts afresh. Below it are the single pixels, the end code is next.
    private(set) var clearCode = 4
    /// Bits of the next code.
    private(set) var codeSize: UInt32 = 3
    /// Pixels in `output` that nobody has taken yet.
    private(set) var filled = 0
    let output: UnsafeMutablePointer<UInt8>

    /// The code that is defined next.
    private var next = 6
    /// The code before; -1 after a clear.
    private var previous = -1
    private let chunks: UnsafeMutablePointer<UInt64>
    private let prefixes: UnsafeMutablePointer<UInt16>
    /// Length of each string less one.
    private let lengths: UnsafeMutablePointer<UInt16>

    init(room: Int) {
        chunks = .allocate(capacity: Self.mostCodes)
        chunks.initialize(repeating: 0, count: Self.mostCodes)
        prefixes = .allocate(capacity: Self.mostCodes)
        prefixes.initialize(repeating: 0, count: Self.mostCodes)
        lengths = .allocate(capacity: Self.mostCodes)
        lengths.initialize(repeating: 0, count: Self.mostCodes)
        let space = room + Self.mostCodes + Self.chunk
        output = .allocate(capacity: space)
        output.initialize(repeating: 0, count: space)
    }

    func deallocate() {
        chunks.deallocate()
        prefixes.deallocate()
        lengths.deallocate()
        output.deallocate()
    }

    /// For a new frame, with its smallest code size (2...8).
    mutating func begin(codeSize: Int) {
        filled = 0
        clearCode = 1 << codeSize
        for value in 0..<clearCode { (chunks[value], lengths[value]) = (UInt64(value), 0) }
        clear()
    }

    mutating func clear() {
        codeSize = UInt32(clearCode.trailingZeroBitCount) + 1
        next = clearCode + 2
        previous = -1
    }

    /// Whether a code above the two special ones has a meaning: it is defined, or is the one the next string defines.
    @inline(__always)
    func has(_ code: Int) -> Bool { code <= next && previous >= 0 }

    /// Writes the string of `code`, and defines the next code: the string before and this one's first pixel. If `code` is that
    /// next code itself, its last pixel is the first of the string before, which is its own first.
    @inline(__always)
    mutating func emit(_ code: Int) {
        let start = output + filled
        let known = code == next ? previous : code
        var length = Int(lengths[known])
        filled &+= length &+ 1
        var rest = known
        while true {
            let offset = length & ~(Self.chunk &- 1)
            UnsafeMutableRawPointer(start + offset).storeBytes(of: chunks[rest].littleEndian, as: UInt64.self)
            if offset == 0 { break }
            rest = Int(prefixes[rest])
            length = offset &- 1
        }
        let first = start.pointee
        if code == next {
            output[filled] = first
            filled &+= 1
        }
        if previous >= 0, next < Self.mostCodes { define(previous, then: first) }
        previous = code
    }

    @inline(__always)
    private mutating func define(_ string: Int, then pixel: UInt8) {
        let length = Int(lengths[string]) &+ 1
        let place = length & (Self.chunk &- 1)
        lengths[next] = UInt16(truncatingIfNeeded: length)
        if place == 0 {
            chunks[next] = UInt64(pixel)
            prefixes[next] = UInt16(truncatingIfNeeded: string)
        } else {
            chunks[next] = chunks[string] | UInt64(pixel) &<< UInt64(8 &* place)
            prefixes[next] = prefixes[string]
        }
        next &+= 1
        if next == 1 &<< Int(codeSize), codeSize < 12 { codeSize &+= 1 }
    }

    /// Takes the first pixels away.
    mutating func drop(_ count: Int) {
        filled -= count
        output.update(from: output + count, count: filled)
    }
}
