import Plugins
import RoomEngine

extension ConsoleCommands {
    static let rooms = ConsoleCommand(
        "rooms", "[-l] [PATTERN]", "The rooms, those with most people first; -l with more about each. The pattern is for ids, titles and tags.",
        examples: ["rooms tea*", "rooms -l"]
    ) { call in
        let pattern = call.words.first { $0 != "-l" }?.lowercased()
        let (listing, now) = await call.server.ask { ($0.listing, $0.clock.now.wall) }
        let shown = listing.filter { room in
            pattern.map { pattern in ([room.id.text, room.title.lowercased()] + room.tags).contains { matches($0, pattern: pattern) } } ?? true
        }
        if shown.isEmpty { return call.output.line(pattern == nil ? "There are no rooms." : "No room matches '\(pattern!)'.") }
        if call.words.contains("-l") {
            return call.output.table(
                ["Id", "Title", "People", "Kind", "Owner", "Made", "Slow", "Locked", "Tags", "Topic"],
                shown.map {
                    [
                        $0.id.text, $0.title, "\($0.count)/\($0.max)", $0.hasPassword ? "password" : "open", $0.owner?.name ?? "-", ago($0.createdAt, now),
                        $0.slow == 0 ? "-" : "\($0.slow) s", $0.locked ? "yes" : "-", $0.tags.joined(separator: " "), $0.topic,
                    ]
                })
        }
        call.output.table(
            ["Id", "Title", "People", "Kind", "Owner", "Made"],
            shown.map {
                [$0.id.text, $0.title, "\($0.count)/\($0.max)", $0.hasPassword ? "password" : "open", $0.owner?.name ?? "-", ago($0.createdAt, now)]
            })
    }

    static let room = ConsoleCommand(
        "room", "ID | create TITLE [MAX] | set ID title|max|topic|slow|locked|tags|retention VALUE | lock ID | unlock ID | remove ID | transfer ID WHO",
        "One room with everything, or a change of it.",
        examples: ["room k3v9t2", "room create \"Tea house\" 20", "room set k3v9t2 topic \"Green or black?\"", "room remove k3v9t2 --yes"],
        complete: { words, server in
            if words.isEmpty { return await Complete.rooms([], server) + ["create", "set", "lock", "unlock", "remove", "transfer"] }
            if words.count == 1, words[0] != "create" { return await Complete.rooms([], server) }
            if words.count == 2, words[0] == "set" { return ["title", "max", "topic", "slow", "locked", "tags", "retention"] }
            return words.count == 2 && words[0] == "transfer" ? await Complete.people([], server) : []
        }
    ) { call in
        switch try call.word(0, "an id") {
        case "create": try await create(call)
        case "set": try await set(call)
        case "lock", "unlock":
            let isLocked = call.words[0] == "lock"
            try await change(try await call.room(try call.word(1, "a room")), RoomChange(locked: isLocked), call)
            call.output.line(isLocked ? "Nobody more gets in." : "Everybody gets in again.")
        case "remove": try await remove(call)
        case "transfer":
            let id = try await call.room(try call.word(1, "a room"))
            let person = try await call.person(try call.word(2, "a person"))
            let isThere = await call.server.ask { $0.rooms[id]?.members[person] != nil }
            guard isThere else { throw ConsoleError.failed("They are not in the room.") }
            await call.server.ask { $0.give(.owner, to: person, in: id, by: .console) }
            call.output.line("Done.")
        case let word: try await show(try await call.room(word), call)
        }
    }

    private static func show(_ id: RoomID, _ call: Invocation) async throws {
        let found = await call.server.ask { engine in
            engine.rooms[id].map { room in
                let members = room.members.values.filter(\.isPresent).sorted { $0.joinedAt < $1.joinedAt }
                return (
                    room.record, room.count, room.keptText(engine), room.waiting, room.moderators.values.sorted(), members.map { [$0.person.id.text, $0.person.name, room.role(of: $0.person).rawValue, $0.color, ago($0.joinedAt, engine.clock.now.wall)] },
                    room.bans.count, room.mutes.count, engine.clock.now.wall
                )
            }
        }
        guard let (record, count, kept, waiting, moderators, members, bans, mutes, now) = found else { throw ConsoleError.failed("The room is gone.") }
        call.output.fields([
            ("Id", record.id.text), ("Title", record.title), ("Topic", record.topic.isEmpty ? "-" : record.topic), ("People", "\(count) of \(record.max)"),
            ("Owner", record.owner.map { "\($0.name) (\($0.id))" } ?? "-"), ("Password", record.passwordHash == nil ? "no" : "yes"),
            ("Locked", record.locked ? "yes" : "no"), ("Slow mode", record.slow == 0 ? "off" : "\(record.slow) s"),
            ("Moderators", moderators.isEmpty ? "-" : moderators.joined(separator: ", ")), ("Tags", record.tags.isEmpty ? "-" : record.tags.joined(separator: " ")),
            ("Kept when empty", record.permanent ? "yes" : "no"), ("Events", kept), ("Epoch", record.epoch), ("Waiting", "\(waiting)"),
            ("Bans, mutes", "\(bans), \(mutes)"), ("Made", ago(record.createdAt, now)),
        ])
        if !members.isEmpty { call.output.table(["Id", "Name", "Role", "Colour", "Came"], members) }
    }

