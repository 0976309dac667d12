import Hummingbird
import HTTPTypes
import NIOCore
import ProxyAddress
import RoomEngine

/// For whoever runs the server: is it alive, does it take people in, how much does it do.
struct OperationRoutes {
    let rooms: RoomLoop
    /// Whose requests for the measures are answered; nil for everyone's.
    let metricsReaders: TrustedProxies?
    let metrics: @Sendable () async -> String
    let isDraining: @Sendable () -> Bool

    func add(to routes: Router<RoostContext>) {
        routes.get("healthz") { _, _ in text("ok\n") }
        routes.get("readyz") { _, _ in
            // The room loop must answer: a server whose rooms are stuck is not ready.
            _ = await rooms.ask { $0.rooms.count }
            return isDraining() ? text("The server ends.\n", .serviceUnavailable) : text("ok\n")
        }
        routes.get("metrics") { request, context in
            guard mayRead(request, context) else { return text("The setting metrics-from says who may read this.\n", .forbidden) }
            var response = text(await metrics())
            response.headers[.contentType] = "application/openmetrics-text; version=1.0.0; charset=utf-8"
            return response
        }
    }

    /// A proxy that is not trusted, but says that it forwards, hides who asks: then it is nobody from here.
    private func mayRead(_ request: Request, _ context: RoostContext) -> Bool {
        guard let metricsReaders else { return true }
        let isForwarded = ["X-Forwarded-For", "Forwarded"].contains { HTTPField.Name($0).map { request.headers[$0] != nil } ?? false }
        if isForwarded, context.origin.address == context.peer { return false }
        return metricsReaders.contains(context.origin.address)
    }

    private func text(_ text: String, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
