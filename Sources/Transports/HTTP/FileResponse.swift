import EntityTags
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A file as it is served: whole, in parts, or not at all if the client has it (RFC 9110 §13, §14).
struct FileResponse {
    var bytes: ByteBuffer
    var contentType: String
    /// Without quotes.
    var tag: String
    /// Seconds since 1970.
    var lastModified: Int?
    var headers: HTTPFields = [:]

    func response(to request: Request) -> Response {
        var conditions = ConditionalRequest(request.method == .head ? .head : .get)
        conditions.ifMatch = request.headers[values: .ifMatch]
        conditions.ifNoneMatch = request.headers[values: .ifNoneMatch]
        conditions.ifModifiedSince = request.headers[values: .ifModifiedSince]
        conditions.ifUnmodifiedSince = request.headers[values: .ifUnmodifiedSince]
        conditions.ifRange = request.headers[values: .ifRange]
        conditions.range = request.headers[values: .range]
        let validators = Validators(tag: EntityTag("\"\(tag)\""), lastModified: lastModified)

        var headers = headers
        headers[.eTag] = "\"\(tag)\""
        headers[.acceptRanges] = "bytes"
        if let lastModified { headers[.lastModified] = httpDate(lastModified) }
        switch conditions.answer(validators, size: bytes.readableBytes, now: Int(Date().timeIntervalSince1970)) {
        case .notModified: return Response(status: .notModified, headers: headers)
        case .preconditionFailed: return Response(status: .preconditionFailed, headers: headers)
        case .whole, .ranges(.whole): return whole(headers)
        case .ranges(let ranges): return partial(ranges, headers)
        }
    }

    private func whole(_ headers: HTTPFields) -> Response {
        var headers = headers
        headers[.contentType] = contentType
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: bytes))
    }

    private func partial(_ ranges: ByteRanges, _ headers: HTTPFields) -> Response {
        var headers = headers
        let size = bytes.readableBytes
        switch ranges {
        case .whole: return whole(headers)
        case .unsatisfiable:
            headers[.contentRange] = ByteRanges.unsatisfied(size: size)
            return Response(status: .rangeNotSatisfiable, headers: headers)
        case .part(let part):
            headers[.contentType] = contentType
            headers[.contentRange] = ByteRanges.contentRange(part, of: size)
            return Response(status: .partialContent, headers: headers, body: .init(byteBuffer: slice(part)))
        case .parts(let parts):
            let boundary = UUID().uuidString
            let form = MultipartRanges(parts, size: size, boundary: boundary, type: contentType)
            var body = ByteBuffer()
            for (head, part) in zip(form.heads, parts) {
                body.writeString(head)
                body.writeImmutableBuffer(slice(part))
            }
            body.writeString(form.tail)
            headers[.contentType] = form.contentType
            return Response(status: .partialContent, headers: headers, body: .init(byteBuffer: body))
        }
    }

    private func slice(_ part: Range<Int>) -> ByteBuffer {
        bytes.getSlice(at: bytes.readerIndex + part.lowerBound, length: part.count) ?? ByteBuffer()
    }
}
