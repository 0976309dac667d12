import JSONText
import MessageDeflate
import NIOCore
import NIOHTTP1
import RoomEngine
import SocketIO
import Testing

@testable import Transports

/// What is read from the network, under input that nobody well-behaved sends: it is understood or refused, never worse, and it
/// does not matter in which pieces it came.
@Suite("Decoders under random input")
struct DecoderFuzzTests {
    // MARK: WebSocket frames

    /// What the bytes are read as: the messages, and the code that ends them.
    private func read(_ pieces: [some Collection<UInt8>], compression: Bool) -> ([IncomingMessage], UInt16?) {
        var parser = FrameParser(limit: 200, allowsCompression: compression)
        var messages: [IncomingMessage] = []
        var rest = ByteBuffer()
        do throws(ProtocolFailure) {
            for piece in pieces {
                rest.writeBytes(piece)
                while let message = try parser.next(from: &rest) { messages.append(try whole(message)) }
            }
            return (messages, nil)
        } catch {
            return (messages, error.code)
        }
    }

    /// A message that came in one piece is inflated by whoever gets it.
    private func whole(_ message: IncomingMessage) throws(ProtocolFailure) -> IncomingMessage {
        guard case .compressed(let isText, let bytes) = message else { return message }
        guard let inflater = try? Inflater(limit: 200) else { throw .outOfMemory }
        let inflated = try inflater.inflate(bytes, isLast: true)
        if !isText { return .binary(inflated) }
        if String(validating: inflated.readableBytesView, as: UTF8.self) == nil { throw .notUTF8 }
        return .text(inflated)
    }

