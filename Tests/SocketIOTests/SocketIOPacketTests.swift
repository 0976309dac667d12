import JSONText
import SocketIO
import Testing

@Suite("Socket.IO packets")
struct SocketIOPacketTests {
    /// The examples of the protocol document, and what the document leaves open.
    static let examples: [(packet: SocketIOPacket, text: String, attachments: [[UInt8]])] = [
        (.connect(namespace: "/"), "40", []),
        (.connect(namespace: "/admin", data: ["sid": "oSO0OpakMV_3jnilAAAA"]), #"40/admin,{"sid":"oSO0OpakMV_3jnilAAAA"}"#, []),
        (.connectError(namespace: "/", data: ["message": "Not authorized"]), #"44{"message":"Not authorized"}"#, []),
        (.event(namespace: "/", name: "foo", arguments: []), #"42["foo"]"#, []),
        (.event(namespace: "/admin", name: "bar", arguments: []), #"42/admin,["bar"]"#, []),
        (
            .event(namespace: "/", name: "baz", arguments: [.binary([1, 2, 3, 4])]),
            #"451-["baz",{"_placeholder":true,"num":0}]"#, [[1, 2, 3, 4]]
        ),
        (
            .event(namespace: "/admin", name: "baz", arguments: [.binary([1, 2]), .binary([3, 4])]),
            #"452-/admin,["baz",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#, [[1, 2], [3, 4]]
        ),
        (.event(namespace: "/", name: "foo", arguments: [], ackID: 12), #"4212["foo"]"#, []),
        (.ack(namespace: "/admin", id: 13, arguments: ["bar"]), #"43/admin,13["bar"]"#, []),
        (
            .ack(namespace: "/", id: 15, arguments: ["bar", .binary([1, 2, 3, 4])]),
            #"461-15["bar",{"_placeholder":true,"num":0}]"#, [[1, 2, 3, 4]]
        ),
        (.disconnect(namespace: "/"), "41", []),
        (.disconnect(namespace: "/admin"), "41/admin,", []),
        (.ack(namespace: "/", id: 0, arguments: []), "430[]", []),
        (.ack(namespace: "/", id: 9_007_199_254_740_991, arguments: []), "439007199254740991[]", []),
        (
            .event(namespace: "/", name: "deep", arguments: [["b": .binary([]), "a": [.null, true, -1, .number(0.5)]]]),
            #"451-["deep",{"a":[null,true,-1,0.5],"b":{"_placeholder":true,"num":0}}]"#, [[]]
        ),
        (.event(namespace: "/", name: "그림", arguments: ["😀\"\\\n"]), #"42["그림","😀\"\\\n"]"#, []),
        (.connectError(namespace: "/", data: "no"), #"44"no""#, []),
        // Without binary, what looks like a placeholder is data.
        (
            .event(namespace: "/", name: "e", arguments: [["_placeholder": true, "num": 7]]),
            #"42["e",{"_placeholder":true,"num":7}]"#, []
        ),
    ]

    @Test("packets are written as the protocol document has them", arguments: examples.indices)
    func written(index: Int) {
        let example = Self.examples[index]
        #expect(example.packet.frames == [.text(example.text)] + example.attachments.map(EngineIOFrame.binary))
    }

    @Test("packets are read as they are written", arguments: examples.indices)
    func read(index: Int) throws {
        let example = Self.examples[index]
        var decoder = SocketIODecoder()
        var packet = try decoder.decode(.text(String(example.text.dropFirst())))
        for (index, attachment) in example.attachments.enumerated() {
            #expect(packet == nil, "complete before attachment \(index)")
            packet = try decoder.decode(.binary(attachment))
        }
        #expect(packet == example.packet)
    }

    @Test("attachments may be named in any order")
    func attachmentsInAnyOrder() throws {
        var decoder = SocketIODecoder()
        #expect(try decoder.decode(.text(#"52-["e",{"num":1,"_placeholder":true},{"_placeholder":true,"num":0}]"#)) == nil)
        #expect(try decoder.decode(.binary([1])) == nil)
        #expect(
            try decoder.decode(.binary([2])) == .event(namespace: "/", name: "e", arguments: [.binary([2]), .binary([1])]))
    }

    @Test("a namespace may end with the packet, and white space in JSON is nothing")
    func lenientForms() throws {
        var decoder = SocketIODecoder()
        #expect(try decoder.decode(.text("0/custom")) == .connect(namespace: "/custom"))
        #expect(try decoder.decode(.text("1/custom")) == .disconnect(namespace: "/custom"))
        #expect(try decoder.decode(.text("2 [ \"a\" ,\n{ \"b\" : 1 } ]\t")) == .event(namespace: "/", name: "a", arguments: [["b": 1]]))
    }

    @Test("an event called by a number is called by its digits")
    func numberedEvent() throws {
        var decoder = SocketIODecoder()
        #expect(try decoder.decode(.text("2[7]")) == .event(namespace: "/", name: "7", arguments: []))
    }

    @Test(
        "what is not a packet is refused with what is wrong",
        arguments: [
            ("", SocketIOPacketError.unknownType(nil)), ("abc", .unknownType(0x61)), ("7", .unknownType(0x37)),
            ("5[\"a\"]", .illegalAttachmentCount), ("5-[\"a\"]", .illegalAttachmentCount), ("51[\"a\"]", .illegalAttachmentCount),
            ("50-[\"a\"]", .illegalAttachmentCount), ("5x-[\"a\"]", .illegalAttachmentCount), ("51", .illegalAttachmentCount),
            ("599999999999999999999-[\"a\"]", .illegalAttachmentCount), ("511-[\"a\"]", .tooManyAttachments),
            ("29007199254740992[\"a\"]", .illegalAckID), ("2123456789012345678901234567890[\"a\"]", .illegalAckID),
            ("3[]", .missingAckID), ("3/chat,[]", .missingAckID), ("012", .unexpectedAckID), ("10", .unexpectedAckID),
            ("41{}", .unexpectedAckID), ("2abc[\"a\"]", .invalidJSON(at: 1)), ("2[\"a\"", .invalidJSON(at: 5)),
            ("2[\"a\"]x", .invalidJSON(at: 6)), ("2[\"a\",]", .invalidJSON(at: 6)), ("2[\"a\" 1]", .invalidJSON(at: 6)),
            ("2", .invalidPayload), ("2{}", .invalidPayload), ("2[]", .invalidPayload), ("2[null]", .invalidPayload),
            ("2[1.5]", .invalidPayload), ("2\"a\"", .invalidPayload), ("30", .invalidPayload), ("30{}", .invalidPayload),
            ("0[]", .invalidPayload), ("0\"a\"", .invalidPayload), ("1{}", .invalidPayload), ("1[]", .invalidPayload),
            ("4", .invalidPayload), ("4[]", .invalidPayload), ("51-{}", .invalidPayload), ("51-0[\"a\"]", .misplacedAttachment),
            ("51-[{\"_placeholder\":true,\"num\":0}]", .invalidPayload),
            ("51-[\"a\",{\"_placeholder\":true,\"num\":1}]", .misplacedAttachment),
            ("51-[\"a\",{\"_placeholder\":true,\"num\":-1}]", .misplacedAttachment),
            ("51-[\"a\",{\"_placeholder\":true,\"num\":0.5}]", .misplacedAttachment),
            ("51-[\"a\",{\"_placeholder\":true}]", .misplacedAttachment),
            ("51-[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":0}]", .misplacedAttachment),
            ("52-[\"a\",{\"_placeholder\":true,\"num\":0}]", .misplacedAttachment),
        ])
    func refused(text: String, error: SocketIOPacketError) {
        #expect(throws: error) {
            var decoder = SocketIODecoder()
            _ = try decoder.decode(.text(text))
        }
        #expect(!error.description.isEmpty)
    }

    @Test("reserved names are no events", arguments: SocketIOPacket.reservedEvents.sorted())
    func reservedEvents(name: String) {
        #expect(throws: SocketIOPacketError.reservedEvent(name)) {
            var decoder = SocketIODecoder()
            _ = try decoder.decode(.text(#"2["\#(name)"]"#))
        }
    }

    @Test("text is refused where an attachment is due, and an attachment where none is")
    func outOfTurn() throws {
        var decoder = SocketIODecoder()
        #expect(throws: SocketIOPacketError.unexpectedBinary) { try decoder.decode(.binary([1])) }
        _ = try decoder.decode(.text(#"51-["a",{"_placeholder":true,"num":0}]"#))
        #expect(throws: SocketIOPacketError.unexpectedText) { try decoder.decode(.text("2[\"a\"]")) }
    }

    @Test("an event for many is encoded with its offset as the last argument")
    func encodedOnce() {
        let frames = SocketIOPacket.encodeEvent(namespace: "/chat", name: "chat", arguments: [["chat": "hi"]], offset: "e:7")
        #expect(frames == [.text(#"42/chat,["chat",{"chat":"hi"},"e:7"]"#)])
        #expect(
            SocketIOPacket.encodeEvent(namespace: "/", name: "gif", arguments: [.binary([1])]) == [
                .text(#"451-["gif",{"_placeholder":true,"num":0}]"#), .binary([1]),
            ])
    }

    @Test("values come from JSON and go back, but not with bytes in them")
    func valuesAndJSON() {
        let json = JSONValue.object([
            "a": .array([.null, .bool(true), .integer(1), .number(0.5), .string("s")]), "b": .object([:]),
        ])
        let value = SocketIOValue(json)
        #expect(value == ["a": [.null, true, 1, .number(0.5), "s"], "b": [:]])
        #expect(value.json == json)
        #expect(!value.hasBinary)
        for binary: SocketIOValue in [.binary([1]), [.binary([])], ["a": ["b": .binary([1])]]] {
            #expect(binary.hasBinary)
            #expect(binary.json == nil)
        }
    }
}

@Suite("JSON in Socket.IO packets")
struct SocketIOJSONTests {
    private func argument(_ json: String) throws -> SocketIOValue? {
        var decoder = SocketIODecoder()
        guard case .event(_, _, let arguments, _)? = try decoder.decode(.text("2[\"e\",\(json)]")) else { return nil }
        return arguments.first
    }

    static let values: [(json: String, value: SocketIOValue)] = [
        ("null", SocketIOValue.null), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("12", 12), ("-7", -7),
        ("9223372036854775807", 9_223_372_036_854_775_807), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        ("1.5", .number(1.5)), ("3.0", 3), ("1e3", 1000), ("1E+2", 100), ("25e-1", .number(2.5)), ("\"\"", ""),
        ("\"a\\u0041\\n\\t\\r\\b\\f\\/\\\\\\\"\"", "aA\n\t\r\u{8}\u{c}/\\\""), ("\"\\ud83d\\ude00\"", "😀"), ("\"\\u00E9é\"", "éé"),
        ("\"\\ud83d\"", "\u{FFFD}"), ("\"\\ude00x\"", "\u{FFFD}x"), ("\"\\ud83d\\u0041\"", "\u{FFFD}A"),
        ("\"\\ud83d\\n\"", "\u{FFFD}\n"), ("[]", []), ("{}", [:]), ("[[],{\"a\":{}}]", [[], ["a": [:]]]),
        ("{\"a\":1,\"a\":2}", ["a": 2]),
    ]

    @Test("values of every kind are read", arguments: values.indices)
    func read(index: Int) throws {
        #expect(try argument(Self.values[index].json) == Self.values[index].value)
    }

    @Test(
        "what is not JSON is refused",
        arguments: [
            "", "nul", "truex", "TRUE", "01", "+1", "-", "1.", ".5", "1e", "1e999", "0x1", "NaN", "'a'", "\"a", "\"\\x\"", "\"\\u12\"",
            "\"\\u+123\"", "\"\\u12g4\"", "\"a\u{1}\"", "\"\n\"", "\"\\", "[1", "[,]", "[1,]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
            "{a:1}", "{1:1}", "1 2", "\u{FEFF}1", "\u{0}",
        ])
    func refused(json: String) {
        #expect(throws: SocketIOPacketError.self) { try argument(json) }
    }

    @Test("what nests too deep is refused, before it can exhaust the stack")
    func depth() throws {
        let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(try argument(nested(99)) != nil)
        #expect(throws: SocketIOPacketError.self) { try argument(nested(100)) }
        #expect(throws: SocketIOPacketError.self) { try argument(String(repeating: "{\"a\":", count: 200_000)) }
    }
}
