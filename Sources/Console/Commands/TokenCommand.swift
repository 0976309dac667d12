import ChatText
import Plugins
import RoomEngine

extension ConsoleCommands {
    static let token = ConsoleCommand(
        "token", "create NAME [PERMISSION…] | list | revoke NAME", "Tokens for bots: who bears one may do what it says.",
        examples: ["token create helper chat.send history.read", "token list", "token revoke helper"], complete: completeToken
    ) { call in
        switch try call.word(0, "create, list or revoke") {
        case "create": try await createToken(call)
        case "list": await listTokens(call)
        case "revoke": try await revokeToken(call)
        case let other: throw ConsoleError.usage("'\(other)' is none of create, list and revoke")
        }
    }

    private static func createToken(_ call: Invocation) async throws {
        let wanted = try call.word(1, "a name")
        let most = await call.server.ask(\.limits.name)
        guard let name = ChatText.normalizedName(wanted, maxCharacters: most) else { throw ConsoleError.usage("A name has 1 to \(most) visible characters") }
        var permissions: Set<BotPermission> = []
        for word in call.words.dropFirst(2) {
            guard let permission = BotPermission(rawValue: word) else {
                let all = BotPermission.allCases.map(\.rawValue)
                let hint = nearest(word, in: all).map { " Did you mean '\($0)'?" } ?? ""
                throw ConsoleError.usage("There is no permission '\(word)'.\(hint) There are \(all.joined(separator: ", "))")
            }
            permissions.insert(permission)
        }
        let (bot, token) = try call.server.createToken(name: name, permissions: permissions)
        call.output.fields([("Token", token), ("Id", bot.id), ("Name", bot.name), ("May", bot.mayInWords)])
        if !call.output.isJSON { call.output.line("Keep it where nobody reads it: it is not shown again.") }
    }

    private static func listTokens(_ call: Invocation) async {
        let bots = call.server.tokens
        if bots.isEmpty { return call.output.line("There are no tokens.") }
        let (connections, now) = await call.server.ask { engine in
            (Dictionary(uniqueKeysWithValues: bots.map { ($0.id, engine.people[PersonID($0.id)]?.connections.count ?? 0) }), engine.clock.now.wall)
        }
        call.output.table(
            ["Id", "Name", "May", "Made", "Connections"],
            bots.map { [$0.id, $0.name, $0.mayInWords, ago($0.createdAt, now), "\(connections[$0.id] ?? 0)"] })
    }

    private static func revokeToken(_ call: Invocation) async throws {
        let name = try call.word(1, "a bot; 'token list' lists them")
        guard let bot = call.server.tokens.first(where: { $0.id == name || $0.name == name }) else {
            let hint = nearest(name, in: call.server.tokens.map(\.name)).map { " Did you mean '\($0)'?" } ?? ""
            throw ConsoleError.failed("There is no bot '\(name)'.\(hint)")
        }
        try call.confirm("end the bot \(bot.name) for good")
        _ = try await call.server.revokeToken(bot.id)
        call.output.line("\(bot.name) can do nothing more.")
    }

    @Sendable private static func completeToken(_ words: [String], _ server: any ConsoleServer) async -> [String] {
        switch (words.first, words.count) {
        case (nil, _): ["create", "list", "revoke"]
        case ("create", 2...): BotPermission.allCases.map(\.rawValue)
        case ("revoke", 1): server.tokens.map(\.name)
        default: []
        }
    }
}

extension Bot {
    /// In the permissions' own names, for what is typed.
    fileprivate var mayInWords: String {
        let more = BotPermission.allCases.filter(permissions.contains).map { "\($0.inWords) (\($0.rawValue))" }
        return (["hear rooms"] + more).joined(separator: ", ")
    }
}
