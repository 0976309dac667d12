import Plugins
import RoomEngine

extension ConsoleCommands {
    static let users = ConsoleCommand("users", "[ROOM]", "The people who are here, or in a room.", examples: ["users k3v9t2"], complete: Complete.rooms) { call in
        let id: RoomID? = if let word = call.words.first { try await call.room(word) } else { nil }
        let rows: [[String]] = await call.server.ask { engine in
            let people = id.map { id in engine.rooms[id]?.members.values.map(\.person) ?? [] } ?? Array(engine.people.values)
            return people.sorted { ($0.name, $0.id.text) < ($1.name, $1.id.text) }.map { person in
                let transports = Set(person.connections.map(\.transport)).sorted().joined(separator: ", ")
                return [person.id.text, person.name, person.rooms.map(\.text).joined(separator: ", "), "\(person.connections.count)", transports.isEmpty ? "away" : transports]
            }
        }
        if rows.isEmpty { return call.output.line("Nobody is here.") }
        call.output.table(["Id", "Name", "Rooms", "Connections", "By"], rows)
    }

    static let user = ConsoleCommand("user", "WHO", "One person and their connections.", examples: ["user u_5mq0c2vd9x"], complete: Complete.people) { call in
        let id = try await call.person(try call.word(0, "a person"))
        let found = await call.server.ask { engine in
            engine.people[id].map { person in
                (
                    [
                        ("Id", person.id.text), ("Name", person.name), ("Admin", person.isAdmin ? "yes" : "no"), ("Language", person.locale),
                        ("First seen", ago(person.createdAt, engine.clock.now.wall)), ("Rooms", person.rooms.map(\.text).joined(separator: ", ")),
                    ],
                    person.connections.map { ["\($0.id.number)", $0.transport, $0.address, ago($0.since, engine.clock.now.wall), $0.rooms.map(\.text).joined(separator: ", ")] }
                )
            }
        }
        guard let (fields, connections) = found else { throw ConsoleError.failed("They are gone.") }
        call.output.fields(fields)
        if !connections.isEmpty { call.output.table(["Connection", "By", "Address", "Since", "Rooms"], connections) }
    }
}
