import HTTPTypes
import Hummingbird
import JSONText
import ProxyAddress
import RoomEngine

/// Headers that every response carries (design: safety).
struct SecurityHeaders: RouterMiddleware {
    func handle(_ request: Request, context: RoostContext, next: (Request, RoostContext) async throws -> Response) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = errorResponse(error, request)
        }
        response.headers[.contentSecurityPolicy] =
            "default-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[HTTPField.Name("X-Frame-Options")!] = "DENY"
        response.headers[HTTPField.Name("Referrer-Policy")!] = "same-origin"
        response.headers[HTTPField.Name("Cross-Origin-Opener-Policy")!] = "same-origin"
        if context.origin.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return response
    }
}

/// Lets pages of the origins that the configuration lists read responses (Fetch §3.2, CORS).
struct CrossOrigin: RouterMiddleware {
    let origins: Set<String>

    func handle(_ request: Request, context: RoostContext, next: (Request, RoostContext) async throws -> Response) async throws -> Response {
        guard let origin = request.headers[.origin], origins.contains(origin) || origins.contains("*") else {
            return try await next(request, context)
        }
        var response: Response
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            response = Response(status: .noContent)
            response.headers[.accessControlAllowMethods] = "GET, POST, DELETE"
            response.headers[.accessControlAllowHeaders] = request.headers[.accessControlRequestHeaders] ?? "Content-Type"
            response.headers[.accessControlMaxAge] = "600"
        } else {
            do {
                response = try await next(request, context)
            } catch {
                response = errorResponse(error, request)
            }
        }
        response.headers[.accessControlAllowOrigin] = origin
        // With cookies only for origins that are listed by name.
        if origins.contains(origin) { response.headers[.accessControlAllowCredentials] = "true" }
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
        return response
    }
}

/// Requests that change something must come from the server's own pages, or from no page at all.
struct OriginCheck: RouterMiddleware {
    let services: @Sendable (_ origin: String?, _ host: String?) -> Bool

    func handle(_ request: Request, context: RoostContext, next: (Request, RoostContext) async throws -> Response) async throws -> Response {
        if request.method != .get, request.method != .head, !services(request.headers[.origin], request.head.authority) {
            throw Refusal(.forbidden, "Pages of other origins may not do this.")
        }
        return try await next(request, context)
    }
}

/// Says who is asking, and gives a cookie to whoever has none.
struct IdentityMiddleware: RouterMiddleware {
    let visit: @Sendable (Credentials, _ origin: ClientOrigin) async throws(Refusal) -> Visit

    func handle(_ request: Request, context: RoostContext, next: (Request, RoostContext) async throws -> Response) async throws -> Response {
        let visit = try await visit(Credentials(request.headers), context.origin)
        var context = context
        context.visitor = visit.visitor
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = errorResponse(error, request)
        }
        if let cookie = visit.cookie { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return response
    }
}

/// The response that says what went wrong: a refusal as it is, anything else without its inside.
func errorResponse(_ error: any Error, _ request: Request) -> Response {
    let refusal: Refusal
    var status: HTTPResponse.Status
    switch error {
    case let error as Refusal: (refusal, status) = (error, error.code.status)
    case let error as BodyTooLarge:
        (refusal, status) = (Refusal(.tooLong, "The request's body is over \(error.limit / 1024) KiB."), .contentTooLarge)
    case let error as any HTTPResponseError:
        status = error.status
        refusal = Refusal(status == .notFound ? .notFound : .badRequest, status == .notFound ? "There is nothing here." : status.reasonPhrase)
    default: (refusal, status) = (Refusal(.unavailable, "Something went wrong in the server."), .internalServerError)
    }
    if status == .notFound, request.headers[.accept]?.contains("text/html") == true {
        return Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: .init(byteBuffer: ByteBuffer(string: refusal.text + "\n")))
    }
    var response = jsonResponse(status) { $0.message(.refused(nil, refusal)) }
    // RFC 6750 §3.1
    if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer error=\"invalid_token\"" }
    if let wait = refusal.retryAfter { response.headers[.retryAfter] = "\(Int(wait.rounded(.up)))" }
    return response
}

/// A response with JSON.
func jsonResponse(_ status: HTTPResponse.Status = .ok, _ body: (inout JSONWriter) -> Void) -> Response {
    var json = JSONWriter()
    body(&json)
    return Response(
        status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
        body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
}

extension Refusal.Code {
    /// The HTTP status that says the same.
    var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .badText: .badRequest
        case .tooLong: .contentTooLarge
        case .notFound: .notFound
        case .notMember, .wrongPassword, .banned, .muted, .refused, .forbidden: .forbidden
        case .full, .redirect: .conflict
        case .unauthorized: .unauthorized
        case .rate, .slow: .tooManyRequests
        case .unavailable: .serviceUnavailable
        }
    }
}
