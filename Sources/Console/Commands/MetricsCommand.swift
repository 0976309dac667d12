import Plugins

extension ConsoleCommands {
    static let metrics = ConsoleCommand(
        "metrics", "[PATTERN]", "What the server measures of itself and of its plugins; a pattern such as 'roost_plugin*' or a part of the names says which.",
        examples: ["metrics", "metrics commit", "metrics 'roost_plugin_*guard*' --all"]
    ) { call in
        let lines = await call.server.metrics().flatMap(OpenMetrics.lines)
        let found: [(name: String, value: String)]
        if let pattern = call.words.first {
            let whole = pattern.contains("*") || pattern.contains("?") ? pattern : "*\(pattern)*"
            found = lines.filter { matches($0.name, pattern: whole) }
        } else {
            // A histogram's buckets are many, and nobody's first question.
            found = lines.filter { !$0.name.contains("_bucket{") }
        }
        if found.isEmpty { throw ConsoleError.failed("Nothing of that name is measured. 'metrics' without a pattern lists everything.") }
        call.output.table(["Name", "Value"], found.map { [$0.name, $0.value] })
    }
}
