import RoomEngine

/// A connection that hears messages as values: an HTTP request that waits for an answer, or for what happens in a room.
///
/// A class because the engine's timers and the request both end it. Confined to the room loop.
package final class Listener {
    package let engine: Engine
    private let outbox: LoopOutbox
    private let id: ConnectionID
    private let hear: (Message, Listener) -> Void
    private(set) var isOver = false

    init(_ engine: Engine, _ outbox: LoopOutbox, _ id: ConnectionID, _ hear: @escaping (Message, Listener) -> Void) {
        self.engine = engine
        self.outbox = outbox
        self.id = id
        self.hear = hear
    }

    /// Connects, and carries the commands out.
    func begin(_ person: PersonRecord, address: String, transport: String, locale: String, _ commands: [Command]) {
        outbox.add(id) { [self] message in
            if !isOver { hear(message, self) }
        }
        engine.connect(id, person, address: address, transport: transport, locale: locale)
        for command in commands { engine.handle(Request(connection: id, command: command)) }
    }

    /// Hears nothing any more, and is gone when the engine has done what it is at.
    package func end() {
        guard !isOver else { return }
        isOver = true
        engine.hearsNoMore(id)
        engine.after(0) { [engine, outbox, id] in
            engine.disconnect(id)
            outbox.remove(id)
        }
    }
}
