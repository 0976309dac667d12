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
    init(channel: any Channel, head: HTTPRequestHead) {
        self.channel = channel
        isHead = head.method == .HEAD
        keepAlive = Self.keepsAlive(head)
    }

    /// Whether another request can follow this one. Not if it offered another protocol: nothing after it is parsed.
    static func keepsAlive(_ head: HTTPRequestHead) -> Bool { head.isKeepAlive && !head.headers.contains(name: "upgrade") }

    /// False if it could not be written whole.
    func write(_ response: Response) async -> Bool {
        var head = response.head
        head.headerFields[.date] = httpDate(time(nil))
        if !keepAlive { head.headerFields[.connection] = "close" }
        let hasBody = !isHead && head.status.code != 204 && head.status.code != 304
        // The answer to a HEAD has no body, but the length that the GET's would have (RFC 9110 §8.6).
        let isKnown = isHead && head.headerFields[.contentLength] != nil
        if let length = response.body.contentLength, head.status.code != 304, !isKnown { head.headerFields[.contentLength] = "\(length)" }
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
