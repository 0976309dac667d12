import NIOCore
import OutgoingHTTP
import Plugins
import Transports

/// Sends plugins' requests, and brings the answers back to the room loop.
final class PluginRequests: OutgoingRequests {
    private let sender: RequestSender
    private let rooms: RoomLoop

    init(_ sender: RequestSender, rooms: RoomLoop) {
        self.sender = sender
        self.rooms = rooms
    }

    func send(_ request: OutgoingRequest, then: @escaping (OutgoingResult) -> Void) {
        let then = NIOLoopBound(then, eventLoop: rooms.loop)
        Task { [sender, rooms] in
            let result = await sender.send(request)
            rooms.enter { _ in then.value(result) }
        }
    }
}
