import Crypto
import Foundation
import NIOHTTP1

/// The server's part of the opening handshake (RFC 6455 §4.2).
struct Handshake {
    let key: String
    /// The subprotocols the client speaks, in its order.
    let protocols: [String]

    /// Whether a request asks for a WebSocket, properly or not.
    static func isAsked(_ head: HTTPRequestHead) -> Bool {
        head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
    }

    /// What is wrong with a request for a WebSocket.
    enum Problem: Error {
        case badRequest(String)
        /// Answered with the version that is spoken (§4.4).
        case wrongVersion
    }

    init(_ head: HTTPRequestHead) throws(Problem) {
        guard head.method == .GET, head.version == .http1_1 else { throw .badRequest("A WebSocket is asked for with GET and HTTP/1.1.") }
        guard head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            throw .badRequest("Connection: Upgrade is missing.")
        }
        guard head.headers["sec-websocket-version"] == ["13"] else { throw .wrongVersion }
        let keys = head.headers["sec-websocket-key"]
        guard keys.count == 1, Self.isKey(keys[0]) else { throw .badRequest("Sec-WebSocket-Key must be 16 bytes in base64.") }
        key = keys[0]
        protocols = head.headers[canonicalForm: "sec-websocket-protocol"].map(String.init)
    }

    /// 16 bytes in base64: 22 characters and two of padding.
    private static func isKey(_ key: String) -> Bool {
        let characters = Array(key.utf8)
        return characters.count == 24 && characters.suffix(2) == [0x3D, 0x3D]
            && characters.dropLast(2).allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: true
                default: false
                }
            }
    }

    /// §4.2.2: the key and the protocol's GUID, hashed.
    var accept: String {
        let digest = Insecure.SHA1.hash(data: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return Data(digest).base64EncodedString()
    }

    /// The answer that opens the WebSocket.
    func response(protocol chosen: String?, headers more: [(String, String)]) -> String {
        var lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: \(accept)"]
        if let chosen { lines.append("Sec-WebSocket-Protocol: \(chosen)") }
        lines += more.map { "\($0): \($1)" }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }
}


