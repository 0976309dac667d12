import NIOCore

/// What arrives over a WebSocket.
enum IncomingMessage: Equatable {
    case text(ByteBuffer)
    case binary(ByteBuffer)
    /// A message that is still compressed (RFC 7692): one that came in one piece, as nearly all do.
    case compressed(isText: Bool, ByteBuffer)
    case ping(ByteBuffer)
    case pong
    /// The peer ends the connection; `code` is nil if it gave none.
    case close(code: UInt16?)
}

/// Why a connection must be failed (RFC 6455 §7.1.7), with the close code that says so.
struct ProtocolFailure: Error, Equatable {
    let code: UInt16
    let reason: String

    static func violation(_ reason: String) -> Self { Self(code: 1002, reason: reason) }
    static let notUTF8 = Self(code: 1007, reason: "invalid UTF-8")
    static let tooBig = Self(code: 1009, reason: "message too big")

    static let outOfMemory = Self(code: 1011, reason: "not enough memory")
}
