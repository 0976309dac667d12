import Hummingbird
import Logging
import NIOCore
import NIOPosix
import RoomEngine
import SocketIO
import Synchronization

/// The network side of the server: one port for HTTP and WebSocket, on as many loops as there are cores.
package final class HTTPServer: Sendable {
    /// What the server is made of, beside its settings.
    package struct Parts: Sendable {
        package var identity: Identity
        package var bots: BotTokens
        package var rooms: RoomLoop
        package var gifs: GIFStore
        package var logger: Logger
        /// What is kept of a person.
        package var lookUp: @Sendable (PersonID) async -> PersonRecord?
        /// The rooms in which a file is shown.
        package var shownIn: @Sendable (String) async -> [RoomID]
        package var clock: @Sendable () -> Int64
        /// With which everything is encrypted.
        package var certificates: Certificates?
        package var serving = Serving.rooms
        /// The text of `/metrics`; its argument is how many connections there are.
        package var metrics: @Sendable (Int) async -> String

        package init(
            identity: Identity, bots: BotTokens, rooms: RoomLoop, gifs: GIFStore, logger: Logger,
            lookUp: @escaping @Sendable (PersonID) async -> PersonRecord?, shownIn: @escaping @Sendable (String) async -> [RoomID],
            clock: @escaping @Sendable () -> Int64, certificates: Certificates? = nil,
            metrics: @escaping @Sendable (Int) async -> String = { _ in "# EOF\n" }
        ) {
            self.identity = identity
            self.bots = bots
            self.rooms = rooms
            self.gifs = gifs
            self.logger = logger
            self.lookUp = lookUp
            self.shownIn = shownIn
            self.clock = clock
            self.certificates = certificates
            self.metrics = metrics
        }
    }

    private let group: any EventLoopGroup
    let settings: HTTPSettings
    let parts: Parts
    let admission: Admission
    private let networks: [NIOLoopBound<NetworkLoop>]
    let socketIO: SocketIORoutes
    let draining = Atomic(false)
    private let listener = Mutex<(any Channel)?>(nil)

    /// Makes the loops' parts and starts the engine. Nobody can connect before ``listen()``.
    package init(
        on group: any EventLoopGroup, settings: HTTPSettings, parts: Parts, engine: @escaping @Sendable (LoopOutbox) -> Engine
    ) async throws {
        self.group = group
        self.settings = settings
        self.parts = parts
        admission = Admission(most: settings.connections, mostPerAddress: settings.connectionsPerAddress)
        var networks: [NIOLoopBound<NetworkLoop>] = []
        for (index, loop) in Array(group.makeIterator()).enumerated() {
            let rooms = parts.rooms
            networks.append(
                try await loop.submit { NIOLoopBound(NetworkLoop(loop: loop, index: index, rooms: rooms), eventLoop: loop) }.get())
        }
        self.networks = networks
        var engineIO = EngineIOSettings()
        engineIO.pingInterval = Int64(settings.ping) * 1_000
        engineIO.pingTimeout = Int64(settings.pong) * 1_000
        engineIO.maxPayload = min(settings.bodyLimit, settings.messageLimit)
        engineIO.maxQueuedBytes = settings.unsentLimit
        var hubs: [NIOLoopBound<SocketIOHub>] = []
        for network in networks {
            hubs.append(
                try await network.eventLoop.submit { [engineIO] in
                    let hub = SocketIOHub(network: network.value, settings: engineIO) { visitor, page in
                        switch parts.serving {
                        case .rooms: SocketIORooms(visitor: visitor, page: page, formats: Formats.socketIO, bots: parts.bots)
                        case .echo: SocketIOEcho()
                        }
                    }
                    return NIOLoopBound(hub, eventLoop: network.eventLoop)
                }.get())
        }
        socketIO = SocketIORoutes(hubs: hubs, maxPayload: engineIO.maxPayload)
        let outlets = networks.map { network in
            { @Sendable (batch: OutletBatch) in
                network.eventLoop.execute { network.value.write(batch) }
            }
        }
        try await parts.rooms.start(formats: Formats.make(), outlets: outlets, make: engine)
    }

    /// Opens the port and returns it.
    package func listen() async throws -> Int {
        let services = makeServices()
        let networks = Dictionary(uniqueKeysWithValues: networks.map { (ObjectIdentifier($0.eventLoop), $0) })
        let water = ChannelOptions.Types.WriteBufferWaterMark(low: settings.unsentLimit / 2, high: settings.unsentLimit)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: water)
            .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 1_024, maximum: 65_536))
            .childChannelInitializer { [admission, settings, parts] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let network = networks[ObjectIdentifier(channel.eventLoop)]?.value else { return }
                    try Self.prepare(channel, network, services, admission, settings, parts.certificates)
                }
            }
        let channel = try await bootstrap.bind(host: settings.host, port: settings.port).get()
        listener.withLock { $0 = channel }
        return channel.localAddress?.port ?? settings.port
    }

    /// Takes nobody in any more.
    package func stopListening() async {
        draining.store(true, ordering: .relaxed)
        for network in networks { network.eventLoop.execute { network.value.isEnding = true } }
        let channel = listener.withLock { channel in
            defer { channel = nil }
            return channel
        }
        try? await channel?.close()
    }

    /// How many are connected, by any transport.
    package var connections: Int { admission.count }
}
