import Crypto
import Foundation
import RoomEngine
import Synchronization

/// The tokens by which bots come in (RFC 6750): who bears one is the bot that it was made for.
///
/// A token is 256 random bits, so of each only the SHA-256 is kept, in a file of the data folder that nobody else may read.
/// What is secret of it is shown once, to whoever made it. Safe from every thread.
package final class BotTokens: Sendable {
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    private struct Entry: Codable {
        var bot: Bot
        /// SHA-256 of the token, in hexadecimal digits.
        var digest: String
    }

    /// What tokens begin with, so that one that was published by mistake is recognised as what it is.
    private static let prefix = "roost_"

    private let file: String
    private let entries: Mutex<[String: Entry]>

    /// - Parameter file: where they are kept; made when the first one is
    package init(file: String) throws(Problem) {
        self.file = file
        guard FileManager.default.fileExists(atPath: file) else {
            entries = Mutex([:])
            return
        }
        do {
            let kept = try JSONDecoder().decode([Entry].self, from: Data(contentsOf: URL(filePath: file)))
            entries = Mutex(Dictionary(kept.map { ($0.digest, $0) }) { first, _ in first })
        } catch {
            throw Problem(description: "\(file) is damaged: mend it, or remove it and make the bots' tokens anew")
        }
    }

    /// The bots there are, by name.
    package var bots: [Bot] { entries.withLock { $0.values.map(\.bot) }.sorted { ($0.name, $0.id) < ($1.name, $1.id) } }

    /// The bot that bears this token; nil if it is none or was revoked.
    package func bot(bearing token: String) -> Bot? {
        guard token.hasPrefix(Self.prefix) else { return nil }
        let digest = Self.digest(token)
        return entries.withLock { $0[digest]?.bot }
    }

    /// Makes a bot and its token.
    /// - Parameter name: that of no other bot
    package func create(name: String, permissions: Set<BotPermission>, at now: Int64) throws(Problem) -> (bot: Bot, token: String) {
        var generator = SystemRandomNumberGenerator()
        let bot = Bot(
            id: "b_" + randomID(length: 10, using: &generator), name: name, permissions: permissions,
            colorSeed: randomID(length: 16, using: &generator), createdAt: now)
        let token = Self.prefix + Identity.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
        try change { (entries: inout [String: Entry]) throws(Problem) in
            if entries.values.contains(where: { $0.bot.name == name }) { throw Problem(description: "There is a bot of the name '\(name)' already.") }
            entries[Self.digest(token)] = Entry(bot: bot, digest: Self.digest(token))
        }
        return (bot, token)
    }

    /// Takes the token of a bot back, which a name or an id names. Returns the bot.
    package func revoke(_ name: String) throws(Problem) -> Bot {
        var revoked: Bot?
        try change { (entries: inout [String: Entry]) throws(Problem) in
            guard let (digest, entry) = entries.first(where: { $0.value.bot.id == name || $0.value.bot.name == name }) else {
                throw Problem(description: "There is no bot '\(name)'; 'token list' lists them.")
            }
            entries[digest] = nil
            revoked = entry.bot
        }
        guard let revoked else { throw Problem(description: "There is no bot '\(name)'.") }
        return revoked
    }

    /// Changes the tokens if the change can be kept.
    private func change(_ body: (inout [String: Entry]) throws(Problem) -> Void) throws(Problem) {
        let result: Result<Void, Problem> = entries.withLock { entries in
            do throws(Problem) {
                var changed = entries
                try body(&changed)
                try save(changed)
                entries = changed
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Writes beside the file and renames: a crash leaves the old one or the new one.
    private func save(_ entries: [String: Entry]) throws(Problem) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let beside = file + ".new"
        do {
            let data = try encoder.encode(entries.values.sorted { $0.bot.createdAt < $1.bot.createdAt })
            try? FileManager.default.removeItem(atPath: beside)
            guard FileManager.default.createFile(atPath: beside, contents: data, attributes: [.posixPermissions: 0o600]), rename(beside, file) == 0 else {
                throw Problem(description: "cannot write \(file): \(String(cString: strerror(errno)))")
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(description: "cannot write \(file): \(error)")
        }
    }

    private static func digest(_ token: String) -> String {
        SHA256.hash(data: Data(token.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
    }
}

extension BotTokens {
    /// The token that an `Authorization` header bears (RFC 6750 §2.1); nil if it says something else, which is no business of
    /// this server's but perhaps of a proxy's.
    static func bearer(_ header: String?) -> String? {
        guard let header, header.lowercased() == "bearer" || header.prefix(7).lowercased() == "bearer " else { return nil }
        return String(header.dropFirst(6).drop { $0 == " " })
    }
}
