import CZlib

/// Compresses messages, each for itself (RFC 7692 §7.2.1).
///
/// A class because zlib's stream must not move. Confined to one thread at a time.
package final class Deflater {
    private var stream = z_stream()

    /// - Parameter windowBits: 9 to 15. Nil when there is not enough memory.
    package init?(windowBits: Int, level: Int32 = 1) {
        // Level 1: a chat message is short, and the others cost several times as much for a few bytes.
        guard roost_deflate_init(&stream, level, Int32(windowBits), 8) == Z_OK else { return nil }
    }

    deinit { deflateEnd(&stream) }

    /// The message's compressed form, without the four bytes that end every one.
    package func deflate(_ message: some Collection<UInt8>) -> [UInt8] {
        deflateReset(&stream)
        var input = Array(message)
        return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(input.count))) + 16) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                // The bound is for one call with Z_FINISH; a flush adds its empty block, for which there is room.
                CZlib.deflate(&stream, Z_SYNC_FLUSH)
                count = output.count - Int(stream.avail_out) - 4
            }
        }
    }
}

/// Decompresses messages as they come, up to a size (RFC 7692 §7.2.2).
///
/// A class because zlib's stream must not move. Confined to one thread at a time.
package final class Inflater {
    package enum Failure: Error, Equatable {
        /// The message is larger than the limit, compressed as it is or not.
        case tooLarge
        /// It is not compressed data.
        case malformed
    }

    private var stream = z_stream()
    private var hasEnded = false
    private var count = 0

    /// Nil when there is not enough memory.
    package init?() {
        guard roost_inflate_init(&stream, 15) == Z_OK else { return nil }
    }

    deinit { inflateEnd(&stream) }

    /// Begins a new message.
    package func begin() {
        inflateReset(&stream)
        hasEnded = false
        count = 0
    }

    /// What a piece of the message decompresses to.
    /// - Parameter limit: the most that the whole message may be, in bytes
    package func inflate(_ piece: UnsafeRawBufferPointer, limit: Int, into output: (UnsafeRawBufferPointer) -> Void) throws(Failure) {
        guard !piece.isEmpty else { return }
        stream.next_in = UnsafeMutablePointer(mutating: piece.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(piece.count)
        try run(limit, output)
    }

    /// The end of the message: gives the last bytes.
    package func end(limit: Int, into output: (UnsafeRawBufferPointer) -> Void) throws(Failure) {
        var tail: [UInt8] = [0, 0, 0xFF, 0xFF]
        let failure: Failure? = tail.withUnsafeMutableBufferPointer { tail in
            stream.next_in = tail.baseAddress
            stream.avail_in = 4
            do throws(Failure) {
                try run(limit, output)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private func run(_ limit: Int, _ output: (UnsafeRawBufferPointer) -> Void) throws(Failure) {
        let failure: Failure? = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16_384) { buffer in
            repeat {
                // A block may be marked as the last one; what follows begins a new stream (§7.2.3.4).
                if hasEnded {
                    inflateReset(&stream)
                    hasEnded = false
                }
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                switch CZlib.inflate(&stream, Z_SYNC_FLUSH) {
                case Z_OK, Z_BUF_ERROR: break
                case Z_STREAM_END: hasEnded = true
                default: return .malformed
                }
                let made = buffer.count - Int(stream.avail_out)
                count += made
                if count > limit { return .tooLarge }
                if made > 0 { output(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<made])) }
            } while stream.avail_in > 0 || stream.avail_out == 0
            return nil
        }
        if let failure { throw failure }
    }
}
