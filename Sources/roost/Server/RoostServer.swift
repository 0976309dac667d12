import CMalloc
import Foundation
import Console
import Journal
import JSONText
import Logging
import NIOCore
import NIOPosix
import OutgoingHTTP
import Plugins
import RoomEngine
import Synchronization
import Transports

/// A running server: the parts, wired.
final class RoostServer: Sendable {
    let live: LiveConfiguration
    let rooms: RoomLoop
    let http: HTTPServer
    let logger: Logger
    let startedAt = Date()
    private let group: MultiThreadedEventLoopGroup
    private let roomGroup: MultiThreadedEventLoopGroup
    private let fileGroup: MultiThreadedEventLoopGroup
    private let passwordPool: NIOThreadPool
    private let resolverPool: NIOThreadPool
    let measures: ServerMetrics
    private let certificates: Certificates?
    let journal: SQLiteJournal?
    let gifs: GIFStore
    let erasedPeople: ErasedPeople
    let folder: DataFolder
    let bots: BotTokens
    /// Says that, and why, the server is to end: the console and the signals write here.
    let ending = AsyncStream.makeStream(of: (after: Double, reason: String).self)
    private let console = Mutex<ConsoleSocket?>(nil)

    /// Starts everything but the listening.
    /// - Parameter grantsEverything: plugins get what they ask for without anybody's word: for authors at work
    init(_ configuration: Configuration, logger: Logger, grantsEverything: Bool = false) async throws {
        self.logger = logger
        certificates = try Self.certificates(configuration)
        let folder = try DataFolder(path: configuration.text("data"))
        self.folder = folder
        let live = try LiveConfiguration(configuration, folder)
        self.live = live
        let loops = configuration.integer("loops")
        group = MultiThreadedEventLoopGroup(numberOfThreads: loops == 0 ? usableCores() : loops)
        roomGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        fileGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        passwordPool = NIOThreadPool(numberOfThreads: 1)
        passwordPool.start()
        resolverPool = NIOThreadPool(numberOfThreads: 2)
        resolverPool.start()

        let rooms = RoomLoop(on: roomGroup.next())
        self.rooms = rooms
        let commits = CommitTimes()
        let measures = ServerMetrics(rooms: rooms, commits: commits, startedAt: startedAt)
        self.measures = measures
        let gifs = try GIFStore(folder: folder.path + "/files", on: fileGroup.next())
        self.gifs = gifs
        let journal = configuration.text("history") == "keep" ? try Self.open(configuration, folder, rooms, gifs, commits) : nil
        self.journal = journal
        let erased = try journal?.erased()
        erasedPeople = ErasedPeople(erased?.all ?? [])
        try await gifs.clean(keeping: try journal?.files() ?? [])

        bots = try BotTokens(file: folder.path + "/tokens.json")
        let parts = HTTPServer.Parts(
            identity: Identity(secret: try folder.secret(), erased: erasedPeople), bots: bots, rooms: rooms, gifs: gifs, logger: logger,
            lookUp: { id in try? await journal?.person(id) },
            shownIn: { digest in
                guard let journal else { return await rooms.ask { $0.rooms(showing: digest) } }
                return (try? await journal.rooms(showing: digest)) ?? []
            },
            clock: { Int64(Date().timeIntervalSince1970 * 1_000) }, certificates: certificates,
            metrics: { OpenMetrics.text(await measures.families(connections: $0)) })
        let sender = RequestSender(
            on: group, resolver: SystemResolver(on: resolverPool), allowsPrivate: configuration.text("plugin-http-private") == "true")
        let pool = passwordPool
        let choices = try folder.operatorChoices()
        http = try await HTTPServer(on: group, settings: configuration.http(), parts: parts) { outbox in
            Self.makeEngine(live, folder, choices, grantsEverything, rooms, outbox, journal, gifs, pool, sender, logger)
        }
        await rooms.ask { engine in
            engine.removeFiles = { digests in
                Task {
                    // Somebody may have shown one again.
                    for digest in digests where await parts.shownIn(digest).isEmpty { await gifs.removeUnused([digest]) }
                }
            }
        }
        let snapshot = try journal?.snapshot() ?? Snapshot()
        try await rooms.ask { engine in
            Result {
                try engine.plugins?.loadAll()
                engine.restore(snapshot)
            }
        }.get()
        try await makeRooms()
        // Whom a server that died has not come to the end with.
        for person in erased?.unfinished ?? [] {
            do {
                if let done = try await dataArchive?.erase(person) { logger.info("\(done)") }
            } catch {
                logger.error("\(error)")
            }
        }
        let socket = try await ConsoleSocket.listen(at: folder.path + "/console.sock", on: fileGroup, ConsoleInterpreter(server: self))
        console.withLock { $0 = socket }
        giveMemoryBack()
        if let certificates {
            fileGroup.next().scheduleRepeatedTask(initialDelay: .seconds(5), delay: .seconds(5)) { _ in certificates.refresh(logger) }
        }
    }

