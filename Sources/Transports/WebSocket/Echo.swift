import MessageDeflate
import NIOCore
import RoomEngine
import SocketIO

/// Sends back what it gets: what protocol test suites talk to. Confined to its connection's loop.
final class Echo: WebSocketApplication {
    private let deflater: Deflater?

    /// - Parameter agreement: with one, what is sent back is compressed
    init(_ agreement: DeflateAgreement?) { deflater = agreement.flatMap { try? Deflater(windowBits: $0.windowBits) } }

    func opened(_ connection: WebSocketConnection) {}
    func closed(_ connection: WebSocketConnection) {}

    func received(text: ByteBuffer, _ connection: WebSocketConnection) {
        send(text, plain: .text, compressed: .compressedText, connection)
    }

    func received(binary: ByteBuffer, _ connection: WebSocketConnection) {
        send(binary, plain: .binary, compressed: .compressedBinary, connection)
    }

    private func send(_ message: ByteBuffer, plain: FrameWriter.Kind, compressed: FrameWriter.Kind, _ connection: WebSocketConnection) {
        var bytes = ByteBuffer()
        if let deflater {
            FrameWriter.append(compressed, message.withUnsafeReadableBytes { deflater.deflate($0) }, to: &bytes)
        } else {
            FrameWriter.append(plain, message.readableBytesView, to: &bytes)
        }
        connection.write(bytes)
        connection.flush()
    }
}

/// What the test suite of the Socket.IO protocol (socketio/socket.io-protocol, `test-suite`) expects of a server.
final class SocketIOEcho: SocketIOApplication {
    static let namespaces: Set<String> = ["/", "/custom"]

    func connect(_ namespace: String, auth: [String: SocketIOValue], _ id: SocketIOConnectID, _ peer: SocketIOPeer) {
        if peer.accept(id) { peer.emit(namespace, "auth", [.object(auth)]) }
    }

    func event(_ namespace: String, _ name: String, _ arguments: [SocketIOValue], ackID: UInt64?, _ peer: SocketIOPeer) {
        switch (name, ackID) {
        case ("message", _): peer.emit(namespace, "message-back", arguments)
        case ("message-with-ack", let id?): peer.acknowledge(namespace, id, arguments)
        default: break
        }
    }

    func left(_ namespace: String, _ peer: SocketIOPeer) {}
}

extension HTTPServer.Parts {
    /// What is served beside the pages: the rooms, or an echo for protocol test suites.
    package enum Serving: Sendable { case rooms, echo }
}
