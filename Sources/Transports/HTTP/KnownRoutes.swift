import Foundation
import HTTPTypes
import Hummingbird
import JSONText
import RoomEngine

/// Which methods there are for a path: what an answer of 405 says (RFC 9110 §15.5.6).
struct KnownRoutes: Sendable {
    private let routes: [(path: [String], method: String)]
    private let files: FileRoutes

    init(_ router: Router<RoostContext>, files: FileRoutes) {
        self.files = files
        routes = router.routes.map { ($0.path.description.split(separator: "/").map(String.init), $0.method.rawValue) }
    }

    /// Nothing is there for this request: because of its method alone?
    func correct(_ response: Response, to request: Request) -> Response {
        guard response.status == .notFound, let allowed = methods(of: request.uri.path), request.method == .options || !allowed.contains(request.method.rawValue) else {
            return response
        }
        var corrected = jsonResponse(.methodNotAllowed) {
            $0.message(.refused(nil, Refusal(.badRequest, "\(request.method.rawValue) is not possible here.")))
        }
        if request.method == .options { corrected = Response(status: .noContent) }
        // Those of the answer that it replaces say nothing of its body, apart from these.
        for field in response.headers where ![.contentType, .contentLength, .cacheControl].contains(field.name) { corrected.headers.append(field) }
        corrected.headers[.allow] = allowed.sorted().joined(separator: ", ")
        return corrected
    }

    private func methods(of path: String) -> Set<String>? {
        if path == "*" { return Set(routes.map(\.method)).union(["HEAD", "OPTIONS"]) }
        let parts = path.split(separator: "/")
        let found = routes.filter { route in
            parts.count == route.path.count && zip(parts, route.path).allSatisfy { part, name in name.hasPrefix(":") || name.hasPrefix("{") || part == name }
        }
        if found.isEmpty { return files.exists(parts.map { $0.removingPercentEncoding ?? "" }) ? ["GET", "HEAD", "OPTIONS"] : nil }
        let methods = Set(found.map(\.method))
        return methods.contains("GET") ? methods.union(["HEAD", "OPTIONS"]) : methods.union(["OPTIONS"])
    }
}
