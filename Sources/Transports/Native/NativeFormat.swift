import JSONText
import MessageDeflate
import NIOCore
import RoomEngine

/// The native protocol: each message a JSON object in a text frame.
struct NativeFormat: MessageFormat {
    func append(_ message: Message, to bytes: inout ByteBuffer) {
        var json = JSONWriter()
        json.message(message)
        FrameWriter.append(.text, json.bytes, to: &bytes)
    }
}

/// The native protocol for clients that take compressed messages (RFC 7692): written and compressed once for all who
/// inflate with a window of this size.
///
/// `@unchecked Sendable`: made anywhere, it is used on the room loop alone.
final class DeflatedNativeFormat: MessageFormat, @unchecked Sendable {
    /// Bytes from which on compressing is worth its time: a short message goes out in one packet either way.
    static let threshold = 1_024

    private let windowBits: Int
    /// At level 1: the others take several times as long for a few bytes of a chat message.
    private lazy var deflater = try? Deflater(windowBits: windowBits, level: 1)

    init(windowBits: Int) { self.windowBits = windowBits }

    func append(_ message: Message, to bytes: inout ByteBuffer) {
        var json = JSONWriter()
        json.message(message)
        if json.bytes.count >= Self.threshold, let deflater {
            FrameWriter.append(.compressedText, json.bytes.withUnsafeBytes { deflater.deflate($0) }, to: &bytes)
        } else {
            FrameWriter.append(.text, json.bytes, to: &bytes)
        }
    }
}
