import CZlib

/// zlib refused to begin a stream: no memory (`Z_MEM_ERROR`, -4), or another version than was compiled against (-6).
package struct ZlibFailure: Error, Equatable {
    /// zlib's return code.
    package let code: Int32
}

/// A `z_stream` at a fixed address: zlib keeps a pointer back to it and refuses one that has moved.
struct ZlibStream: ~Copyable {
    typealias Pointer = UnsafeMutablePointer<z_stream>

    private let pointer: Pointer
    private let end: (Pointer) -> Int32

    /// - Parameters:
    ///   - start: calls one of zlib's initialisers
    ///   - end: calls the function that frees what it has made
    init(start: (Pointer) -> Int32, end: @escaping (Pointer) -> Int32) throws(ZlibFailure) {
        let pointer = Pointer.allocate(capacity: 1)
        pointer.initialize(to: z_stream())
        let code = start(pointer)
        guard code == Z_OK else {
            pointer.deallocate()
            throw ZlibFailure(code: code)
        }
        self.pointer = pointer
        self.end = end
    }

    deinit {
        _ = end(pointer)
        pointer.deallocate()
    }

    /// Sets what is read next: as much of `input` as zlib's 32 bits can count. It is taken off `input`, whose memory must stay.
    func read(from input: inout UnsafeRawBufferPointer) {
        let piece = UnsafeRawBufferPointer(rebasing: input.prefix(1 << 30))
        pointer.pointee.next_in = piece.assumingMemoryBound(to: UInt8.self).baseAddress
        pointer.pointee.avail_in = UInt32(piece.count)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(piece.count))
    }

    /// Whether all that was set by ``read(from:)`` is used.
    var hasReadAll: Bool { pointer.pointee.avail_in == 0 }

    /// Calls a function of zlib with room for some output, which is appended.
    /// - Parameter limit: the most it may write this time, in bytes
    /// - Returns: zlib's code, and whether the room was filled: there may be more to come
    func write(to output: inout [UInt8], atMost limit: Int = .max, by function: (Pointer) -> Int32) -> (code: Int32, isFull: Bool) {
        withUnsafeTemporaryAllocation(byteCount: min(limit, 8192), alignment: 1) { room in
            pointer.pointee.next_out = room.assumingMemoryBound(to: UInt8.self).baseAddress
            pointer.pointee.avail_out = UInt32(room.count)
            let code = function(pointer)
            output.append(contentsOf: room.prefix(room.count - Int(pointer.pointee.avail_out)))
            return (code, pointer.pointee.avail_out == 0)
        }
    }

    /// What zlib says of its place in the data: see `data_type` in zlib.h.
    var isAtBlockBoundary: Bool { pointer.pointee.data_type & 128 != 0 }

    /// Calls a function of zlib that neither reads nor writes.
    func call(_ function: (Pointer) -> Int32) {
        let code = function(pointer)
        precondition(code == Z_OK, "zlib answers \(code) about a stream it has made itself")
    }
}
