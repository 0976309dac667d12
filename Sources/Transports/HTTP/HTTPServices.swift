import Foundation
import Hummingbird
import HTTPTypes
import Logging
import MessageDeflate
import NIOCore
import NIOHTTP1
import ProxyAddress
import RoomEngine

/// Where a WebSocket can be opened, and what is spoken there.
struct WebSocketEndpoint: Sendable {
    var path: String
    /// Why a request for one is refused: status and JSON. Nil if it is not.
    var refusal: @Sendable (HTTPRequestHead) -> (status: HTTPResponseStatus, json: String)? = { _ in nil }
    /// Subprotocols, of which the client's first choice is taken. Naming none is fine.
    var protocols: [String]
    /// Called on the connection's loop; with what was agreed on compression, if that was.
    var make: @Sendable (NetworkLoop, Visitor, DeflateAgreement?, HTTPRequestHead) -> any WebSocketApplication
}

/// Who a request is from, and the cookie they are to be given if they had none.
struct Visit: Sendable {
    var visitor: Visitor
    var cookie: String?
}

/// By what a request says who it is from, and what they read.
struct Credentials: Sendable {
    var cookies: [String]
    var authorization: String?
    var languages: String?
}

extension Credentials {
    init(_ head: HTTPRequestHead) {
        self.init(
            cookies: head.headers["cookie"], authorization: head.headers.first(name: "authorization"),
            languages: head.headers.first(name: "accept-language"))
    }

    init(_ headers: HTTPFields) {
        self.init(cookies: headers[values: .cookie], authorization: headers[.authorization], languages: headers[.acceptLanguage])
    }
}

extension Refusal {
    static let unknownToken = Refusal(.unauthorized, "The token is not known, or was revoked.")
}

/// What HTTP connections need to answer requests. Shared by all loops.
struct HTTPServices: Sendable {
    let settings: HTTPSettings
    let identity: Identity
    let bots: BotTokens
    let logger: Logger
    let endpoints: [WebSocketEndpoint]
    let webSocketLimits: WebSocketConnection.Limits
    let isSecure: Bool
    let admission: Admission
    /// What is kept of a person who was here before.
    let lookUp: @Sendable (PersonID) async -> PersonRecord?
    let clock: @Sendable () -> Int64
    let responder: RouterResponder<RoostContext>
    let known: KnownRoutes

    // MARK: Requests

    func respond(to request: Request, _ source: RequestSource) async -> Response {
        do {
            return known.correct(try await responder.respond(to: request, context: RoostContext(source: source)), to: request)
        } catch {
            return errorResponse(error, request)
        }
    }

    func isUpload(_ head: HTTPRequestHead) -> Bool {
        guard head.method == .POST, head.uri.hasPrefix("/room/") else { return false }
        return head.uri.prefix { $0 != "?" }.hasSuffix("/gif")
    }

    /// Whether the answer to a request is what happens next, whenever that is.
    func isWaiting(_ head: HTTPRequestHead) -> Bool {
        let path = head.uri.prefix { $0 != "?" }
        return head.method == .GET && (path.hasSuffix("/events") || path.hasPrefix("/socket.io") || path == "/rooms")
    }

    func endpoint(for head: HTTPRequestHead) -> WebSocketEndpoint? {
        let path = head.uri.prefix { $0 != "?" }
        return endpoints.first { $0.path == path }
    }

    /// Whether the page that sent this request, if one did, is the server's own or of an origin that is allowed.
    func isFromHere(_ head: HTTPRequestHead) -> Bool {
        isAllowed(origin: head.headers.first(name: "origin"), host: head.headers.first(name: "host"))
    }

    func isAllowed(origin: String?, host: String?) -> Bool {
        guard let origin else { return true }
        if settings.origins.contains(origin) || settings.origins.contains("*") { return true }
        guard let host, let separator = origin.range(of: "://") else { return false }
        return origin[separator.upperBound...].lowercased() == host.lowercased()
    }

    // MARK: Addresses

    /// Where a request is from. Only trusted proxies are believed.
    func origin(_ head: HTTPRequestHead, peer: String) -> ClientOrigin {
        guard let finder = settings.clientFinder else { return ClientOrigin(address: peer, isSecure: isSecure) }
        let headers = ForwardingHeaders(
            forwardedFor: head.headers["x-forwarded-for"], forwardedProto: head.headers["x-forwarded-proto"],
            forwarded: head.headers["forwarded"])
        return finder.origin(peer: peer, isSecure: isSecure, headers: headers)
    }

    func trusts(_ address: String) -> Bool { settings.clientFinder?.trusts(address) ?? false }

    // MARK: People

    /// A bot, or somebody new. Nil for somebody who was here before.
    /// - Throws: if it bears a token that is none
    func visit(_ credentials: Credentials, _ origin: ClientOrigin) throws(Refusal) -> Visit? {
        let (cookies, languages) = (credentials.cookies, credentials.languages)
        if let token = BotTokens.bearer(credentials.authorization) {
            guard let bot = bots.bot(bearing: token) else { throw .unknownToken }
            return Visit(visitor: Visitor(person: bot.record, address: origin.address, locale: preferredLanguage(languages)), cookie: nil)
        }
        guard token(in: cookies) == nil else { return nil }
        let token = identity.newToken()
        let person = identity.person(token, at: clock())
        let visitor = Visitor(person: person, address: origin.address, locale: preferredLanguage(languages))
        return Visit(visitor: visitor, cookie: setCookie(token, isSecure: origin.isSecure))
    }

    /// Somebody who was here before, by what is kept of them.
    func returningVisit(_ credentials: Credentials, _ origin: ClientOrigin) async -> Visit {
        let made = identity.person(token(in: credentials.cookies) ?? identity.newToken(), at: clock())
        let person = await lookUp(made.id) ?? made
        return Visit(visitor: Visitor(person: person, address: origin.address, locale: preferredLanguage(credentials.languages)), cookie: nil)
    }

    private func token(in cookies: [String]) -> String? {
        for header in cookies {
            for pair in header.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                guard pair.hasPrefix(Identity.cookie + "=") else { continue }
                if let token = identity.verify(String(pair.dropFirst(Identity.cookie.utf8.count + 1))) { return token }
            }
        }
        return nil
    }

    private func setCookie(_ token: String, isSecure: Bool) -> String {
        "\(Identity.cookie)=\(identity.sign(token)); Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }

    /// The first language of an `Accept-Language` header, as a short tag; weights are in descending order in practice.
    private func preferredLanguage(_ header: String?) -> String {
        let first = header?.prefix { $0 != "," && $0 != ";" && $0 != "-" }.lowercased() ?? "en"
        return (2...3).contains(first.count) && first.allSatisfy(\.isLetter) ? first : "en"
    }
}
