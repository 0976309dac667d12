import Foundation
import JSONText
import NIOCore
import RoomEngine

/// The native protocol over a WebSocket. Confined to its connection's loop.
final class NativeApplication: WebSocketApplication {
    private let network: NetworkLoop
    private let visitor: Visitor
    private let format: FormatID
    private let decoder: NativeDecoder

    init(network: NetworkLoop, visitor: Visitor, format: FormatID, decoder: NativeDecoder) {
        self.network = network
        self.visitor = visitor
        self.format = format
        self.decoder = decoder
    }

    func opened(_ connection: WebSocketConnection) {
        network.submit(
            .connect(
                connection.id, visitor.person, address: visitor.address, transport: "websocket", locale: visitor.locale, format: format))
    }

    func received(text: ByteBuffer, _ connection: WebSocketConnection) {
        do {
            let data = text.withUnsafeReadableBytes { Data($0) }
            let (reference, command) = try decoder.decode(data)
            network.submit(.request(Request(connection: connection.id, reference: reference, command: command)))
        } catch {
            var json = JSONWriter()
            json.message(.refused(error.reference, error.refusal))
            var bytes = ByteBuffer()
            FrameWriter.append(.text, json.bytes, to: &bytes)
            connection.write(bytes)
            connection.flush()
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
