import Console
import Logging
import Synchronization

/// The last log lines, for the console, and whoever wants the next ones. Safe from every thread.
final class LogHistory: Sendable {
    static let shared = LogHistory()

    private struct Line {
        let level: Logger.Level
        let plugin: String?
        let text: String
    }

    private struct State {
        var lines: [Line] = []
        var next = 0
        var followers: [Int: (LogFilter, AsyncStream<String>.Continuation)] = [:]
        var lastFollower = 0
    }

    private let limit = 2_000
    private let state = Mutex(State())

    func add(_ text: String, level: Logger.Level, plugin: String?) {
        state.withLock { state in
            let line = Line(level: level, plugin: plugin, text: text)
            if state.lines.count < limit {
                state.lines.append(line)
            } else {
                state.lines[state.next] = line
                state.next = (state.next + 1) % limit
            }
            for (filter, follower) in state.followers.values where filter.wants(line.level, line.plugin) { follower.yield(text) }
        }
    }

    func recent(_ filter: LogFilter, limit: Int) -> [String] {
        state.withLock { state in
            let inOrder = state.lines[state.next...] + state.lines[..<state.next]
            return inOrder.filter { filter.wants($0.level, $0.plugin) }.suffix(limit).map(\.text)
        }
    }

    func follow(_ filter: LogFilter) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1_000))
        let id = state.withLock { state in
            state.lastFollower += 1
            state.followers[state.lastFollower] = (filter, continuation)
            return state.lastFollower
        }
        continuation.onTermination = { [self] _ in state.withLock { $0.followers[id] = nil } }
        return stream
    }
}

extension LogFilter {
    fileprivate func wants(_ level: Logger.Level, _ plugin: String?) -> Bool {
        if let wanted = self.plugin, wanted != plugin { return false }
        return self.level.flatMap(Logger.Level.init(rawValue:)).map { level >= $0 } ?? true
    }
}
