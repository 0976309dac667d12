import RoomEngine

/// What a plugin may do, by name: permissions, and whatever else its manifest asks for that an operator may refuse.
extension Manifest {
    /// Everything it asks for: permissions, and hosts as `http:example.com`.
    package var powers: Set<String> { Set(permissions.map(\.rawValue)).union(hosts.map { "http:\($0)" }) }

    /// Powers in words, as the end of a sentence that begins with "may".
    package func words(_ powers: Set<String>) -> [String] {
        let hosts = powers.filter { $0.hasPrefix("http:") }.sorted().map { String($0.dropFirst(5)) }
        let others = powers.filter { !$0.hasPrefix("http:") && ($0 != Permission.http.rawValue || hosts.isEmpty) }.sorted()
        let requests = hosts.isEmpty ? [] : ["send requests to \(hosts.joined(separator: ", "))"]
        return others.map { Permission(rawValue: $0)?.inWords ?? $0 } + requests
    }
}

/// What a console line says of a version's powers: what it may do, what changed, and what to be careful about.
struct PowerReport {
    let manifest: Manifest
    /// Of the version before, if there was one.
    let before: Set<String>?
    let revoked: Set<String>

    var lines: [String] {
        var lines: [String] = []
        let powers = manifest.powers.subtracting(revoked)
        if let before {
            let gained = powers.subtracting(before), lost = before.subtracting(powers)
            if !gained.isEmpty { lines.append("new: it may \(manifest.words(gained).joined(separator: ", "))") }
            if !lost.isEmpty { lines.append("no longer: \(manifest.words(lost).joined(separator: ", "))") }
            if gained.isEmpty { return lines }
        }
        lines += RiskyCombination.found(in: powers).map { "careful: it can \($0)" }
        return lines
    }
}

/// Powers that are harmless apart and not together.
struct RiskyCombination: Sendable {
    /// All of these; `http` is a host of any name.
    let powers: Set<String>
    /// What a plugin with them can do.
    let words: String

    static let all: [RiskyCombination] = [
        .init(powers: ["whisper.read", "http"], words: "read whispers and send them to other servers"),
        .init(powers: ["history.read", "http"], words: "read rooms' history and send it to other servers"),
        .init(powers: ["ip.read", "http"], words: "send people's addresses to other servers"),
        .init(powers: ["plugins.see", "http"], words: "send what other plugins write to other servers"),
        .init(powers: ["whisper.read", "whisper.send"], words: "read what two people whisper and answer in between"),
        .init(powers: ["chat.drop_silently", "chat.modify"], words: "make messages vanish unnoticed and change the others"),
        .init(powers: ["chat.drop_silently", "chat.accept"], words: "decide alone what is seen, unnoticed and past every other filter"),
        .init(powers: ["room.transfer", "user.kick"], words: "take rooms over: choose their owner and put others out"),
        .init(powers: ["room.transfer", "user.ban"], words: "take rooms over: choose their owner and keep others out"),
        .init(powers: ["user.ban", "http"], words: "keep people out of rooms on another server's word"),
    ]

    static func found(in powers: Set<String>) -> [String] {
        var powers = powers
        if powers.contains(where: { $0.hasPrefix("http:") }) { powers.insert("http") }
        return all.filter { $0.powers.isSubset(of: powers) }.map(\.words)
    }
}
