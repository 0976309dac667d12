import Hummingbird
import NIOCore
import RoomEngine
import Synchronization

/// What requests are answered by.
extension HTTPServer {
    func makeServices() -> HTTPServices {
        // The router needs the services' knowledge of people and origins, and the services carry the router: two steps.
        let open = services(with: Router(context: RoostContext.self))
        let router = Router(context: RoostContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders())
        router.add(middleware: CrossOrigin(origins: settings.origins))
        OperationRoutes(
            rooms: parts.rooms, metricsReaders: settings.metricsReaders, metrics: { [admission, parts] in await parts.metrics(admission.count) },
            isDraining: { [self] in draining.load(ordering: .relaxed) }
        ).add(to: router)
        router.add(middleware: OriginCheck { open.isAllowed(origin: $0, host: $1) })
        let identified = router.group().add(
            middleware: IdentityMiddleware { credentials, origin throws(Refusal) in
                if let visit = try open.visit(credentials, origin) { return visit }
                return await open.returningVisit(credentials, origin)
            })
        let events = EventRoutes(
            rooms: parts.rooms, unsentLimit: settings.unsentLimit, heartbeat: Int64(settings.heartbeat) * 1_000,
            text: .makeBoxSendingValue(EventText(), eventLoop: parts.rooms.loop), isAllowed: { open.isAllowed(origin: $0, host: $1) })
        events.add(to: identified)
        RoomRoutes(rooms: parts.rooms, events: events).add(to: identified)
        socketIO.add(to: identified) { open.isAllowed(origin: $0, host: $1) }
        GIFRoutes(rooms: parts.rooms, store: parts.gifs, shownIn: parts.shownIn).add(to: identified)
        PageRoutes(rooms: parts.rooms, files: FileRoutes(folder: settings.publicFolder)).add(to: identified)
        FileRoutes(folder: settings.publicFolder).add(to: router)
        return services(with: router)
    }

    private func services(with router: Router<RoostContext>) -> HTTPServices {
        HTTPServices(
            settings: settings, identity: parts.identity, bots: parts.bots, logger: parts.logger,
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
