import MessageDeflate
import NIOCore

/// Reads a client's frames (RFC 6455 §5) and puts messages together.
///
/// Strict: reserved bits and opcodes, unmasked frames, lengths not in their shortest form and fragments out of order are
/// violations. Text is checked as its bytes arrive, within frames too, which is why this is not NIOWebSocket's decoder:
/// that one hands over whole frames only.
struct FrameParser {
    private struct Payload {
        var opcode: UInt8
        var isFinal: Bool
        var remaining: Int
        var mask: UInt32
        /// How far into the mask the next byte is, 0…3.
        var phase = 0
    }

    /// A data message that is being put together.
    private struct Message {
        let opcode: UInt8
        let isCompressed: Bool
        var bytes = ByteBuffer()
        /// Of a compressed message that comes in pieces: it is decompressed as it comes, so that what is wrong with it shows at
        /// once.
        var inflater: Inflater?
        /// The inflater has been told that nothing follows.
        var isInflated = false
    }

    private enum Opcode {
        static let continuation: UInt8 = 0, text: UInt8 = 1, binary: UInt8 = 2, close: UInt8 = 8, ping: UInt8 = 9, pong: UInt8 = 10
    }

    private let limit: Int
    private let allowsCompression: Bool
    private var payload: Payload?
    private var message: Message?
    private var control = ByteBuffer()
    private var text = UTF8Stream()

    /// - Parameters:
    ///   - limit: the largest message, in bytes as they come
    ///   - allowsCompression: permessage-deflate has been agreed on
    init(limit: Int, allowsCompression: Bool = false) {
        self.limit = limit
        self.allowsCompression = allowsCompression
    }

    /// Takes bytes from `input` and returns the next message, or nil when more bytes are needed. What is left in `input`
    /// then is part of a frame's header: it must be there again, with what follows it.
    mutating func next(from input: inout ByteBuffer) throws(ProtocolFailure) -> IncomingMessage? {
        while true {
            if payload == nil {
                guard let header = try readHeader(&input) else { return nil }
                payload = header
            }
            try readPayload(&input)
            guard let frame = payload, frame.remaining == 0 else { return nil }
            payload = nil
            if let message = try finish(frame) { return message }
        }
    }

    // MARK: Header

    private mutating func readHeader(_ input: inout ByteBuffer) throws(ProtocolFailure) -> Payload? {
        let start = input.readerIndex
        guard let first: UInt8 = input.getInteger(at: start), let second: UInt8 = input.getInteger(at: start + 1) else { return nil }
        let opcode = first & 0x0F
        let isFinal = first & 0x80 != 0
        // RFC 7692 §6: the first frame of a message says whether it is compressed.
        let isCompressed = allowsCompression && first & 0x40 != 0 && (opcode == Opcode.text || opcode == Opcode.binary)
        if first & (isCompressed ? 0x30 : 0x70) != 0 { throw .violation("reserved bits are set") }
        if second & 0x80 == 0 { throw .violation("a client's frames must be masked") }
        try check(opcode, isFinal, length: second & 0x7F)

        let length: Int
        var size = 2
        switch second & 0x7F {
        case 126:
            guard let value: UInt16 = input.getInteger(at: start + 2) else { return nil }
            if value < 126 { throw .violation("length not in its shortest form") }
            (length, size) = (Int(value), 4)
        case 127:
            guard let value: UInt64 = input.getInteger(at: start + 2) else { return nil }
            if value >> 63 != 0 || value < 65_536 { throw .violation("length not in its shortest form") }
            if value > UInt64(limit) { throw .tooBig }
            (length, size) = (Int(value), 10)
        case let value: length = Int(value)
        }
        guard let mask: UInt32 = input.getInteger(at: start + size) else { return nil }
        if opcode < 8, length + (message?.bytes.readableBytes ?? 0) > limit { throw .tooBig }
        input.moveReaderIndex(forwardBy: size + 4)
        if opcode == Opcode.text || opcode == Opcode.binary { message = Message(opcode: opcode, isCompressed: isCompressed) }
        return Payload(opcode: opcode, isFinal: isFinal, remaining: length, mask: mask)
    }

