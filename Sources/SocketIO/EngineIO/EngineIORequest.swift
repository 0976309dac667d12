import Foundation

/// What a client asks for with one HTTP request to the Engine.IO path.
///
/// Source: Engine.IO protocol v4, "Query parameters" and "Handshake"; the order of the checks is that of `verify` in the
/// reference implementation's `server.ts`.
package enum EngineIORequest: Sendable, Equatable {
    /// A new session by polling; the request is its first poll.
    case openPolling
    /// A new session by WebSocket at once.
    case openWebSocket
    case poll(session: String)
    case post(session: String)
    /// A WebSocket for a session that began with polling.
    case upgrade(session: String)

    /// - Parameters:
    ///   - method: the HTTP method in capitals
    ///   - query: what follows the `?` of the request target, percent-encoded
    ///   - isUpgrade: whether the request asks to become a WebSocket
    package init(method: String, query: String, isUpgrade: Bool) throws(EngineIOError) {
        let parameters = Self.parameters(of: query)
        let byWebSocket: Bool
        switch parameters["transport"] {
        case "polling": byWebSocket = false
        case "websocket": byWebSocket = true
        default: throw .unknownTransport
        }
        let session = parameters["sid"].flatMap { $0.isEmpty ? nil : $0 }
        if session == nil, method != "GET" { throw .badHandshakeMethod }
        guard byWebSocket == isUpgrade else { throw .badRequest }
        guard parameters["EIO"] == "4" else { throw .unsupportedProtocolVersion }

        switch (session, byWebSocket, method) {
        case (nil, false, _): self = .openPolling
        case (nil, true, _): self = .openWebSocket
        case (let session?, true, "GET"): self = .upgrade(session: session)
        case (let session?, false, "GET"): self = .poll(session: session)
        case (let session?, false, "POST"): self = .post(session: session)
        default: throw .badRequest
        }
    }

    /// The first value of each name.
    private static func parameters(of query: String) -> [String: String] {
        var parameters: [String: String] = [:]
        for field in query.split(separator: "&") {
            let halves = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = halves.first?.removingPercentEncoding, parameters[name] == nil else { continue }
            parameters[name] = halves.count > 1 ? halves[1].removingPercentEncoding : ""
        }
        return parameters
    }
}

/// Why a request is refused. The raw value is the `code` of the answer's body; codes and messages are those of the reference
/// implementation (`server.ts`, "Protocol errors mappings"), which clients show to people.
package enum EngineIOError: Int, Error, Sendable, CaseIterable {
    case unknownTransport = 0
    case unknownSession
    case badHandshakeMethod
    case badRequest
    case forbidden
    case unsupportedProtocolVersion

    package var message: String {
        switch self {
        case .unknownTransport: "Transport unknown"
        case .unknownSession: "Session ID unknown"
        case .badHandshakeMethod: "Bad handshake method"
        case .badRequest: "Bad request"
        case .forbidden: "Forbidden"
        case .unsupportedProtocolVersion: "Unsupported protocol version"
        }
    }

    /// The HTTP status of the answer.
    package var status: Int { self == .forbidden ? 403 : 400 }

    /// The answer's body, `application/json`.
    package var json: String { #"{"code":\#(rawValue),"message":"\#(message)"}"# }
}
