import CZlib

/// Why a message cannot be decompressed. Either way the connection has to be closed: the rest of the message is lost.
package enum InflateFailure: Error, Equatable {
    /// It is larger than allowed: close code 1009 (RFC 6455 §7.4.1).
    case tooLarge(limit: Int)
    /// It is not, or not all of, what RFC 7692 §7.2.1 makes: close code 1007.
    case malformed
    /// There is no memory for zlib's window: close code 1011.
    case outOfMemory
}

/// Decompresses messages as they come, never to more than a limit (RFC 7692 §7.2.2).
///
/// The messages of one connection may be fragmented, so one connection at a time has an inflater, from the first piece of a
/// message to the last. Between messages it may go to another connection, unless it keeps the context. Once used it has about
/// 40 KiB. A class because it has an identity: its state; confined to one thread at a time.
package final class Inflater {
    private let stream: ZlibStream
    private let limit: Int
    private let keepsContext: Bool

    /// Bytes of this message, compressed and decompressed.
    private var received = 0
    private var produced = 0
    /// A block said that it was the last one; more data begins a new stream (§7.2.3.4).
    private var hasEnded = false
    /// Whether the last of the input ended a block.
    private var isAtBoundary = false

    /// - Parameters:
    ///   - limit: the most a message may decompress to, in bytes
    ///   - keepsContext: whether a message may refer to the ones before, as it may without `client_no_context_takeover`
    package init(limit: Int, keepsContext: Bool = false) throws(ZlibFailure) {
        // The largest window reads what any smaller one has written.
        stream = try ZlibStream(start: { roost_inflate_init($0, 15) }, end: { inflateEnd($0) })
        self.limit = limit
        self.keepsContext = keepsContext
    }

    /// What a piece of a message decompresses to. After the last one, and after an error, it is ready for another message.
    ///
    /// - Parameters:
    ///   - piece: a frame's payload or a part of it, unmasked
    ///   - isLast: whether it ends the message
    package func inflate(_ piece: UnsafeRawBufferPointer, isLast: Bool) throws(InflateFailure) -> [UInt8] {
        var output: [UInt8] = []
        do {
            try consume(piece, into: &output)
            if isLast { try finish(into: &output) }
        } catch {
            reset(dropsContext: true)
            throw error
        }
        if isLast { reset(dropsContext: !keepsContext) }
        return output
    }

    private func consume(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(InflateFailure) {
        received += piece.count
        var rest = piece
        while !rest.isEmpty {
            stream.read(from: &rest)
            try run(into: &output)
        }
    }

    /// §7.2.2: the four bytes that were taken off.
    private func finish(into output: inout [UInt8]) throws(InflateFailure) {
        // An empty payload should be one zero byte (§7.2.3.6). Other servers take none at all, too: nothing is nothing. And a
        // stream that has said its last block is complete without the empty one that should follow.
        if received == 0 || hasEnded { return }
        let failure: InflateFailure? = withUnsafeBytes(of: UInt32(0x0000_FFFF).bigEndian) { tail in
            do throws(InflateFailure) {
                try consume(tail, into: &output)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        // Cut short, a message would otherwise be taken for a shorter one.
        guard isAtBoundary || hasEnded else { throw .malformed }
    }

    private func run(into output: inout [UInt8]) throws(InflateFailure) {
        var isFull = false
        while !stream.hasReadAll || isFull {
            if hasEnded {
                stream.call { inflateReset($0) }
                hasEnded = false
            }
            // One byte more than allowed tells a message that is too large from one that just fits.
            let before = output.count
            let (code, filled) = stream.write(to: &output, atMost: min(limit - produced, 8191) + 1) { CZlib.inflate($0, Z_SYNC_FLUSH) }
            produced += output.count - before
            guard produced <= limit else { throw .tooLarge(limit: limit) }
            isFull = filled
            switch code {
            case Z_OK: isAtBoundary = stream.isAtBlockBoundary
            case Z_STREAM_END: (hasEnded, isFull) = (true, false)
            // Nothing was left to read or to write: the room had been filled by the last of the output.
            case Z_BUF_ERROR: break
            case Z_MEM_ERROR: throw .outOfMemory
            default: throw .malformed
            }
        }
    }

    private func reset(dropsContext: Bool) {
        if dropsContext || hasEnded { stream.call { inflateReset($0) } }
        (received, produced, hasEnded, isAtBoundary) = (0, 0, false, false)
    }
}
