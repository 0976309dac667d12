/// An HTTP request that a plugin wants sent. Whoever sends it asks `hosts` about every address on the way, redirects too.
package struct OutgoingRequest: Sendable {
    package var method: String
    package var url: RequestURL
    /// Beside those that sending it needs.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Where the plugin may go.
    package var hosts: [AllowedHost]
    /// Seconds for all of it, redirects and body included.
    package var seconds: Double
    /// Bytes of the answer's body, unpacked.
    package var mostBytes: Int

    package static let mostSeconds = 30.0
    package static let standardSeconds = 10.0
    /// The largest body, and the one that is allowed if nothing else is said.
    package static let mostBytes = 1 << 20
    package static let mostRedirects = 5

    package init(
        method: String, url: RequestURL, headers: [(name: String, value: String)] = [], body: [UInt8] = [], hosts: [AllowedHost],
        seconds: Double = OutgoingRequest.standardSeconds, mostBytes: Int = OutgoingRequest.mostBytes
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.hosts = hosts
        self.seconds = seconds
        self.mostBytes = mostBytes
    }

    package func allows(_ url: RequestURL) -> Bool { hosts.contains { $0.allows(url) } }
}

package struct OutgoingResponse: Sendable, Equatable {
    package var status: Int
    /// By names in small letters; values of the same name are joined by commas.
    package var headers: [String: String]
    package var body: [UInt8]

    package init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why there is no response, for the plugin.
package struct OutgoingFailure: Error, Sendable, Equatable {
    package let message: String

    package init(_ message: String) { self.message = message }

    /// The time of a request is over.
    package init(late request: OutgoingRequest) {
        let seconds = Int(exactly: request.seconds).map { "\($0)" } ?? "\(request.seconds)"
        self.init("no whole answer from \(request.url.host) within \(seconds) seconds")
    }
}

package typealias OutgoingResult = Result<OutgoingResponse, OutgoingFailure>

/// Sends plugins' requests. Confined to the room loop.
package protocol OutgoingRequests: AnyObject {
    /// Sends it and calls `then`, once, on the room loop.
    func send(_ request: OutgoingRequest, then: @escaping (OutgoingResult) -> Void)
}

/// A server that sends no requests.
package final class NoRequests: OutgoingRequests {
    package init() {}

    package func send(_ request: OutgoingRequest, then: @escaping (OutgoingResult) -> Void) {
        then(.failure(OutgoingFailure("this server sends no requests")))
    }
}
