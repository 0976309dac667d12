import SocketIO
import Testing

import class Foundation.ProcessInfo

/// Inputs per test; `ROOST_FUZZ` says how many instead.
private let count = ProcessInfo.processInfo.environment["ROOST_FUZZ"].flatMap(Int.init) ?? 50_000

@Suite("Decoders under random input")
struct FuzzTests {
    /// A wild mixture of `pieces` and bytes, or one of `seeds` with a few bytes changed.
    private func input(_ seeds: [String], _ pieces: [String], _ random: inout SeededGenerator) -> [UInt8] {
        guard Bool.random(using: &random), var bytes = seeds.randomElement(using: &random).map({ Array($0.utf8) }) else {
            return (0..<Int.random(in: 0...12, using: &random)).flatMap { _ in
                Int.random(in: 0..<8, using: &random) == 0
                    ? [UInt8.random(in: 0...255, using: &random)] : Array((pieces.randomElement(using: &random) ?? "").utf8)
            }
        }
        for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
            let index = bytes.indices.randomElement(using: &random) ?? 0
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[index] = UInt8.random(in: 0x1E...0x7E, using: &random)
            case 1: bytes.remove(at: index)
            default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
            }
        }
        return bytes
    }

    @Test("Engine.IO payloads: what decodes comes back from its encoding the same")
    func engineIO() throws {
        var random = SeededGenerator(state: 4)
        let seeds = ["4hello\u{1e}2\u{1e}4world", "4hello\u{1e}bAQIDBA==", "2probe", "b", "42[\"a\",\"€😀\"]\u{1e}6"]
        let pieces = ["\u{1e}", "4", "b", "2", "0", "AQID", "==", "=", "é", "\u{FEFF}", "hello", "7"]
        var decoded = 0
        for _ in 0..<count {
            let body = input(seeds, pieces, &random)
            guard let packets = try? EngineIOPayload.decode(body) else { continue }
            decoded += 1
            try #require(try EngineIOPayload.decode(EngineIOPayload.encode(packets.map(\.frame))) == packets, "\(body)")
            for packet in packets { try #require(try EngineIOPacket(packet.frame) == packet) }
        }
        #expect(decoded > count / 10, "too few of the inputs were payloads for the test to mean anything")
    }

    @Test("Socket.IO packets: what decodes comes back from its encoding the same")
    func socketIO() throws {
        var random = SeededGenerator(state: 5)
        let seeds = [
            "0", "0/chat,{\"token\":\"1\"}", "1/chat,", "2[\"a\",{\"b\":[1,-2.5e3,null,true,\"\\u00e9\\ud83d\\ude00\"]}]",
            "2/chat,12[\"a\"]",
            "3/chat,12[1.25,{\"_placeholder\":true,\"num\":0}]", "4{\"message\":\"no\"}", "51-[\"a\",{\"_placeholder\":true,\"num\":0}]",
            "62-/chat,7[{\"_placeholder\":true,\"num\":1},[{\"_placeholder\":true,\"num\":0}]]",
        ]
        let pieces = [
            "0", "1", "2", "3", "4", "5", "6", "-", "/", "/chat,", ",", "12", "[", "]", "{", "}", "\"", "\"a\"", ":", "1.5", "e9", "true",
            "\\u", "d83d", "\\", "[\"a\"]", "{\"_placeholder\":true,\"num\":0}", " ", "é", "null", "9007199254740993",
        ]
        var decoded = 0
        for _ in 0..<count {
            let text = input(seeds, pieces, &random)
            guard let packet = decode([.text(text)] + attachments(for: text)) else { continue }
            decoded += 1
            let messages = packet.frames.map { frame in
                switch frame {
                case .text(let bytes): EngineIOMessage.text(Array(bytes.dropFirst()))
                case .binary(let bytes): EngineIOMessage.binary(bytes)
                }
            }
            try #require(decode(messages) == packet, "\(String(decoding: text, as: UTF8.self))")
        }
        #expect(decoded > count / 10, "too few of the inputs were packets for the test to mean anything")
    }

    @Test("sessions and clients: whatever comes in whatever order, each ends once and nothing follows")
    func sessions() throws {
        var random = SeededGenerator(state: 6)
        let texts = [
            "2probe", "5", "3", "1", "6", "40", "40/custom", "42[\"message\",1]", "41", "x",
            "451-[\"message\",{\"_placeholder\":true,\"num\":0}]",
        ]
        for _ in 0..<count / 20 {
            var session = pollingSession(fastSettings)
            var client = SocketIOClient(namespaces: ["/", "/custom"], connectTimeout: 1000, now: 0)
            var now: Int64 = 0
            var ends = 0
            for request in EngineIOConnectionID(2)..<30 {
                now += Int64.random(in: 0...150, using: &random)
                let text = texts.randomElement(using: &random) ?? ""
                let actions =
                    switch Int.random(in: 0..<9, using: &random) {
                    case 0: session.poll(request)
                    case 1: session.beginPost(request)
                    case 2: session.post(request - 1, body: bytes(text), now: now)
                    case 3: session.post(request, text, now: now)
                    case 4: session.webSocketOpened(99, now: now)
                    case 5, 6: session.webSocketReceived(99, Bool.random(using: &random) ? .text(text) : .binary([1]), now: now)
                    case 7: session.send([.text("4\(request)")])
                    default: session.tick(now: now)
                    }
                if ends > 0 { try #require(actions.allSatisfy(isRefusal)) }
                for case .deliver(let message) in actions { _ = client.receive(message) }
                for case .closed(_) in actions { ends += 1 }
                try #require(session.isClosed == (ends == 1))
                try #require(session.isClosed == (session.nextDeadline == nil))
            }
        }
    }

    private func isRefusal(_ action: EngineIOAction) -> Bool {
        switch action {
        case .refuse, .closeWebSocket: true
        default: false
        }
    }

    private func attachments(for text: [UInt8]) -> [EngineIOMessage] {
        guard text.first == UInt8(ascii: "5") || text.first == UInt8(ascii: "6"), text.count > 1 else { return [] }
        return (0..<max(0, Int(text[1]) - 0x30)).prefix(10).map { .binary([UInt8($0)]) }
    }

    private func decode(_ messages: [EngineIOMessage]) -> SocketIOPacket? {
        var decoder = SocketIODecoder()
        var packet: SocketIOPacket?
        for message in messages {
            guard let decoded = try? decoder.decode(message) else { return packet }
            packet = decoded
        }
        return packet
    }
}
