import MessageDeflate
import NIOCore

extension Inflater {
    /// What a piece of a message decompresses to; a bomb ends at the limit.
    func inflate(_ piece: ByteBuffer, isLast: Bool) throws(ProtocolFailure) -> ByteBuffer {
        let result: Result<[UInt8], InflateFailure> = piece.withUnsafeReadableBytes { raw in
            do throws(InflateFailure) {
                return .success(try inflate(raw, isLast: isLast))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let bytes): return ByteBuffer(bytes: bytes)
        case .failure(.tooLarge): throw .tooBig
        case .failure(.malformed): throw ProtocolFailure(code: 1007, reason: "the message cannot be decompressed")
        case .failure(.outOfMemory): throw .outOfMemory
        }
    }
}
