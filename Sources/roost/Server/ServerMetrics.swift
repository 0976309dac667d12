import Foundation
import Plugins
import RoomEngine
import Synchronization
import Transports

/// What `/metrics` and the console show of the running server.
struct ServerMetrics: Sendable {
    let rooms: RoomLoop
    let commits: CommitTimes
    let startedAt: Date

    /// - Parameter connections: how many there are, by any transport
    func families(connections: Int) async -> [MetricFamily] {
        let traffic = await rooms.traffic()
        let process = ProcessUsage()
        let counted = await rooms.ask { engine in
            let transports = Dictionary(grouping: engine.connections.values, by: \.transport).mapValues(\.count)
            return (
                people: engine.people.count, rooms: engine.rooms.count, members: engine.rooms.values.reduce(0) { $0 + $1.count },
                transports: transports.sorted { $0.key < $1.key }, held: engine.reviews.count, plugins: engine.plugins?.metrics ?? []
            )
        }
        return [
            MetricFamily("roost_connections", .gauge, "Open connections, by any transport, the one that asks included.", Double(connections)),
            MetricFamily(
                "roost_transport_connections", .gauge, "People's connections by transport.",
                counted.transports.map { .init([("transport", $0.key)], Double($0.value)) }),
            MetricFamily("roost_people", .gauge, "People who are on the server.", Double(counted.people)),
            MetricFamily("roost_rooms", .gauge, "Rooms.", Double(counted.rooms)),
            MetricFamily("roost_members", .gauge, "Seats that are taken, in all rooms.", Double(counted.members)),
            MetricFamily("roost_held", .gauge, "Messages and people that wait for a moderator.", Double(counted.held)),
            MetricFamily("roost_published", .counter, "Messages published to rooms and the lobby.", Double(traffic.published)),
            MetricFamily("roost_delivered", .counter, "Copies of those that went out to connections.", Double(traffic.delivered)),
            MetricFamily("roost_turns", .counter, "Turns of the room loop.", Double(traffic.turns)),
            MetricFamily(
                "roost_commit_seconds", .histogram, "Time the journal takes to store what the rooms give it at once.",
                [.init([], 0, histogram: commits.histogram)]),
            MetricFamily("roost_uptime_seconds", .gauge, "Time since the start.", Date().timeIntervalSince(startedAt)),
            MetricFamily("process_cpu_seconds", .counter, "CPU time of the process.", process.cpuSeconds),
            MetricFamily("process_resident_memory_bytes", .gauge, "Memory of the process.", Double(process.residentBytes)),
        ] + counted.plugins
    }
}

/// How long commits have taken. Safe from every thread.
final class CommitTimes: Sendable {
    private let times = Mutex(Histogram())

    var histogram: Histogram { times.withLock { $0 } }
    func add(_ seconds: Double) { times.withLock { $0.add(seconds) } }
}

/// What the operating system says of this process.
struct ProcessUsage {
    let cpuSeconds: Double
    let residentBytes: Int

    init() {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        residentBytes = (pages.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }
}
