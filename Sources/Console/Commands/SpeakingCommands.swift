import RoomEngine

extension ConsoleCommands {
    static let say = ConsoleCommand("say", "ROOM TEXT", "Speaks to a room as the server.", examples: ["say k3v9t2 Hello everyone"], complete: Complete.rooms) { call in
        let id = try await call.room(try call.word(0, "a room"))
        let text = call.text(from: 1)
        if text.isEmpty { throw ConsoleError.usage("a text is missing") }
        await call.server.ask { $0.system(LocalizedText(text), key: nil, in: id, origin: .console("console")) }
        call.output.line("Said in \(id).")
    }

    static let announce = ConsoleCommand("announce", "TEXT", "Speaks to every room with people in it.", examples: ["announce Back in five minutes"]) { call in
        if call.words.isEmpty { throw ConsoleError.usage("a text is missing") }
        let text = call.text(from: 0)
        let count = await call.server.ask { engine in
            let rooms = engine.rooms.values.filter { $0.count > 0 }
            for room in rooms { engine.system(LocalizedText(text), key: nil, in: room.id, origin: .console("console")) }
            return rooms.count
        }
        call.output.line("Said in \(count) room\(count == 1 ? "" : "s").")
    }

    static let tell = ConsoleCommand("tell", "WHO TEXT", "Tells one person something.", examples: ["tell ann Please stop that"], complete: Complete.people) { call in
        let id = try await call.person(try call.word(0, "a person"))
        let text = call.text(from: 1)
        if text.isEmpty { throw ConsoleError.usage("a text is missing") }
        await call.server.ask { $0.tell(id, nil, LocalizedText(text), by: "server") }
        call.output.line("Told.")
    }
}