    @Test("frames: the same messages and the same failure, however they were cut", arguments: [false, true])
    func frames(compression: Bool) throws {
        var random = Seeded(state: compression ? 21 : 22)
        let deflated = try Deflater(windowBits: 15, level: 1)
        let packed = Array("hello hello hello".utf8).withUnsafeBytes { deflated.deflate($0) }
        let seeds: [[UInt8]] = [
            frame(1, Array("héllo".utf8)), frame(2, [0, 255]), frame(1, [0xE2], final: false) + frame(9, [1]) + frame(0, [0x82, 0xAC]),
            frame(8, [3, 232]) + frame(1, [0x61]), frame(1, packed, reserved: 0x40), frame(1, Array(packed.prefix(5)), final: false, reserved: 0x40) + frame(0, Array(packed.dropFirst(5))),
            frame(1, [UInt8](repeating: 0x61, count: 130)), frame(8, [3, 232] + Array("bye".utf8)), frame(9, [UInt8](repeating: 7, count: 125)), frame(10, []),
        ]
        let inputs = Inputs(seeds: seeds, pieces: seeds + [[0x81, 0xFE], [0x82, 0xFF], [0x01, 0x80], [0x80, 0x80], [0, 0, 0, 0], [0xC1, 0x85]])
        var understood = 0
        for _ in 0..<fuzzCount {
            let bytes = inputs.next(using: &random)
            let (whole, end) = read([bytes], compression: compression)
            let (parts, otherEnd) = read(cut(bytes, using: &random), compression: compression)
            let isSame = end == otherEnd || compression && Set([end, otherEnd]) == [1007, 1009]
            try #require(parts == whole && isSame, "\(bytes): \(end ?? 0), \(otherEnd ?? 0)")
            understood += whole.isEmpty ? 0 : 1
            for case .text(let text) in whole { try #require(text.readableBytes <= 200 && String(validating: text.readableBytesView, as: UTF8.self) != nil, "\(bytes)") }
        }
        #expect(understood > fuzzCount / 10, "too few of the inputs were frames for the test to mean anything")
    }

    /// Found by the test above.
    @Test("a compressed text that is too big and no UTF-8 fails by what shows first") func both() {
        let bytes: [UInt8] = [65, 133, 18, 52, 86, 120, 216, 124, 155, 177, 219, 128, 134, 26, 52, 86, 120, 69, 252, 22, 232, 2, 237]
        #expect(read([bytes], compression: true).1 == 1009)
        #expect(read(bytes.map { [$0] }, compression: true).1 == 1007)
    }

    // MARK: JSON

    private let json = Inputs(
        seeds: [
            #"{"type":"join","ref":1,"room":"k3v9","password":"x","epoch":"b7","seq":41}"#, #"{"type":"chat","ref":"a","room":"k3v9","cid":"0c","text":"é\u00e9\ud83d\ude00","reply_to":3}"#,
            #"{"type":"history","room":"k3v9","before":9,"limit":50}"#, #"{"type":"whisper","room":"a","to":"u_1","text":"psst"}"#, #"{"type":"lobby","watch":true}"#,
            #"{"type":"typing","room":"k3v9","on":false,"ref":1.5e3}"#, #"{"type":"name","name":"Ann","ref":null}"#, #"[1,-2.5e-3,true,false,null,"",{},[]]"#,
        ],
        pieces: [
            "{", "}", "[", "]", ":", ",", "\"", "\"type\":", "\"chat\"", "\"room\":\"a\"", "\"ref\":", "1", "-", "0", "01", "1e999", "9223372036854775808", "true", "null", "\\u", "d83d", "\\ud83d", "\\",
            "\\n", " ", "\t", "\u{7F}", "é", "😀", "\"text\":\"x\"", "[[[[[[[[", "\u{FEFF}",
        ])

    @Test("JSON: what is read comes back from being written the same") func values() throws {
        var random = Seeded(state: 23)
        var read = 0
        for _ in 0..<fuzzCount {
            let text = json.next(using: &random)
            let value: JSONValue
            do throws(JSONSyntaxError) {
                value = try JSONValue(parsingUTF8: text[...])
            } catch {
                try #require((0...text.count).contains(error.offset), "\(text)")
                continue
            }
            read += 1
            var writer = JSONWriter()
            writer.value(value)
            try #require(try JSONValue(parsingUTF8: writer.bytes[...]) == value, "\(String(decoding: text, as: UTF8.self))")
        }
        #expect(read > fuzzCount / 10, "too few of the inputs were JSON for the test to mean anything")
    }

    @Test("commands: a message is a command, or it is said why it is none") func commands() throws {
        var random = Seeded(state: 24)
        var read = 0
        for _ in 0..<fuzzCount {
            let text = json.next(using: &random)
            do throws(NativeDecoder.Misunderstanding) {
                _ = try NativeDecoder().decode(text[...])
                read += 1
            } catch {
                try #require([.badRequest, .badText].contains(error.refusal.code) && !error.refusal.text.isEmpty, "\(text)")
            }
        }
        #expect(read > fuzzCount / 20, "too few of the inputs were commands for the test to mean anything")
    }

    @Test("Socket.IO events: a command, or it is said why it is none") func events() throws {
        var random = Seeded(state: 25)
        let names = ["join", "exit", "leave", "chat", "dm", "whisper", "ban", "kick", "delegate", "dele_user", "typing", "name", "history", "x", ""]
        let fields = ["room", "chat", "text", "target", "to", "msg", "id", "userid", "cid", "epoch", "seq", "before", "limit", "on", "reply_to", "password", "name"]
        var read = 0

        func value(_ depth: Int) -> SocketIOValue {
            switch Int.random(in: 0..<(depth < 2 ? 9 : 6), using: &random) {
            case 0: .null
            case 1: .bool(Bool.random(using: &random))
            case 2: .integer(Int64.random(in: .min ... .max, using: &random))
            case 3: .number(Double(bitPattern: UInt64.random(in: .min ... .max, using: &random)))
            case 4: .string(["", "k3v9", "u_1", String(repeating: "x", count: 100), "é\u{0}"].randomElement(using: &random) ?? "")
            case 5: .integer(Int64.random(in: 0...200, using: &random))
            case 6: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1) })
            default:
                .object(
                    Dictionary(
                        (0..<Int.random(in: 0...6, using: &random)).map { _ in (fields.randomElement(using: &random) ?? "", value(depth + 1)) },
                        uniquingKeysWith: { first, _ in first }))
            }
        }

        for _ in 0..<fuzzCount {
            let name = names.randomElement(using: &random) ?? ""
            let arguments = (0..<Int.random(in: 0...2, using: &random)).map { _ in value(0) }
            do throws(Refusal) {
                _ = try SocketIOCommands.command(name, arguments, current: Bool.random(using: &random) ? "k3v9" : nil)
                read += 1
            } catch {
                try #require(error.code == .badRequest && !error.text.isEmpty)
            }
        }
        #expect(read > fuzzCount / 20, "too few of the events were commands for the test to mean anything")
    }

    // MARK: Forms

    /// The form's fields, or nil if it is refused.
    private func fields(_ pieces: [some Collection<UInt8>]) -> (fields: [[UInt8]], isComplete: Bool)? {
        var reader = MultipartReader(boundary: "xyz")
        var fields: [[UInt8]] = []
        do throws(Refusal) {
            for piece in pieces {
                for part in try reader.read(ByteBuffer(bytes: piece)) {
                    switch part {
                    case .begin(let name): fields.append(Array(name.utf8) + [0])
                    case .bytes(let bytes): fields[fields.count - 1] += bytes.readableBytesView
                    case .end: break
                    }
                }
            }
            return (fields, reader.isComplete)
        } catch {
            return nil
        }
    }

    @Test("forms: complete ones have the same fields, however they were cut") func forms() throws {
        var random = Seeded(state: 26)
        let part = "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n"
        let inputs = Inputs(
            seeds: [part + "--xyz--\r\n", "preamble\r\n" + part + part + "--xyz--", part + "--xyz\r\ncontent-disposition: form-data; name=gif; filename=\"é\"\r\nX: y\r\n\r\nG\r\n--xy\r\n\r\n--xyz--\r\n"],
            pieces: ["--xyz", "--xyz--", "\r\n", "\r", "\n", "--", "-", "Content-Disposition: form-data; name=a", "\r\n\r\n", "x", "\"", ";", part, "\r\n--xyz\r\n", "\r\n--xy"])
        var complete = 0
        for _ in 0..<fuzzCount {
            let bytes = inputs.next(using: &random)
            let (whole, parts) = (fields([bytes]), fields(cut(bytes, using: &random)))
            try #require((whole == nil) == (parts == nil), "\(bytes)")
            guard let whole, let parts else { continue }
            try #require(whole.isComplete == parts.isComplete, "\(bytes)")
            if whole.isComplete { try #require(whole.fields == parts.fields, "\(bytes)") }
            complete += whole.isComplete ? 1 : 0
        }
        #expect(complete > fuzzCount / 20, "too few of the inputs were forms for the test to mean anything")
    }

    // MARK: Requests

    @Test("requests: what passes names one host and one target, and reads the same when it is read again") func requests() throws {
        var random = Seeded(state: 27)
        let targets = Inputs(
            seeds: ["/", "/room/k3v9?password=x", "*", "http://host/a", "HTTPS://host:80", "/a#b"],
            pieces: ["/", "//", "http:", "https://", "host", ":", "@", "?", "#", "%00", "%", "é", " ", "*", "..", "a"])
        let hosts = Inputs(
            seeds: ["localhost:8005", "[::1]:80", "example.org", "a,b"], pieces: ["[", "]", ":", "80", "a", ".", "@", "/", " ", "é", ",", "%", "::1", "\u{0}"])
        var passed = 0
        for _ in 0..<fuzzCount {
            var headers = HTTPHeaders()
            for _ in 0..<[1, 1, 1, 1, 0, 2].randomElement(using: &random)! { headers.add(name: "Host", value: String(decoding: hosts.next(using: &random), as: UTF8.self)) }
            if Int.random(in: 0..<6, using: &random) == 0 {
                headers.add(name: "Transfer-Encoding", value: ["chunked", "Chunked", "chunked", "gzip, chunked", " ", "x"].randomElement(using: &random)!)
            }
            let sent = HTTPRequestHead(
                version: Int.random(in: 0..<5, using: &random) == 0 ? .http1_0 : .http1_1, method: [.GET, .POST, .OPTIONS, .PUT, .DELETE, .CONNECT, .RAW(value: "BREW")].randomElement(using: &random)!,
                uri: String(decoding: targets.next(using: &random), as: UTF8.self), headers: headers)
            let head = RequestRules.withoutAbsoluteForm(sent)
            guard RequestRules.problem(head) == nil else { continue }
            passed += 1
            try #require(head.headers["host"].count <= 1 && (head.version != .http1_1 || head.headers["host"].count == 1))
            try #require(head.uri == "*" && head.method == .OPTIONS || head.uri.hasPrefix("/") && !head.uri.contains("#"), "\(sent.uri)")
            try #require(["", "chunked"].contains(head.headers["transfer-encoding"].joined().lowercased()))
            try #require(head.headers.first(name: "host").map { !$0.contains { "/@, \u{0}".contains($0) } } ?? true, "\(sent.headers)")
        }
        #expect(passed > fuzzCount / 20, "too few of the requests passed for the test to mean anything")
    }

    @Test("small texts of addresses and headers are read or not, never worse") func texts() throws {
        var random = Seeded(state: 28)
        let inputs = Inputs(
            seeds: ["epoch:41", "http://localhost:8005/room/k3v9?x=y", "multipart/form-data; boundary=\"a b\"", "Bearer roost_abc", "EIO=4&transport=polling&sid=abc"],
            pieces: [":", "/room/", "/", "?", "#", "9223372036854775808", "-1", "boundary=", "\"", ";", "Bearer ", "EIO=", "4", "&", "transport=", "websocket", "sid=", "%", "é", "\u{0}"])
        for _ in 0..<fuzzCount {
            let text = String(decoding: inputs.next(using: &random), as: UTF8.self)
            if let position = Position(text) { try #require(position.seq >= 0 && text == "\(position.epoch):\(text.split(separator: ":")[1])") }
            if let page = RoomID(ofPage: text) { try #require(!page.text.isEmpty && !page.text.contains { "/?#".contains($0) }) }
            if let boundary = MultipartReader.boundary(ofContentType: text) { try #require((1...70).contains(boundary.utf8.count)) }
            _ = BotTokens.bearer(text)
            _ = try? EngineIORequest(method: "GET", query: text, isUpgrade: Bool.random(using: &random))
        }
    }
}
