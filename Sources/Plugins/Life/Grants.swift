import RoomEngine

/// Why something that an operator asked for was not done, for people.
package struct OperatorProblem: Error, CustomStringConvertible {
    package let description: String
}

/// What operators give plugins and take from them.
extension PluginHost {
    /// What a grant has led to.
    package enum GrantOutcome {
        /// It may do it from now on.
        case given
        /// The version that waited for it is in use.
        case loaded(Plugin)
        /// The version that waits wants these too.
        case stillMissing(Set<String>)
    }

    /// Grants a permission, or `all` that the plugin's new version asks for.
    package func grant(_ id: PluginID, _ power: String) throws -> GrantOutcome {
        let waiting = refused[id]?.ungranted ?? []
        let asked = waiting.union(choices[id].revoked).union(plugins[id]?.manifest.powers ?? [])
        let given = power == "all" ? waiting.union(choices[id].revoked) : [power]
        guard choices[id].granted != nil || !asked.isEmpty else { throw OperatorProblem(description: "There is no plugin '\(id)'.") }
        if let unknown = given.first(where: { !asked.contains($0) }) {
            let hint = nearest(unknown, in: asked).map { " Did you mean '\($0)'?" } ?? ""
            throw OperatorProblem(description: "\(id) does not ask for '\(unknown)'.\(hint)")
        }
        guard !given.isEmpty else { throw OperatorProblem(description: "\(id) has everything that it asks for.") }
        try choose { choices in
            choices[id].granted = (choices[id].granted ?? []).union(given)
            choices[id].revoked.subtract(given)
        }
        plugins[id]?.obey(choices[id])
        guard !waiting.isEmpty else { return .given }
        let missing = waiting.subtracting(choices[id].granted ?? [])
        if !missing.isEmpty { return .stillMissing(missing) }
        guard let files = PluginFiles.named(id.text, in: surroundings.folder) else { throw OperatorProblem(description: "The files of \(id) are gone.") }
        return .loaded(try load(files).get())
    }

    /// Takes a permission from a plugin, over restarts and new versions, until it is granted again.
    package func revoke(_ id: PluginID, _ power: String) throws {
        let has = (plugins[id]?.manifest.powers ?? []).union(choices[id].granted ?? [])
        guard plugins[id] != nil || choices[id].granted != nil else { throw OperatorProblem(description: "There is no plugin '\(id)'.") }
        guard has.contains(power) else {
            let hint = nearest(power, in: has).map { " Did you mean '\($0)'?" } ?? ""
            throw OperatorProblem(description: "\(id) does not have '\(power)'.\(hint)")
        }
        try choose { $0[id].revoked.insert(power) }
        plugins[id]?.obey(choices[id])
    }

    /// Has a plugin look on only, or decide and act again, over restarts. What is in use is loaded anew for it.
    package func turn(_ id: PluginID, _ mode: Manifest.Mode) throws -> Plugin {
        guard let plugin = plugins[id] else { throw OperatorProblem(description: "'\(id)' is not loaded.") }
        guard (plugin.shadow != nil) != (mode == .shadow) else {
            throw OperatorProblem(description: mode == .live ? "'\(id)' is live." : "'\(id)' looks on only as it is.")
        }
        let before = choices[id].mode
        try choose { $0[id].mode = mode }
        switch load(plugin.files, .reload(plugin.account)) {
        case .success(let plugin): return plugin
        case .failure(let problem):
            try choose { $0[id].mode = before }
            throw problem
        }
    }
}
