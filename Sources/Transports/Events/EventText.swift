import JSONText
import NIOCore
import RoomEngine

/// Messages as server-sent events (WHATWG HTML §9.2): `data` is the native protocol's JSON, `id` the position to resume
/// from.
///
/// What a room hears is written down once for all its streams: the last event is kept. Confined to the room loop.
final class EventText {
    private var last: (room: RoomID, seq: Int64, bytes: ByteBuffer)?

    /// How long a browser waits before it comes back.
    static let begin = ByteBuffer(string: "retry: 2000\n\n")
    /// Nobody hears it; it keeps proxies from giving the stream up.
    static let heartbeat = ByteBuffer(string: ":\n\n")

    func bytes(of message: Message) -> ByteBuffer {
        switch message {
        case .event(let event, let epoch):
            if let last, last.room == event.room, last.seq == event.seq { return last.bytes }
            let bytes = text(message, id: "\(epoch):\(event.seq)")
            last = (event.room, event.seq, bytes)
            return bytes
        case .joined(var joined):
            // What was missed comes one by one, so that a stream that breaks in the middle goes on from there.
            let missed = joined.events
            joined.events = []
            if let first = missed.first { joined.seq = first.seq - 1 }
            var bytes = text(.joined(joined), id: "\(joined.epoch):\(joined.seq)")
            for event in missed { bytes.writeImmutableBuffer(text(.event(event, epoch: joined.epoch), id: "\(joined.epoch):\(event.seq)")) }
            return bytes
        default: return text(message, id: nil)
        }
    }

    private func text(_ message: Message, id: String?) -> ByteBuffer {
        var json = JSONWriter()
        json.message(message)
        var bytes = ByteBuffer()
        bytes.reserveCapacity(json.bytes.count + 48)
        if let id { bytes.writeString("id: \(id)\n") }
        // JSON has no line ends, so this is one line.
        bytes.writeString("data: ")
        bytes.writeBytes(json.bytes)
        bytes.writeString("\n\n")
        return bytes
    }
}

extension Position {
    /// `epoch:seq`, as `Last-Event-ID` and `since` have it.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let seq = Int64(parts[1]), seq >= 0 else { return nil }
        self.init(epoch: String(parts[0]), seq: seq)
    }
}
