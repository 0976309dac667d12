import Hummingbird
import JSONText
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import RoomEngine
import SocketIO
import Synchronization

/// The network side of the server: one port for HTTP and WebSocket, on as many loops as there are cores.
package final class HTTPServer: Sendable {
    /// What the server is made of, beside its settings.
    package struct Parts: Sendable {
        package var identity: Identity
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

        package init(
            identity: Identity, rooms: RoomLoop, gifs: GIFStore, logger: Logger,
            lookUp: @escaping @Sendable (PersonID) async -> PersonRecord?, shownIn: @escaping @Sendable (String) async -> [RoomID],
            clock: @escaping @Sendable () -> Int64, certificates: Certificates? = nil
        ) {
            self.identity = identity
            self.rooms = rooms
            self.gifs = gifs
            self.logger = logger
            self.lookUp = lookUp
            self.shownIn = shownIn
            self.clock = clock
            self.certificates = certificates
        }
    }

    private let group: any EventLoopGroup
    private let settings: HTTPSettings
    private let parts: Parts
    private let admission: Admission
    private let networks: [NIOLoopBound<NetworkLoop>]
    private let socketIO: SocketIORoutes
    private let draining = Atomic(false)
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
                        case .rooms: SocketIORooms(visitor: visitor, page: page, formats: Formats.socketIO)
                        case .echo: SocketIOEcho()
                        }
                    }
                    return NIOLoopBound(hub, eventLoop: network.eventLoop)
                }.get())
        }
        socketIO = SocketIORoutes(hubs: hubs, maxPayload: engineIO.maxPayload)
        let outlets = networks.map { network in
            { @Sendable (operations: [OutletOperation]) in
                network.eventLoop.execute { network.value.outlet.apply(operations) }
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

    // MARK: Connections

    /// Builds a connection's pipeline, on its loop.
    private static func prepare(
        _ channel: any Channel, _ network: NetworkLoop, _ services: HTTPServices, _ admission: Admission, _ settings: HTTPSettings,
        _ certificates: Certificates?
    ) throws {
        // An IPv4 client of an IPv6 socket is the same client (RFC 4291 §2.5.5.2).
        let socketAddress = channel.remoteAddress?.ipAddress ?? "local"
        let isMapped = socketAddress.hasPrefix("::ffff:") && socketAddress.contains(".")
        let address = isMapped ? String(socketAddress.dropFirst("::ffff:".count)) : socketAddress
        // What a proxy brings is from many addresses.
        let isProxy = services.trusts(address)
        switch admission.enter(address, isProxy: isProxy) {
        case .welcome: channel.closeFuture.whenComplete { _ in admission.leave(address, isProxy: isProxy) }
        case .tooMany: return turnAway(channel, "503 Service Unavailable", "The server is full.")
        case .tooManyFromThere: return turnAway(channel, "429 Too Many Requests", "Too many connections from your address.")
        }
        if let certificates { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificates.context)) }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = settings.headerLimit
        limits.maxHeaderListSize = settings.headerLimit
        limits.maxHeaderFieldCount = 100
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        let encoder = HTTPResponseEncoder()
        let pipelining = HTTPServerPipelineHandler()
        let inflow = Inflow()
        let connection = HTTPConnection(
            network: network, services: services, address: address, inflow: inflow, codecs: [inflow, pipelining, encoder, decoder])
        try channel.pipeline.syncOperations.addHandlers(inflow, decoder, encoder, pipelining, connection)
    }

    private static func turnAway(_ channel: any Channel, _ status: String, _ text: String) {
        var json = JSONWriter()
        json.message(.refused(nil, Refusal(.unavailable, text)))
        let head = "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(json.bytes.count)\r\nConnection: close\r\n\r\n"
        var bytes = ByteBuffer(string: head)
        bytes.writeBytes(json.bytes)
        channel.writeAndFlush(bytes).whenComplete { _ in channel.close(promise: nil) }
    }

    // MARK: Services

    private func makeServices() -> HTTPServices {
        // The router needs the services' knowledge of people and origins, and the services carry the router: two steps.
        let open = services(with: Router(context: RoostContext.self))
        let router = Router(context: RoostContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders())
        router.add(middleware: CrossOrigin(origins: settings.origins))
        OperationRoutes(rooms: parts.rooms, admission: admission, isDraining: { [self] in draining.load(ordering: .relaxed) }).add(to: router)
        router.add(middleware: OriginCheck { open.isAllowed(origin: $0, host: $1) })
        let identified = router.group().add(
            middleware: IdentityMiddleware { cookies, languages, origin in
                if let visit = open.visit(cookies: cookies, languages: languages, origin) { return visit }
                return await open.returningVisit(cookies: cookies, languages: languages, origin)
            })
        let events = EventRoutes(
            rooms: parts.rooms, unsentLimit: settings.unsentLimit, heartbeat: Int64(settings.heartbeat) * 1_000,
            text: .makeBoxSendingValue(EventText(), eventLoop: parts.rooms.loop), isAllowed: { open.isAllowed(origin: $0, host: $1) })
        events.add(to: identified)
        RoomRoutes(rooms: parts.rooms, events: events).add(to: identified)
        socketIO.add(to: identified)
        GIFRoutes(rooms: parts.rooms, store: parts.gifs, shownIn: parts.shownIn).add(to: identified)
        PageRoutes(rooms: parts.rooms, files: FileRoutes(folder: settings.publicFolder)).add(to: identified)
        FileRoutes(folder: settings.publicFolder).add(to: router)
        return services(with: router)
    }

    private func services(with router: Router<RoostContext>) -> HTTPServices {
        HTTPServices(
            settings: settings, identity: parts.identity, logger: parts.logger,
            endpoints: [
                parts.serving == .echo
                    ? WebSocketEndpoint(path: "/echo", protocols: []) { _, _, deflate, _ in Echo(deflate) }
                    : WebSocketEndpoint(path: "/ws", protocols: ["roost.v1"]) { network, visitor, deflate, _ in
                        NativeApplication(network: network, visitor: visitor, format: Formats.native(deflate), decoder: NativeDecoder())
                    },
                WebSocketEndpoint(path: "/socket.io", refusal: socketIO.refusal, protocols: [], make: socketIO.application),
                WebSocketEndpoint(path: "/socket.io/", refusal: socketIO.refusal, protocols: [], make: socketIO.application),
            ],
            webSocketLimits: .init(message: settings.messageLimit, ping: settings.ping, pong: settings.pong), isSecure: parts.certificates != nil, admission: admission, lookUp: parts.lookUp, clock: parts.clock, responder: router.buildResponder(), known: KnownRoutes(router, files: FileRoutes(folder: settings.publicFolder)))
    }
}
