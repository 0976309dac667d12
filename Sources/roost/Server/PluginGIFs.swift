import NIOCore
import Plugins
import Transports

/// Reads GIFs for plugins on the files' own thread, and brings them to the room loop.
final class PluginGIFs: UploadedGIFs {
    private let store: GIFStore
    private let rooms: RoomLoop

    init(_ store: GIFStore, rooms: RoomLoop) {
        self.store = store
        self.rooms = rooms
    }

    func read(_ digest: String, _ range: Range<Int>, then: @escaping ([UInt8]?) -> Void) {
        let then = NIOLoopBound(then, eventLoop: rooms.loop)
        Task { [store, rooms] in
            let bytes = await store.read(digest, range)
            rooms.enter { _ in then.value(bytes) }
        }
    }
}
