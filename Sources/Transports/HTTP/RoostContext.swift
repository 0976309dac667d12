import Foundation
import Hummingbird
import Logging
import NIOCore
import ProxyAddress
import RoomEngine

/// Where a request came from.
struct RequestSource: RequestContextSource {
    let channel: any Channel
    let logger: Logger
    let origin: ClientOrigin
}

/// What is known of a request while it is answered.
struct RoostContext: RequestContext {
    typealias Source = RequestSource

    var coreContext: CoreRequestContextStorage
    let origin: ClientOrigin
    /// The connection that the request came by.
    let channel: any Channel
    /// The other end of the connection, which may be a proxy.
    var peer: String { channel.remoteAddress?.ipAddress.map { $0.hasPrefix("::ffff:") && $0.contains(".") ? String($0.dropFirst(7)) : $0 } ?? "unix" }
    /// Filled in by ``IdentityMiddleware``.
    var visitor: Visitor?

    init(source: RequestSource) {
        coreContext = .init(source: source)
        origin = source.origin
        channel = source.channel
    }

    var requestDecoder: BodyDecoder { BodyDecoder() }

    /// The person who asks. Routes that need one are behind the middleware that fills it in.
    func person() throws -> Visitor {
        guard let visitor else { throw Refusal(.unavailable, "Who is asking is not known.") }
        return visitor
    }
}

/// Reads a body as JSON or as a form, by its content type.
struct BodyDecoder: RequestDecoder {
    func decode<T: Decodable>(_ type: T.Type, from request: Request, context: some RequestContext) async throws -> T {
        let kind = request.headers[.contentType] ?? ""
        do {
            if kind.hasPrefix("application/json") { return try await JSONDecoder().decode(type, from: request, context: context) }
            if kind.isEmpty || kind.hasPrefix("application/x-www-form-urlencoded") {
                return try await URLEncodedFormDecoder().decode(type, from: request, context: context)
            }
        } catch let error as DecodingError {
            throw Refusal(decoding: error)
        }
        throw Refusal(.badRequest, "The body must be JSON or a form, not \(kind.prefix(60)).")
    }
}

extension Refusal {
    /// What to tell somebody whose message could not be decoded.
    init(decoding error: DecodingError) {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            if let field = context.codingPath.last?.stringValue {
                self.init(.badRequest, "The field '\(field)' has the wrong type.", field: field)
            } else {
                self.init(.badRequest, "A message is a JSON object.")
            }
        case .keyNotFound(let key, _):
            self.init(.badRequest, "The field '\(key.stringValue)' is missing.", field: key.stringValue)
        case .dataCorrupted(let context):
            if let field = context.codingPath.last?.stringValue {
                self.init(.badRequest, "The field '\(field)' cannot be read: \(context.debugDescription)", field: field)
            } else {
                self.init(.badRequest, "The message is not valid JSON.")
            }
        @unknown default: self.init(.badRequest, "The message cannot be read.")
        }
    }
}