    private func check(_ opcode: UInt8, _ isFinal: Bool, length: UInt8) throws(ProtocolFailure) {
        switch opcode {
        case Opcode.continuation:
            if message == nil { throw .violation("continuation of nothing") }
        case Opcode.text, Opcode.binary:
            if message != nil { throw .violation("a new message within another") }
        case Opcode.close, Opcode.ping, Opcode.pong:
            if !isFinal { throw .violation("a fragmented control frame") }
            if length > 125 { throw .violation("a control frame over 125 bytes") }
        default: throw .violation("reserved opcode \(opcode)")
        }
    }

    // MARK: Payload

    private mutating func readPayload(_ input: inout ByteBuffer) throws(ProtocolFailure) {
        guard var frame = payload, frame.remaining > 0,
            var bytes = input.readSlice(length: min(frame.remaining, input.readableBytes)), bytes.readableBytes > 0
        else { return }
        let mask = frame.mask
        let phase = frame.phase
        bytes.withUnsafeMutableReadableBytes { unmask($0, mask, phase) }
        frame.phase = (phase + bytes.readableBytes) % 4
        frame.remaining -= bytes.readableBytes
        payload = frame
        if frame.opcode >= 8 {
            control.writeBuffer(&bytes)
        } else if var whole = message {
            message = nil // so that its bytes are not copied
            try take(&bytes, into: &whole, isAll: frame.isFinal && frame.remaining == 0)
            message = whole
        }
    }

    private mutating func take(_ bytes: inout ByteBuffer, into whole: inout Message, isAll: Bool) throws(ProtocolFailure) {
        if whole.isCompressed, whole.inflater == nil, !isAll {
            guard let inflater = try? Inflater(limit: limit) else { throw .outOfMemory }
            whole.inflater = inflater
        }
        if let inflater = whole.inflater {
            bytes = try inflater.inflate(bytes, isLast: isAll)
            whole.isInflated = isAll
        }
        if whole.opcode == Opcode.text, !whole.isCompressed || whole.inflater != nil, !bytes.withUnsafeReadableBytes({ text.accepts($0) }) {
            throw .notUTF8
        }
        if whole.bytes.readableBytes == 0 { whole.bytes = bytes } else { whole.bytes.writeBuffer(&bytes) }
    }

    private mutating func finish(_ frame: Payload) throws(ProtocolFailure) -> IncomingMessage? {
        if frame.opcode >= 8 {
            let bytes = control
            control = ByteBuffer()
            switch frame.opcode {
            case Opcode.ping: return .ping(bytes)
            case Opcode.pong: return .pong
            default: return try closing(bytes)
            }
        }
        guard frame.isFinal, var whole = message else { return nil }
        message = nil
        if whole.inflater != nil, !whole.isInflated {
            var nothing = ByteBuffer()
            try take(&nothing, into: &whole, isAll: true)
        }
        if whole.isCompressed, whole.inflater == nil {
            return .compressed(isText: whole.opcode == Opcode.text, whole.bytes)
        }
        if whole.opcode == Opcode.binary { return .binary(whole.bytes) }
        if !text.isComplete { throw .notUTF8 }
        return .text(whole.bytes)
    }

    /// RFC 6455 §5.5.1 and §7.4.
    private func closing(_ payload: ByteBuffer) throws(ProtocolFailure) -> IncomingMessage {
        var payload = payload
        if payload.readableBytes == 0 { return .close(code: nil) }
        guard let code: UInt16 = payload.readInteger() else { throw .violation("a close frame with half a code") }
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: break
        default: throw .violation("close code \(code)")
        }
        var reason = UTF8Stream()
        guard payload.withUnsafeReadableBytes({ reason.accepts($0) }), reason.isComplete else { throw .notUTF8 }
        return .close(code: code)
    }
}