    /// Gives the memory of a crowd back to the system when it has been gone for ten seconds. The allocator would keep most of it:
    /// what little lives on lies scattered in between. That takes some 20 ms for 150 MiB, in which others may wait for memory.
    private func giveMemoryBack() {
        let crowd = Mutex((most: 0, secondsGone: 0))
        fileGroup.next().scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { [http] _ in
            let here = http.connections
            let isGone = crowd.withLock { crowd in
                crowd.most = max(crowd.most, here)
                crowd.secondsGone = crowd.most >= 1_000 && here < crowd.most / 2 ? crowd.secondsGone + 1 : 0
                guard crowd.secondsGone == 10 else { return false }
                crowd = (here, 0)
                return true
            }
            if isGone { _ = malloc_trim(0) }
        }
    }

    private static func certificates(_ configuration: Configuration) throws -> Certificates? {
        let (certificate, key) = (configuration.text("tls-cert"), configuration.text("tls-key"))
        if certificate.isEmpty, key.isEmpty { return nil }
        if certificate.isEmpty || key.isEmpty { throw Certificates.Problem(description: "tls-cert and tls-key belong together: one of them is missing") }
        return try Certificates(certificate: certificate, key: key)
    }

    private static func open(_ configuration: Configuration, _ folder: DataFolder, _ rooms: RoomLoop, _ gifs: GIFStore, _ commits: CommitTimes) throws -> SQLiteJournal {
        let durability = SQLiteJournal.Durability(rawValue: configuration.text("durability"))!
        let path = folder.path + "/roost.sqlite"
        var upkeep = Upkeep()
        upkeep.audit = Int64(configuration.duration("audit-kept") * 1_000)
        upkeep.traces = Int64(configuration.duration("traces-kept") * 1_000)
        do {
            return try SQLiteJournal(path: path, durability: durability, upkeep: upkeep, measured: { commits.add($0) }) { answer in
                switch answer {
                case .committed(let batch, let results): rooms.enter { $0.committed(batch, results) }
                case .found(let query, let events): rooms.enter { $0.found(query, events) }
                case .unused(let digests): rooms.enter { $0.unused(digests) }
                }
            }
        } catch {
            throw Configuration.Problem(description: "the database \(path) cannot be opened, and was left as it is: \(error)")
        }
    }

    /// Called on the room loop.
    private static func makeEngine(
        _ live: LiveConfiguration, _ folder: DataFolder, _ choices: OperatorChoices, _ grantsEverything: Bool, _ rooms: RoomLoop, _ outbox: LoopOutbox,
        _ journal: SQLiteJournal?, _ gifs: GIFStore, _ pool: NIOThreadPool, _ sender: RequestSender, _ logger: Logger
    ) -> Engine {
        let configuration = live.now
        let kept: any RoomEngine.Journal
        if let journal {
            kept = journal
        } else {
            let memory = MemoryJournal()
            memory.unused = { files in rooms.enter { $0.unused(files) } }
            memory.wake = { rooms.enter { [bound = NIOLoopBound(memory, eventLoop: rooms.loop)] in bound.value.deliver(to: $0) } }
            kept = memory
        }
        let engine = Engine(
            limits: configuration.limits, clock: SystemClock(), random: SystemRandomNumberGenerator(), journal: kept, outbox: outbox,
            passwords: ScryptPasswords(rooms: rooms, pool: pool))
        var surroundings = PluginHost.Surroundings(
            folder: configuration.text("plugins"),
            log: { plugin, level, line in
                var metadata: Logger.Metadata = ["plugin": "\(plugin.id)"]
                if let generation = plugin.generation { metadata["generation"] = "g\(generation)" }
                logger.log(level: level.logLevel, "\(line)", metadata: metadata)
            },
            stored: { id in (try? journal?.store(of: id)) ?? [] },
            configuration: { live.now.plugins[$0] ?? [:] },
            order: { live.now.hookOrder[$0.name] ?? [] },
            language: configuration.text("language"),
            scheduled: { id in (try? journal?.schedules(of: id)) ?? [] },
            timeZone: configuration.timeZone)
        surroundings.keptSettings = { live.keptSettings($0) }
        surroundings.keepSetting = { try live.keep($0, $1, $2) }
        surroundings.requests = PluginRequests(sender, rooms: rooms)
        surroundings.gifs = PluginGIFs(gifs, rooms: rooms)
        surroundings.choices = choices
        surroundings.keep = { try folder.keep($0) }
        surroundings.grantsEverything = grantsEverything
        surroundings.sources = SourceFolder(path: folder.path + "/plugin-sources") { logger.error("\($0)") }
        surroundings.audit = { id, what in
            logger.info("audit: \(what)", metadata: ["plugin": "\(id)"])
            journal?.audit(AuditLine(at: Int64(Date().timeIntervalSince1970 * 1_000), by: "plugin:\(id)", what: what))
        }
        if let journal {
            surroundings.lastTrace = (try? journal.lastTrace()) ?? 0
        }
        if let journal, configuration.duration("traces-kept") > 0 {
            surroundings.keepTrace = { trace in
                journal.keep {
                    TraceRecord(
                        serial: trace.serial, at: trace.at, room: trace.room, seq: trace.seq, person: trace.personID.map { PersonID($0) },
                        document: trace.document)
                }
            }
        }
        let host = PluginHost(engine: engine, surroundings: surroundings)
        host.disabled = Set(configuration.list("disabled-plugins").map { PluginID($0) }).union(folder.disabledPlugins)
        host.flagThreshold = configuration.number("flag-threshold")
        engine.hooks = host
        return engine
    }

