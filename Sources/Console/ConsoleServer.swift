import Plugins
import RoomEngine

/// What the console can reach of the running server.
package protocol ConsoleServer: Sendable {
    /// Asks the engine, on the room loop.
    func ask<Answer: Sendable>(_ body: @escaping @Sendable (Engine) -> Answer) async -> Answer
    /// Asks something that is answered later. `body` must see to it that its second argument is called, once.
    func await<Answer: Sendable>(_ body: @escaping @Sendable (Engine, @escaping (Answer) -> Void) -> Void) async -> Answer
    /// Numbers about the process and its connections.
    func vitals() async -> Vitals
    /// What is measured, of the server and of its plugins.
    func metrics() async -> [MetricFamily]
    /// Every setting with its value, and where that comes from.
    var settings: [(name: String, value: String, source: String, help: String)] { get }
    /// The last log lines that fit, oldest first.
    func recentLog(_ filter: LogFilter, limit: Int) -> [String]
    /// Log lines as they are written.
    func followLog(_ filter: LogFilter) -> AsyncStream<String>
    /// Notes what an operator did.
    func audit(by: String, what: String)
    /// What is kept; nil if nothing is.
    var archive: (any Archive)? { get }
    /// Keeps it over a restart whether a plugin is loaded.
    func setDisabled(_ plugin: PluginID, _ isDisabled: Bool) throws
    /// Loads a plugin, or puts a new version of it in use, which may have to pass its own tests first.
    func load(_ files: PluginFiles) async -> Result<LoadedPlugin, PluginProblem>
    /// Runs a plugin's tests, apart from the server's rooms.
    func test(_ files: PluginFiles) async -> Result<[PluginTester.Outcome], PluginProblem>
    /// Reads the configuration anew and, if asked to, puts what has changed into effect. With mistakes in it nothing changes.
    func readConfiguration(apply: Bool) async -> ConfigurationReading
    /// The bots that have a token.
    var tokens: [Bot] { get }
    /// Makes a bot with a token, which is not shown again.
    func createToken(name: String, permissions: Set<BotPermission>) throws -> (bot: Bot, token: String)
    /// Takes a bot's token back, which its name or its id names, and ends its connections.
    func revokeToken(_ name: String) async throws -> Bot
    /// Ends the server.
    func shutDown(after seconds: Double, reason: String)
}

/// What is kept, as operators copy it and ask about it.
package protocol Archive: Sendable {
    /// Writes a copy of everything to a folder that is not there yet. Returns a sentence about it.
    func backUp(to path: String) async throws -> String
    /// The last lines of the audit log that fit, oldest first.
    /// - Parameters:
    ///   - by: part of who did it; nil for everyone
    ///   - what: part of what they did
    ///   - since: milliseconds since 1970
    func audit(by: String?, what: String?, since: Int64, limit: Int) async throws -> [AuditLine]
    /// What is kept of a person, whether they are here or not.
    func person(_ id: PersonID) async throws -> PersonRecord?
    /// Writes what is kept of a room, or about a person, to a file that is not there yet. Returns a sentence about it.
    func export(room: RoomInfo, to path: String) async throws -> String
    func export(person: PersonID, to path: String) async throws -> String
    /// Forgets a person. Returns a sentence about it.
    func erase(_ person: PersonID) async throws -> String
    /// How something was decided that is not in memory any more, by the id of a refusal or by `room:number`.
    func trace(_ id: String) async throws -> Trace?
}

package struct Vitals: Sendable {
    package var version: String
    package var uptime: Double
    package var connections: Int
    package var published: Int
    package var delivered: Int
    /// Seconds of CPU time since the start, and bytes in memory.
    package var cpu: Double
    package var memory: Int

    package init(version: String, uptime: Double, connections: Int, published: Int, delivered: Int, cpu: Double, memory: Int) {
        self.version = version
        self.uptime = uptime
        self.connections = connections
        self.published = published
        self.delivered = delivered
        self.cpu = cpu
        self.memory = memory
    }
}

/// Which log lines are wanted.
package struct LogFilter: Sendable {
    package var plugin: String?
    /// The least important level that is shown.
    package var level: String?

    package init(plugin: String? = nil, level: String? = nil) {
        self.plugin = plugin
        self.level = level
    }
}
