/// The times and limits of Engine.IO sessions. Times are milliseconds; the defaults are those of the reference implementation.
package struct EngineIOSettings: Sendable {
    /// From a pong to the next ping.
    package var pingInterval: Int64 = 25_000
    /// How long a client may be silent after a ping.
    package var pingTimeout: Int64 = 20_000
    /// How long a WebSocket that is to replace polling may take to be probed and taken.
    package var upgradeTimeout: Int64 = 10_000
    /// How long a polling client may take to fetch what remains after the server closed the session.
    package var closeTimeout: Int64 = 30_000
    /// The most bytes in one body, either way. A single packet above it is still sent, alone.
    package var maxPayload = 1_000_000
    /// The most bytes that may wait for a client. A session with more is closed.
    package var maxQueuedBytes = 4_000_000
    /// Whether clients that poll are told that they may upgrade.
    package var allowsUpgrades = true

    package init() {}
}
