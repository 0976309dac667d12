import MessageDeflate

/// The formats there are, and which one a client gets.
enum Formats {
    /// The native protocol, uncompressed first and then for each size of window; then Socket.IO.
    static func make() -> [any MessageFormat] {
        [NativeFormat()] + (9...15).map { DeflatedNativeFormat(windowBits: $0) }
            + [SocketIOFormat(hasOffsets: false), SocketIOFormat(hasOffsets: true)]
    }

    static func native(_ agreement: DeflateAgreement?) -> FormatID { FormatID(agreement.map { $0.windowBits - 8 } ?? 0) }

    static let socketIO = (plain: FormatID(8), withOffsets: FormatID(9))
}
