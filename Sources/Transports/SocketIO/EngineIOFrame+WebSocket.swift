import NIOCore
import SocketIO

extension EngineIOFrame {
    /// The frame as a WebSocket message.
    var webSocketFrame: ByteBuffer {
        var bytes = ByteBuffer()
        switch self {
        case .text(let text): FrameWriter.append(.text, text, to: &bytes)
        case .binary(let binary): FrameWriter.append(.binary, binary, to: &bytes)
        }
        return bytes
    }

    /// The texts of a server's WebSocket frames, for somebody who polls: what ``SocketIOFormat`` has written.
    static func texts(in frames: ByteBuffer) -> [EngineIOFrame] {
        var rest = frames
        var texts: [EngineIOFrame] = []
        while let head = rest.readInteger(as: UInt16.self) {
            let length: Int?
            switch head & 0x7F {
            case 126: length = rest.readInteger(as: UInt16.self).map(Int.init)
            case 127: length = rest.readInteger(as: UInt64.self).map(Int.init)
            case let short: length = Int(short)
            }
            guard let length, let bytes = rest.readBytes(length: length) else { break }
            texts.append(.text(bytes))
        }
        return texts
    }
}
