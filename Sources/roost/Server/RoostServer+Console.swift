import Console
import Foundation
import Journal
import Logging
import Plugins
import RoomEngine
import Synchronization
import Transports

extension RoostServer: ConsoleServer {
    func ask<Answer: Sendable>(_ body: @escaping @Sendable (Engine) -> Answer) async -> Answer { await rooms.ask(body) }

    func await<Answer: Sendable>(_ body: @escaping @Sendable (Engine, @escaping (Answer) -> Void) -> Void) async -> Answer {
        await rooms.await(body)
    }

    func vitals() async -> Vitals {
        let traffic = await rooms.traffic()
        let process = ProcessUsage()
        return Vitals(
            version: version, uptime: Date().timeIntervalSince(startedAt), connections: http.connections, published: traffic.published,
            delivered: traffic.delivered, cpu: process.cpuSeconds, memory: process.residentBytes)
    }

    func metrics() async -> [MetricFamily] { await measures.families(connections: http.connections) }

    var settings: [(name: String, value: String, source: String, help: String)] { live.now.report }

    func recentLog(_ filter: LogFilter, limit: Int) -> [String] { LogHistory.shared.recent(filter, limit: limit) }
    func followLog(_ filter: LogFilter) -> AsyncStream<String> { LogHistory.shared.follow(filter) }

    func audit(by: String, what: String) {
        logger.debug("console: \(what)", metadata: ["by": "\(by)"])
        journal?.audit(AuditLine(at: Int64(Date().timeIntervalSince1970 * 1_000), by: by, what: what))
    }

    var archive: (any Archive)? { dataArchive }

    var dataArchive: DataArchive? { journal.map { DataArchive(journal: $0, gifs: gifs, folder: folder.path, rooms: rooms, erasedPeople: erasedPeople) } }

    func setDisabled(_ plugin: PluginID, _ isDisabled: Bool) throws { try folder.setDisabled(plugin, isDisabled) }

    func readConfiguration(apply: Bool) async -> ConfigurationReading {
        let (configuration, reading) = live.read()
        guard apply, let configuration else { return reading }
        var done = reading
        done.isApplied = true
        live.replace(configuration)
        done.problems = await rooms.ask { engine in
            engine.plugins?.flagThreshold = configuration.number("flag-threshold")
            return engine.plugins?.configurationChanged() ?? []
        }
        do { try await makeRooms() } catch { done.problems.append("\(error)") }
        return done
    }

    var tokens: [Bot] { bots.bots }

    func createToken(name: String, permissions: Set<BotPermission>) throws -> (bot: Bot, token: String) {
        try bots.create(name: name, permissions: permissions, at: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    func revokeToken(_ name: String) async throws -> Bot {
        let bot = try bots.revoke(name)
        await rooms.ask { $0.expel(PersonID(bot.id), Closing(.policy, "The token was revoked.")) }
        return bot
    }

    func shutDown(after seconds: Double, reason: String) { ending.continuation.yield((seconds, reason)) }
}
