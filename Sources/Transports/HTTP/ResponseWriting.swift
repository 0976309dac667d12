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
    private let version: HTTPVersion
    init(channel: any Channel, head: HTTPRequestHead) {
        self.channel = channel
        isHead = head.method == .HEAD
        keepAlive = Self.keepsAlive(head)
        version = head.version
    }

    /// Whether another request can follow this one. Not if it offered another protocol: nothing after it is parsed.
    /// Nor in HTTP/1.0, whose ways of keeping a connection proxies do not agree about (RFC 9112 §C.2.2).
    static func keepsAlive(_ head: HTTPRequestHead) -> Bool { head.version == .http1_1 && head.isKeepAlive && !head.headers.contains(name: "upgrade") }

    /// False if it could not be written whole.
    func write(_ response: Response) async -> Bool {
        var head = response.head
        head.headerFields[.date] = httpDate(time(nil))
        if !keepAlive { head.headerFields[.connection] = "close" }
        let hasBody = !isHead && head.status.code != 204 && head.status.code != 304
        // The answer to a HEAD has no body, but the length that the GET's would have (RFC 9110 §8.6).
        let isKnown = isHead && head.headerFields[.contentLength] != nil
        if let length = response.body.contentLength, head.status.code != 304, !isKnown { head.headerFields[.contentLength] = "\(length)" }
        var wireHead = HTTPResponseHead(head)
        // HTTP/1.0 has no chunks (RFC 9112 §6.1): what has no length then ends with the connection.
        if version != .http1_1, response.body.contentLength == nil { wireHead.version = .http1_0 }
        channel.write(HTTPServerResponsePart.head(wireHead), promise: nil)
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
