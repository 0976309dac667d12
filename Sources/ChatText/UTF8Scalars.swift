extension UnsafeBufferPointer<UInt8> {
    /// The Unicode scalar whose first byte is at `offset`, and its length in bytes (1 to 4).
    ///
    /// The bytes must be a `String`'s own, which are valid UTF-8 by its invariant, and `offset` the start of a scalar:
    /// nothing is checked again here, because this is the inner loop of all that reads messages.
    @inline(__always)
    func scalar(at offset: Int) -> (value: UInt32, length: Int) {
        let first = UInt32(self[offset])
        if first < 0x80 { return (first, 1) }
        if first < 0xE0 { return ((first & 0x1F) << 6 | tail(offset + 1), 2) }
        if first < 0xF0 { return ((first & 0x0F) << 12 | tail(offset + 1) << 6 | tail(offset + 2), 3) }
        return ((first & 0x07) << 18 | tail(offset + 1) << 12 | tail(offset + 2) << 6 | tail(offset + 3), 4)
    }

    @inline(__always)
    private func tail(_ offset: Int) -> UInt32 { UInt32(self[offset] & 0x3F) }
}

extension [UInt8] {
    /// Appends a Unicode scalar in UTF-8; nothing if the number is not one.
    mutating func append(scalar: UInt32) {
        if scalar < 0x80 { return append(UInt8(truncatingIfNeeded: scalar)) }
        guard let scalar = Unicode.Scalar(scalar), let bytes = UTF8.encode(scalar) else { return }
        append(contentsOf: bytes)
    }
}

extension String {
    /// Calls `body` with the text in UTF-8, in place. `withUTF8` would do, but wants a string of its own, which takes
    /// longer than reading a short message.
    @inline(__always)
    func readUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
    }
}
