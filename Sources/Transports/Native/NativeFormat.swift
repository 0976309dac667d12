import JSONText
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
