import MessageDeflate
import NIOCore

extension Inflater {
    /// What a piece of a message decompresses to; a bomb ends at the limit.
    func inflate(_ piece: ByteBuffer, limit: Int) throws(ProtocolFailure) -> ByteBuffer {
        var result = ByteBuffer()
        let failure: Failure? = piece.withUnsafeReadableBytes { raw in
            do throws(Failure) {
                try inflate(raw, limit: limit) { result.writeBytes($0) }
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw ProtocolFailure(failure) }
        return result
    }

    /// The end of a message.
    func end(limit: Int) throws(ProtocolFailure) -> ByteBuffer {
        var result = ByteBuffer()
        do throws(Failure) {
            try end(limit: limit) { result.writeBytes($0) }
        } catch {
            throw ProtocolFailure(error)
        }
        return result
    }
}
