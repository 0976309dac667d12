import RoomEngine

/// The last errors of all plugins, each under a name of its own.
struct Problems {
    private let limit = 500
    private var last = 0
    private(set) var all: [PluginProblem] = []

    mutating func nextID() -> String {
        last += 1
        return "x\(last)"
    }

    mutating func add(_ problem: PluginProblem) {
        all.append(problem)
        if all.count > limit { all.removeFirst(all.count - limit) }
    }
}

extension PluginHost {
    /// The last errors, newest last.
    package func problems(of plugin: String? = nil) -> [PluginProblem] {
        problems.all.filter { problem in plugin.map { $0 == problem.plugin.text } ?? true }
    }

    /// The error of that name.
    package func problem(_ id: String) -> PluginProblem? { problems.all.last { $0.id == id } }
}
