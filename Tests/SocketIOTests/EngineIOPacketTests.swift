import SocketIO
import Testing

@Suite("Engine.IO packets")
struct EngineIOPacketTests {
    @Test("every type of packet comes back from text as it went", arguments: EngineIOPacketType.allCases)
    func everyTypeRoundTrips(type: EngineIOPacketType) throws {
        for payload in ["", "probe", "€", "😀 42[]"] {
            let packet = EngineIOPacket.plain(type, bytes(payload))
            #expect(try EngineIOPacket(packet.frame) == packet)
            #expect(try EngineIOPayload.decode(EngineIOPayload.encode([packet.frame])) == [packet])
        }
    }

    @Test("a message is the digit 4 and its text")
    func messageAsText() throws {
        #expect(EngineIOPacket.plain(.message, bytes("hello")).frame == .text("4hello"))
        #expect(try EngineIOPacket(.text("4hello")) == .plain(.message, bytes("hello")))
    }

    @Test("binary goes by WebSocket as it is")
    func binaryByWebSocket() throws {
        #expect(EngineIOPacket.binary([1, 2, 3, 4]).frame == .binary([1, 2, 3, 4]))
        #expect(try EngineIOPacket(.binary([])) == .binary([]))
    }

    @Test("the protocol document's payloads are read and written")
    func documentedPayloads() throws {
        let packets: [EngineIOPacket] = [.plain(.message, bytes("hello")), .plain(.ping), .plain(.message, bytes("world"))]
        #expect(try EngineIOPayload.decode(bytes("4hello\u{1e}2\u{1e}4world")) == packets)
        #expect(EngineIOPayload.encode(packets.map(\.frame)) == bytes("4hello\u{1e}2\u{1e}4world"))
        let withBinary: [EngineIOPacket] = [.plain(.message, bytes("hello")), .binary([1, 2, 3, 4])]
        #expect(try EngineIOPayload.decode(bytes("4hello\u{1e}bAQIDBA==")) == withBinary)
        #expect(EngineIOPayload.encode(withBinary.map(\.frame)) == bytes("4hello\u{1e}bAQIDBA=="))
    }

    @Test(
        "what is not a payload is refused with what is wrong",
        arguments: [
            ("", EngineIOPacketError.emptyPacket), ("4a\u{1e}", .emptyPacket), ("\u{1e}4a", .emptyPacket),
            ("abc", .unknownType(0x61)), ("7", .unknownType(0x37)), ("4a\u{1e}x", .unknownType(0x78)),
            ("bAQID*", .invalidBase64), ("bAQI", .invalidBase64), ("b=", .invalidBase64),
        ])
    func refusedPayloads(body: String, error: EngineIOPacketError) {
        #expect(throws: error) { try EngineIOPayload.decode(bytes(body)) }
        #expect(!error.description.isEmpty)
    }

    @Test("a payload that is not UTF-8 is refused")
    func notUTF8() {
        #expect(throws: EngineIOPacketError.notUTF8) { try EngineIOPayload.decode([0x34, 0xC3, 0x28]) }
    }

    @Test("by WebSocket, an empty text and an unknown type are refused, and a b is no binary prefix")
    func refusedWebSocketTexts() {
        #expect(throws: EngineIOPacketError.emptyPacket) { try EngineIOPacket(.text("")) }
        #expect(throws: EngineIOPacketError.unknownType(0x62)) { try EngineIOPacket(.text("bAQIDBA==")) }
    }
}

@Suite("Engine.IO requests")
struct EngineIORequestTests {
    @Test("a request without a session opens one")
    func opening() throws {
        #expect(try EngineIORequest(method: "GET", query: "EIO=4&transport=polling&t=N8hyd6w", isUpgrade: false) == .openPolling)
        #expect(try EngineIORequest(method: "GET", query: "EIO=4&transport=websocket", isUpgrade: true) == .openWebSocket)
        #expect(try EngineIORequest(method: "GET", query: "EIO=4&transport=polling&sid=", isUpgrade: false) == .openPolling)
    }

    @Test("a request with a session polls, posts or upgrades it")
    func withSession() throws {
        let query = "EIO=4&transport=polling&sid=a-_%31"
        #expect(try EngineIORequest(method: "GET", query: query, isUpgrade: false) == .poll(session: "a-_1"))
        #expect(try EngineIORequest(method: "POST", query: query, isUpgrade: false) == .post(session: "a-_1"))
        let upgrade = "transport=websocket&EIO=4&sid=a&sid=b"
        #expect(try EngineIORequest(method: "GET", query: upgrade, isUpgrade: true) == .upgrade(session: "a"))
    }

    @Test(
        "what cannot be served is refused with the reference implementation's code",
        arguments: [
            ("GET", "EIO=4", false, EngineIOError.unknownTransport),
            ("GET", "EIO=4&transport=abc", false, .unknownTransport),
            ("GET", "EIO=4&transport=%ff", false, .unknownTransport),
            ("POST", "EIO=4&transport=polling", false, .badHandshakeMethod),
            ("PUT", "EIO=4&transport=polling", false, .badHandshakeMethod),
            ("GET", "EIO=4&transport=websocket", false, .badRequest),
            ("GET", "EIO=4&transport=polling", true, .badRequest),
            ("PUT", "EIO=4&transport=polling&sid=a", false, .badRequest),
            ("POST", "EIO=4&transport=websocket&sid=a", true, .badRequest),
            ("GET", "transport=polling", false, .unsupportedProtocolVersion),
            ("GET", "EIO=abc&transport=polling", false, .unsupportedProtocolVersion),
            ("GET", "EIO=3&transport=polling", false, .unsupportedProtocolVersion),
            ("GET", "EIO=3&transport=websocket", true, .unsupportedProtocolVersion),
        ])
    func refused(method: String, query: String, isUpgrade: Bool, error: EngineIOError) {
        #expect(throws: error) { try EngineIORequest(method: method, query: query, isUpgrade: isUpgrade) }
    }

    @Test("errors are JSON with a code and a message, status 400, and 403 for what is forbidden")
    func errorBodies() {
        #expect(EngineIOError.unknownTransport.json == #"{"code":0,"message":"Transport unknown"}"#)
        #expect(EngineIOError.unknownSession.json == #"{"code":1,"message":"Session ID unknown"}"#)
        #expect(EngineIOError.badHandshakeMethod.json == #"{"code":2,"message":"Bad handshake method"}"#)
        #expect(EngineIOError.badRequest.json == #"{"code":3,"message":"Bad request"}"#)
        #expect(EngineIOError.forbidden.json == #"{"code":4,"message":"Forbidden"}"#)
        #expect(EngineIOError.unsupportedProtocolVersion.json == #"{"code":5,"message":"Unsupported protocol version"}"#)
        for error in EngineIOError.allCases { #expect(error.status == (error == .forbidden ? 403 : 400)) }
    }
}