    private static func create(_ call: Invocation) async throws {
        let title = try call.word(1, "a title")
        let max = call.words.count > 2 ? Int(call.words[2]) : 10
        guard let max else { throw ConsoleError.usage("'\(call.words[2])' is not a number") }
        let result: Result<RoomID, Refusal> = await call.server.await { engine, answer in
            engine.create(NewRoom(title: title, max: max, permanent: true), owner: nil) { answer($0.map(\.id)) }
        }
        switch result {
        case .success(let id): call.output.line("Made \(id). It stays when it is empty.")
        case .failure(let refusal): throw ConsoleError.failed(refusal.text)
        }
    }

    private static func set(_ call: Invocation) async throws {
        let id = try await call.room(try call.word(1, "a room"))
        let name = try call.word(2, "what to set")
        let value = call.text(from: 3)
        if name == "retention" { return try await keep(value, of: id, call) }
        var change = RoomChange()
        switch name {
        case "title": change.title = value
        case "topic": change.topic = value
        case "max", "slow":
            guard let number = Int(value), number >= 0 else { throw ConsoleError.usage("'\(value)' is not a number") }
            if name == "max" { change.max = number } else { change.slow = number }
        case "locked":
            guard let flag = ["yes": true, "on": true, "no": false, "off": false][value] else { throw ConsoleError.usage("'locked' is yes or no") }
            change.locked = flag
        case "tags": change.tags = Array(call.words.dropFirst(3))
        default: throw ConsoleError.usage("a room has no '\(name)'")
        }
        try await self.change(id, change, call)
        call.output.line("Done.")
    }

    private static func change(_ id: RoomID, _ change: RoomChange, _ call: Invocation) async throws {
        let refusal: Refusal? = await call.server.await { engine, answer in
            guard let room = engine.rooms[id] else { return answer(Refusal(.notFound, "The room is gone.")) }
            engine.change(room, change, by: .console) { answer($0) }
        }
        if let refusal { throw ConsoleError.failed(refusal.text) }
    }

    /// How much of a room's past is kept. To keep less than is there is to remove something.
    private static func keep(_ value: String, of id: RoomID, _ call: Invocation) async throws {
        let wanted = value == "default" ? nil : Retention(value)
        if wanted == nil, value != "default" {
            throw ConsoleError.usage("'\(value)' is not forever, default, an age such as 30d, a number of events such as 10000, or both")
        }
        let (head, horizon, server) = await call.server.ask { ($0.rooms[id]?.head ?? 0, $0.rooms[id]?.horizon ?? 0, $0.limits.retention) }
        let effective = wanted ?? server
        if effective != .forever { try call.confirm("keep \(effective.text) of '\(id)', of the \(head - horizon) events that are there") }
        await call.server.ask { engine in if let room = engine.rooms[id] { engine.keep(wanted, of: room) } }
        call.output.line("Kept from now on: \(effective.text).")
    }

    private static func remove(_ call: Invocation) async throws {
        let id = try await call.room(try call.word(1, "a room"))
        let (title, count, head) = await call.server.ask { ($0.rooms[id]?.record.title ?? "", $0.rooms[id]?.count ?? 0, $0.rooms[id]?.head ?? 0) }
        try call.confirm("remove '\(title)' with its \(head) events, and \(count) people in it have to leave")
        let isDone: Bool = await call.server.await { engine, answer in
            guard let room = engine.rooms[id] else { return answer(false) }
            engine.remove(room, reason: "console") { answer(true) }
        }
        call.output.line(isDone ? "Removed." : "It is gone already.")
    }

    static let slow = ConsoleCommand("slow", "ROOM TIME", "Slow mode: one message per person in that time; 0 switches it off.", examples: ["slow k3v9t2 10s"], complete: Complete.rooms) { call in
        let id = try await call.room(try call.word(0, "a room"))
        let text = try call.word(1, "a time")
        guard let time = seconds(in: text) else { throw ConsoleError.usage("'\(text)' is not a time such as 10s") }
        try await change(id, RoomChange(slow: Int(time)), call)
        call.output.line(time == 0 ? "Slow mode is off." : "One message every \(words(forSeconds: time)).")
    }

    static let shield = ConsoleCommand(
        "shield", "on|off [ROOM] [TIME]", "Has newcomers of a room, or of every room, knock for a while: moderators let them in.",
        examples: ["shield on", "shield on k3v9t2 10m", "shield off"],
        complete: { words, server in words.isEmpty ? ["on", "off"] : await Complete.rooms(Array(words.dropFirst()), server) }
    ) { call in
        let word = try call.word(0, "'on' or 'off'")
        guard ["on", "off"].contains(word) else { throw ConsoleError.usage("'\(word)' is neither 'on' nor 'off'") }
        var rest = call.words.dropFirst()
        let time = rest.last.flatMap(seconds(in:))
        if time != nil { rest.removeLast() }
        let wanted: RoomID? = if let name = rest.first { try await call.room(name) } else { nil }
        let seconds = word == "off" ? 0 : time
        let count = await call.server.ask { engine in
            let rooms = engine.rooms.values.filter { wanted == nil || $0.id == wanted }
            for room in rooms { engine.shield(room, seconds: seconds) }
            return rooms.count
        }
        let rooms = "\(count) room\(count == 1 ? "" : "s")"
        if word == "off" { return call.output.line("The shield of \(rooms) is down.") }
        call.output.line("Newcomers of \(rooms) have to knock\(time.map { " for " + words(forSeconds: $0) } ?? ""). 'held' lists them.")
    }
}

extension Room {
    /// Which events there are, and for how long.
    fileprivate func keptText(_ engine: Engine) -> String {
        "\(horizon > 0 ? "\(horizon + 1) to " : "")\(head), kept: \((retention ?? engine.limits.retention).text)\(retention == nil ? "" : " (of this room)")"
    }
}
