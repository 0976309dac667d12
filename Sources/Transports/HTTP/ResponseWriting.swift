import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Writes a response to the connection that the request came by. Used from the task that answers it.
struct ResponseWriting: Sendable {
    private let channel: any Channel
    private let isHead: Bool
    private let keepAlive: Bool
    /// The connection cannot take another request: the client offered another protocol, after which nothing is parsed.
    let mustClose: Bool

    init(channel: any Channel, head: HTTPRequestHead) {
        self.channel = channel
        isHead = head.method == .HEAD
        mustClose = head.headers.contains(name: "upgrade")
        keepAlive = head.isKeepAlive && !mustClose
    }

    /// False if it could not be written whole.
    func write(_ response: Response) async -> Bool {
        var head = response.head
        head.headerFields[.date] = httpDate(time(nil))
        if !keepAlive { head.headerFields[.connection] = "close" }
        let hasBody = !isHead && head.status.code != 204 && head.status.code != 304
        if let length = response.body.contentLength, head.status.code != 304 { head.headerFields[.contentLength] = "\(length)" }
        channel.write(HTTPServerResponsePart.head(HTTPResponseHead(head)), promise: nil)
        do {
            if hasBody { try await response.body.write(Body(channel: channel)) }
            try await channel.writeAndFlush(HTTPServerResponsePart.end(nil))
            return true
        } catch {
            return false
        }
    }

    private struct Body: ResponseBodyWriter {
        let channel: any Channel

        /// Returns when the bytes have gone out, so that nobody writes faster than the client reads.
        mutating func write(_ buffer: ByteBuffer) async throws {
            try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(buffer)))
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
