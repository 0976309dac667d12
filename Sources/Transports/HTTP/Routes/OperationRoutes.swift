import Hummingbird
import HTTPTypes
import RoomEngine

/// For whoever runs the server: is it alive, does it take people in, how much does it do.
struct OperationRoutes {
    let rooms: RoomLoop
    let admission: Admission
    let isDraining: @Sendable () -> Bool

    func add(to routes: Router<RoostContext>) {
        routes.get("healthz") { _, _ in Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "ok\n"))) }
        routes.get("readyz") { _, _ in
            // The room loop must answer: a server whose rooms are stuck is not ready.
            _ = await rooms.ask { $0.rooms.count }
            return isDraining() ? Response(status: .serviceUnavailable) : Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "ok\n")))
        }
        routes.get("metrics") { _, _ in await metrics() }
    }

    private func metrics() async -> Response {
        let (rooms, people) = await self.rooms.ask { ($0.rooms.count, $0.people.count) }
        let traffic = await self.rooms.traffic()
        let text = """
            # TYPE roost_connections gauge
            roost_connections \(admission.count)
            # TYPE roost_rooms gauge
            roost_rooms \(rooms)
            # TYPE roost_people gauge
            roost_people \(people)
            # TYPE roost_published counter
            roost_published_total \(traffic.published)
            # TYPE roost_delivered counter
            roost_delivered_total \(traffic.delivered)
            # TYPE roost_turns counter
            roost_turns_total \(traffic.turns)
            # EOF

            """
        return Response(
            status: .ok, headers: [.contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
