import JSONText
import NIOCore
import RoomEngine

/// The native protocol over a WebSocket. Confined to its connection's loop.
final class NativeApplication: WebSocketApplication {
    private let network: NetworkLoop
    private let visitor: Visitor
    private let format: FormatID
    private let decoder: NativeDecoder
    private var misunderstandings: TokenBucket

    /// Messages that could not be understood, at once and per second after that, until the client is told to go away: it
    /// is broken, and the answers cost more than the messages.
    private static let patience = (burst: 50, rate: 1.0)

    init(network: NetworkLoop, visitor: Visitor, format: FormatID, decoder: NativeDecoder) {
        self.network = network
        self.visitor = visitor
        self.format = format
        self.decoder = decoder
        misunderstandings = TokenBucket(burst: Self.patience.burst, at: 0)
    }

    func opened(_ connection: WebSocketConnection) {
        network.submit(
            .connect(
                connection.id, visitor.person, address: visitor.address, transport: "websocket", locale: visitor.locale, format: format))
    }

    func received(text: ByteBuffer, _ connection: WebSocketConnection) {
        do {
            let (reference, command) = try decoder.decode(Array(text.readableBytesView)[...])
            network.submit(.request(Request(connection: connection.id, reference: reference, command: command)))
        } catch {
            var json = JSONWriter()
            json.message(.refused(error.reference, error.refusal))
            var bytes = ByteBuffer()
            FrameWriter.append(.text, json.bytes, to: &bytes)
            connection.write(bytes)
            connection.flush()
            let now = Int64(network.wheel.now) * 1_000
            if misunderstandings.take(burst: Self.patience.burst, rate: Self.patience.rate, at: now) != nil {
                connection.close(1008, "Too many messages that cannot be understood.")
            }
        }
    }

    func received(binary: ByteBuffer, _ connection: WebSocketConnection) {
        connection.close(1003, "Only text is understood.")
    }

    func closed(_ connection: WebSocketConnection) { network.submit(.disconnect(connection.id)) }
}

/// Somebody at the door, by the request that brought them.
package struct Visitor: Sendable {
    package var person: PersonRecord
    package var address: String
    /// The language they prefer, e.g. `ko`.
    package var locale: String
}
