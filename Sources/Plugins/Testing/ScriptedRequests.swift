import RoomEngine

/// Answers plugins' requests as a test has said. Confined to one thread.
final class ScriptedRequests: OutgoingRequests {
    struct Answer {
        var result: OutgoingResult
        /// Seconds until it comes.
        var seconds: Double
    }

    weak var engine: Engine?
    /// By address.
    var answers: [String: Answer] = [:]
    private(set) var sent: [OutgoingRequest] = []

    func send(_ request: OutgoingRequest, then: @escaping (OutgoingResult) -> Void) {
        sent.append(request)
        let none = OutgoingFailure("the test has no answer for \(request.url): t:http(\"\(request.url)\", { … })")
        let answer = answers[request.url.description] ?? Answer(result: .failure(none), seconds: 0)
        let isLate = answer.seconds > request.seconds
        engine?.after(Int64(min(answer.seconds, request.seconds) * 1_000)) {
            then(isLate ? .failure(OutgoingFailure(late: request)) : answer.result)
        }
    }
}

extension TestWorld {
    /// What a plugin's console command says: a line each, a table's cells with tabs between them.
    func console(_ line: String) -> String {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count > 1, let plugin = host.plugins[PluginID(words[0])], let command = plugin.consoleCommands[words[1]] else {
            return "There is no command '\(words.prefix(2).joined(separator: " "))'."
        }
        var lines: [String] = []
        host.runConsole(plugin, command, words.count > 2 ? words[2] : "", by: "test") { output, problem in
            for each in output {
                switch each {
                case .line(let text): lines.append(text)
                case .table(let columns, let rows): lines += ([columns] + rows).map { $0.joined(separator: "\t") }
                }
            }
            if let problem { lines.append(problem) }
        }
        settle()
        return lines.joined(separator: "\n")
    }
}
