import CZlib

/// Compresses messages, each for itself (RFC 7692 §7.2.1, with `server_no_context_takeover`).
///
/// One is enough for all clients with the same window. A class because it is shared; confined to one thread at a time.
package final class Deflater {
    /// The windows zlib can compress with, in bits, for streams without header.
    package static let windowSizes = 9...15

    private let stream: ZlibStream

    /// - Parameters:
    ///   - windowBits: 9 to 15; costs `2^(windowBits + 2)` bytes
    ///   - level: 1 (fast) to 9 (small)
    ///   - memoryLevel: 1 to 9; costs `2^(memoryLevel + 9)` bytes
    package init(windowBits: Int = 15, level: Int = 6, memoryLevel: Int = 8) throws(ZlibFailure) {
        precondition(Self.windowSizes.contains(windowBits) && (1...9).contains(level) && (1...9).contains(memoryLevel))
        stream = try ZlibStream(
            start: { roost_deflate_init($0, Int32(level), Int32(windowBits), Int32(memoryLevel)) }, end: { deflateEnd($0) })
    }

    /// A message's compressed form, without the `00 00 FF FF` every one ends with. An empty message makes one byte (§7.2.3.6).
    package func deflate(_ message: UnsafeRawBufferPointer) -> [UInt8] {
        var compressed: [UInt8] = []
        var rest = message
        stream.call { deflateReset($0) }
        repeat {
            stream.read(from: &rest)
            let flush = rest.isEmpty ? Z_SYNC_FLUSH : Z_NO_FLUSH
            while stream.write(to: &compressed, by: { CZlib.deflate($0, flush) }).isFull {}
        } while !rest.isEmpty
        compressed.removeLast(4)
        return compressed
    }
}
