import NIOCore
import RoomEngine

/// Reads `multipart/form-data` (RFC 7578, RFC 2046 §5.1) as it arrives, without keeping the parts.
struct MultipartReader {
    enum Part {
        case begin(name: String)
        case bytes(ByteBuffer)
        case end
    }

    private enum State {
        case preamble, headers, content, done
    }

    private let delimiter: [UInt8]
    private var state = State.preamble
    /// What has come and has not been used up. It starts with a line break, so that the first delimiter looks like the rest.
    private var buffer = ByteBuffer(string: "\r\n")

    init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

    /// The boundary that a content type names, if it is one of a form with parts.
    static func boundary(ofContentType type: String) -> String? {
        let pieces = type.split(separator: ";").map { $0.drop { $0 == " " } }
        guard pieces.first?.lowercased() == "multipart/form-data" else { return nil }
        for piece in pieces.dropFirst() where piece.lowercased().hasPrefix("boundary=") {
            let value = piece.dropFirst(9).filter { $0 != "\"" }
            return (1...70).contains(value.utf8.count) ? value : nil
        }
        return nil
    }

    /// Whether the closing delimiter has come.
    var isComplete: Bool { if case .done = state { true } else { false } }

    mutating func read(_ bytes: ByteBuffer) throws(Refusal) -> [Part] {
        buffer.writeImmutableBuffer(bytes)
        var parts: [Part] = []
        while try step(&parts) {}
        buffer.discardReadBytes()
        return parts
    }

    /// Uses up some of the buffer. False when more must come first.
    private mutating func step(_ parts: inout [Part]) throws(Refusal) -> Bool {
        switch state {
        case .preamble, .content:
            let view = buffer.readableBytesView
            guard let found = view.firstRange(of: delimiter) else {
                // The end of what there is may be the beginning of a delimiter.
                let sure = max(0, buffer.readableBytes - delimiter.count - 2)
                if sure > 0 { emit(buffer.readSlice(length: sure)!, &parts) }
                return false
            }
            let before = found.lowerBound - view.startIndex
            guard buffer.readableBytes >= before + delimiter.count + 2 else { return false }
            let content = buffer.readSlice(length: before)!
            if before > 0 { emit(content, &parts) }
            if case .content = state { parts.append(.end) }
            buffer.moveReaderIndex(forwardBy: delimiter.count)
            let after = buffer.readBytes(length: 2)!
            if after == Array("--".utf8) {
                state = .done
                return false
            }
            guard after == Array("\r\n".utf8) else { throw Refusal(.badRequest, "The form is malformed.") }
            state = .headers
            return true
        case .headers:
            let end = Array("\r\n\r\n".utf8)
            guard let found = buffer.readableBytesView.firstRange(of: end) else {
                if buffer.readableBytes > 4_096 { throw Refusal(.badRequest, "A part of the form has too large a header.") }
                return false
            }
            let head = buffer.readString(length: found.lowerBound - buffer.readableBytesView.startIndex) ?? ""
            buffer.moveReaderIndex(forwardBy: end.count)
            parts.append(.begin(name: try name(in: head)))
            state = .content
            return true
        case .done:
            buffer.clear()
            return false
        }
    }

    private func emit(_ bytes: ByteBuffer, _ parts: inout [Part]) {
        if case .content = state { parts.append(.bytes(bytes)) }
    }

    /// The field that a part's Content-Disposition names.
    private func name(in head: String) throws(Refusal) -> String {
        for line in head.split(separator: "\r\n") {
            guard line.lowercased().hasPrefix("content-disposition:") else { continue }
            for piece in line.split(separator: ";") {
                let piece = piece.drop { $0 == " " }
                guard piece.lowercased().hasPrefix("name=") else { continue }
                let name = piece.dropFirst(5).filter { $0 != "\"" }
                if (1...64).contains(name.utf8.count) { return name }
            }
        }
        throw Refusal(.badRequest, "A part of the form has no name.")
    }
}
