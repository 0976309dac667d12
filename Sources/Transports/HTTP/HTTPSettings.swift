import Logging
import NIOCore
import ProxyAddress
import RoomEngine

/// What the HTTP side of the server is made with.
package struct HTTPSettings: Sendable {
    package var host = "127.0.0.1"
    package var port = 8005
    /// The browser client's folder.
    package var publicFolder = "./Public"
    /// Origins, other than the server's own, whose pages may use it.
    package var origins: Set<String> = []
    /// Finds out who is behind the proxies that are trusted; nil if none is.
    package var clientFinder: ClientFinder?
    /// Whose requests for `/metrics` are answered; nil for everyone's.
    package var metricsReaders: TrustedProxies?
    /// Largest request body in bytes, uploads apart.
    package var bodyLimit = 64 * 1024
    package var headerLimit = 16 * 1024
    /// Largest WebSocket message in bytes.
    package var messageLimit = 64 * 1024
    /// Seconds of silence before a WebSocket is pinged, and then until it is given up.
    package var ping = 25
    package var pong = 20
    /// Seconds between two signs of life on a stream of server-sent events.
    package var heartbeat = 15
    package var connections = 20_000
    package var connectionsPerAddress = 100
    /// Bytes that may wait unsent for one connection.
    package var unsentLimit = 1 << 20
    /// Seconds for a request's head to come in, for its body, and between two requests.
    package var headerTime = 10
    package var bodyTime = 30
    package var uploadTime = 120
    package var idleTime = 60

    package init() {}
}

package enum UploadLimits {
    /// The largest GIF.
    package static let bytes = 5 << 20
}