    /// The rooms that the configuration wants and that are not there.
    func makeRooms() async throws {
        for (id, value) in live.now.rooms.sorted(by: { $0.key < $1.key }) {
            let title = value["title"]?.string ?? id
            let wanted = NewRoom(
                title: title, max: value["max"]?.integer.map(Int.init) ?? 10, password: value["password"]?.string,
                topic: value["topic"]?.string ?? "", permanent: true, tags: value["tags"]?.array?.compactMap(\.string) ?? [])
            let retention = try retention(value["retention"], id)
            let refusal: Refusal? = await rooms.await { engine, answer in
                let keep = { (room: Room) in if retention != nil, room.retention != retention { engine.keep(retention, of: room) } }
                if let room = engine.rooms[RoomID(id)] {
                    keep(room)
                    return answer(nil)
                }
                engine.create(wanted, id: RoomID(id), owner: nil) { result in
                    switch result {
                    case .failure(let refusal): answer(refusal)
                    case .success(let room):
                        keep(room)
                        answer(nil)
                    }
                }
            }
            if let refusal { throw Configuration.Problem(description: "[rooms.\(id)]: \(refusal.text)") }
        }
    }

    /// How much is kept of a room, as the configuration has it; nil if it says nothing.
    private func retention(_ value: JSONValue?, _ id: String) throws(Configuration.Problem) -> Retention? {
        guard let value else { return nil }
        guard let retention = Retention(value.string ?? value.text) else {
            throw Configuration.Problem(description: "[rooms.\(id)]: retention must be forever, an age such as 30d, a number of events such as 10000, or both")
        }
        return retention
    }

    /// Tells everyone, stores what there is to store, and ends.
    func stop(reason: String, retryAfter: Double = 2) async {
        await http.stopListening()
        await console.withLock { $0 }?.close()
        await rooms.ask { engine in
            engine.plugins?.shutDown(reason: reason)
            engine.drain(reason: reason, retryAfter: retryAfter)
        }
        for _ in 0..<100 {
            if await rooms.ask(\.isSettled), http.connections == 0 { break }
            try? await Task.sleep(for: .milliseconds(50))
        }
        do {
            try journal?.close()
        } catch {
            logger.error("The journal could not be closed: \(error)")
        }
        for pool in [passwordPool, resolverPool] { try? await pool.shutdownGracefully() }
        for group in [group, roomGroup, fileGroup] { try? await group.shutdownGracefully() }
    }
}

/// The cores that this process may run on, which may be fewer than there are: `taskset` and containers see to that.
private func usableCores() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") }) else { return System.coreCount }
    // Like "0-3,8".
    let ranges = line.dropFirst("Cpus_allowed_list:".count).split { $0 == "," || $0.isWhitespace }
    return max(1, ranges.reduce(0) { count, range in
        let ends = range.split(separator: "-").compactMap { Int($0) }
        return count + (ends.last ?? 0) - (ends.first ?? 0) + 1
    })
}

extension Engine {
    /// The plugins, if this engine has any.
    var plugins: PluginHost? { hooks as? PluginHost }

    /// The rooms whose recent events show a file.
    func rooms(showing digest: String) -> [RoomID] {
        rooms.values.filter { room in
            room.recent.contains { if case .gif(_, let gif, _) = $0.body { gif.digest == digest } else { false } }
        }.map(\.id)
    }
}

extension PluginHost.Level {
    var logLevel: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warn: .warning
        case .error: .error
        }
    }
}
