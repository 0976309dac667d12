/// XORs the bytes with the mask, beginning at its byte `phase` (RFC 6455 §5.3).
func unmask(_ bytes: UnsafeMutableRawBufferPointer, _ mask: UInt32, _ phase: Int) {
    let rotated = mask << UInt32(8 * phase) | (phase == 0 ? 0 : mask >> UInt32(32 - 8 * phase))
    let wide = UInt64(bigEndian: UInt64(rotated) << 32 | UInt64(rotated))
    var at = 0
    while at + 8 <= bytes.count {
        bytes.storeBytes(of: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ wide, toByteOffset: at, as: UInt64.self)
        at += 8
    }
    while at < bytes.count {
        bytes[at] ^= UInt8(truncatingIfNeeded: rotated >> UInt32(24 - 8 * (at % 4)))
        at += 1
    }
}
