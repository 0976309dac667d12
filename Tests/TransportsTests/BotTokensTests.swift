import Foundation
import RoomEngine
import Testing

@testable import Transports

@Suite("Bots' tokens")
struct BotTokensTests {
    private let file = NSTemporaryDirectory() + "roost-tokens-\(UUID().uuidString).json"

    private func tokens() throws -> BotTokens { try BotTokens(file: file) }

    @Test("who bears a token is the bot that it was made for, in another process too") func bearing() throws {
        defer { try? FileManager.default.removeItem(atPath: file) }
        let (bot, token) = try tokens().create(name: "beeper", permissions: [.chatSend], at: 7)
        let again = try tokens()
        #expect(again.bot(bearing: token) == bot)
        #expect(bot.record.permissions == [.chatSend] && bot.record.id.text.hasPrefix("b_"))
        for other in ["", "roost_", token + "A", String(token.dropLast()), token.uppercased()] { #expect(again.bot(bearing: other) == nil) }
    }

    @Test("the file has nothing of a token, and is its owner's alone") func atRest() throws {
        defer { try? FileManager.default.removeItem(atPath: file) }
        let (_, token) = try tokens().create(name: "beeper", permissions: [], at: 7)
        let kept = try String(contentsOfFile: file, encoding: .utf8)
        #expect(kept.contains("beeper") && !kept.contains(token.dropFirst(6)))
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
    }

    @Test("a revoked token is nobody's, and its name is free again") func revoked() throws {
        defer { try? FileManager.default.removeItem(atPath: file) }
        let tokens = try tokens()
        let (bot, token) = try tokens.create(name: "beeper", permissions: [], at: 7)
        #expect(throws: BotTokens.Problem.self) { try tokens.create(name: "beeper", permissions: [], at: 8) }
        #expect(try tokens.revoke("beeper") == bot)
        #expect(tokens.bot(bearing: token) == nil && tokens.bots.isEmpty)
        #expect(throws: BotTokens.Problem.self) { try tokens.revoke("beeper") }
        #expect(try tokens.create(name: "beeper", permissions: [], at: 9).token != token)
    }

    @Test("what cannot be kept is not so") func unwritable() throws {
        let nowhere = try BotTokens(file: "/nowhere/tokens.json")
        #expect(throws: BotTokens.Problem.self) { try nowhere.create(name: "beeper", permissions: [], at: 7) }
        #expect(nowhere.bots.isEmpty)
    }

    @Test("only the scheme Bearer bears a token", arguments: [
        ("Bearer abc", "abc"), ("bearer  abc", "abc"), ("BEARER ", ""), ("Bearer", ""), ("Bearerabc", nil), ("Basic abc", nil), ("", nil), (nil, nil),
    ] as [(String?, String?)])
    func header(header: String?, token: String?) { #expect(BotTokens.bearer(header) == token) }
}
