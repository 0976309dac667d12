import HTTPTypes
import Hummingbird
import JSONText
import NIOCore
import RoomEngine

/// Hearing what happens without a WebSocket: server-sent events and long-polling, on the same address.
struct EventRoutes {
    let rooms: RoomLoop
    /// Bytes that may wait unsent for one stream.
    let unsentLimit: Int
    /// Milliseconds of silence after which a stream gets a sign of life.
    let heartbeat: Int64
    let text: NIOLoopBoundBox<EventText>
    let isAllowed: @Sendable (_ origin: String?, _ host: String?) -> Bool

    /// Seconds that a long-polling request may ask to wait.
    private static let longestWait = 60.0

    func add(to routes: RouterGroup<RoostContext>) {
        routes.get("room/:id/events") { request, context in
            // To hear a room is to be in it, and a page of another origin must not put somebody there.
            guard isAllowed(request.headers[.origin], request.head.authority) else {
                throw Refusal(.forbidden, "Pages of other origins may not do this.")
            }
            let position = request.headers[.lastEventID] ?? request.uri.queryParameters["since"].map(String.init)
            let join = Command.join(.init(room: try room(context), seen: try position.map(checkedPosition), isImplied: true))
            return request.wantsEventStream ? try await stream([join], context) : try await poll(join, request, context)
        }
    }

    private func checkedPosition(_ text: String) throws -> Position {
        guard let position = Position(text) else { throw Refusal(.badRequest, "'since' is epoch:seq.", field: "since") }
        return position
    }

    // MARK: Server-sent events

    /// Opens a stream with what `commands` bring, or refuses if the first of them is refused.
    func stream(_ commands: [Command], _ context: RoostContext) async throws -> Response {
        let visitor = try context.person()
        let stream = EventStream(limit: unsentLimit)
        let refusal: Refusal? = await withCheckedContinuation { continuation in
            rooms.listen(commands, for: visitor.person, address: visitor.address, transport: "sse", locale: visitor.locale) {
                let listener = EventStreamListener(stream, text.value, heartbeat: heartbeat, rooms: rooms) { continuation.resume(returning: $0) }
                return listener.hear
            }
        }
        if let refusal { throw refusal }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store",
                // nginx would gather the events into blocks.
                HTTPField.Name("X-Accel-Buffering")!: "no",
            ],
            body: stream.body)
    }

    // MARK: Long-polling

    private func poll(_ join: Command, _ request: Request, _ context: RoostContext) async throws -> Response {
        guard case .join(let wanted) = join else { throw Refusal(.badRequest, "There is nothing to wait for.") }
        let seconds = request.uri.queryParameters["wait"].map { Double($0) ?? -1 } ?? 0
        guard (0...Self.longestWait).contains(seconds) else {
            throw Refusal(.badRequest, "'wait' is 0 to \(Int(Self.longestWait)) seconds.", field: "wait")
        }
        let visitor = try context.person()
        let cancellation = NIOLoopBoundBox.makeBoxSendingValue(Cancellation(), eventLoop: rooms.loop)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                rooms.listen([join], for: visitor.person, address: visitor.address, transport: "poll", locale: visitor.locale) {
                    let listener = LongPollListener(room: wanted.room, wait: Int64(seconds * 1_000), hasPosition: wanted.seen != nil) {
                        continuation.resume(returning: $0)
                    }
                    cancellation.value.whenCancelled { listener.cancel() }
                    return listener.hear
                }
            }
        } onCancel: {
            rooms.enter { _ in cancellation.value.cancel() }
        }
        switch outcome {
        case .poll(let poll): return jsonResponse { $0.longPoll(poll) }
        case .joined(let joined): return jsonResponse { $0.message(.joined(joined)) }
        case .held(let message): return jsonResponse { $0.message(message) }
        case .refused(let refusal): throw refusal
        }
    }
}

extension Request {
    var wantsEventStream: Bool { headers[.accept]?.contains("text/event-stream") == true }
}

extension HTTPField.Name {
    /// Where a stream was broken off (WHATWG HTML §9.2).
    static let lastEventID = Self("Last-Event-ID")!
}
