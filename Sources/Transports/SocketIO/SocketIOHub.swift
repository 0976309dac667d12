import NIOCore
import RoomEngine
import SocketIO

/// The Socket.IO clients of one network loop. Confined to it.
final class SocketIOHub: Watched {
    let network: NetworkLoop
    let settings: EngineIOSettings
    var place: TimerWheel.Place?
    private let make: (Visitor, RoomID?) -> any SocketIOApplication
    private var peers: [String: SocketIOPeer] = [:]
    private var generator = SystemRandomNumberGenerator()

    /// - Parameter make: makes what a client talks to; the room is that of the page that the client is on
    init(network: NetworkLoop, settings: EngineIOSettings, make: @escaping (Visitor, RoomID?) -> any SocketIOApplication) {
        self.network = network
        self.settings = settings
        self.make = make
        network.watch(self, in: 1)
    }

    /// An id for a client in a namespace.
    func newID() -> String { SocketIOID.make(using: &generator) }

    /// A session's id says on which loop it lives: its last character counts the loops.
    private func newSessionID() -> String { newID() + String(UnicodeScalar(UInt8(ascii: "0") + UInt8(network.index % 64))) }

    static func loop(of session: String) -> Int? { session.utf8.last.map { Int($0) - Int(UInt8(ascii: "0")) } }

    func open(_ visitor: Visitor, page: RoomID?, _ answer: @escaping (SocketIOPeer.Answer) -> Void) {
        let peer = SocketIOPeer(polling: newSessionID(), hub: self, application: make(visitor, page), answer: answer)
        peers[peer.id] = peer
    }

    func open(_ visitor: Visitor, page: RoomID?, _ link: SocketIOLink) -> SocketIOPeer {
        let peer = SocketIOPeer(webSocket: link, id: newSessionID(), hub: self, application: make(visitor, page))
        peers[peer.id] = peer
        return peer
    }

    func peer(_ session: String) -> SocketIOPeer? { peers[session] }

    func remove(_ peer: SocketIOPeer) { peers[peer.id] = nil }

    func check(_ now: Int) -> Int? {
        for peer in peers.values { peer.tick() }
        return 1
    }
}
