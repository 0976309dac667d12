import RoomEngine

/// A connection with what is on its way in both directions.
final class Link {
    let id: ConnectionID
    let client: SimulatedClient
    var toServer: [Request] = []
    var toClient: [Message] = []
    /// False when the client is gone, which the server may not know yet.
    var isOpen = true

    init(id: ConnectionID, client: SimulatedClient) {
        self.id = id
        self.client = client
    }
}

/// The engine's outbox in a simulation: messages wait in links until the simulation delivers or loses them.
final class SimulatedNetwork: Outbox {
    /// Connections that the server believes in, in the order they were opened.
    private(set) var links: [Link] = []
    /// Connections that the server has ended.
    var ended: [ConnectionID] = []
    private var topics: [Topic: [Link]] = [:]
    /// Who is in each room, by what has been published.
    private var inside: [RoomID: Set<String>] = [:]
    private let ledger: Ledger
    private let sabotage: Sabotage

    init(ledger: Ledger, sabotage: Sabotage) {
        self.ledger = ledger
        self.sabotage = sabotage
    }

    private func link(_ id: ConnectionID) -> Link? { links.first { $0.id == id } }

    func open(_ link: Link) { links.append(link) }

    func remove(_ id: ConnectionID) { links.removeAll { $0.id == id } }

    func removeAll() {
        links = []
        topics = [:]
        ended = []
        inside = [:]
    }

    /// Links that nobody has told the end of.
    func isAttachedAnywhere(_ id: ConnectionID) -> Bool { topics.contains { $0.value.contains { $0.id == id } } }

    // MARK: Outbox

    func send(_ message: Message, to connection: ConnectionID) {
        guard let link = link(connection) else { return }
        let message = sabotage.sent(message, ledger)
        ledger.answers(message.reference, on: connection)
        switch message {
        case .ok(let reference, let seq):
            switch link.client.asked(reference) {
            case .message(let key)?: ledger.acknowledge(key, link.client.room, seq)
            // Where there was nothing to change, there is no number.
            case .change(let key)?: if seq != nil { ledger.acknowledge(key, link.client.room, seq) }
            case let asked?: ledger.isDone(asked, by: link.client)
            default: break
            }
        case .refused(let reference, let refusal):
            switch link.client.asked(reference) {
            case .message(let key)?, .change(let key)?: ledger.refuse(key, link.client.room, refusal)
            case .settings(let name)?: ledger.rules.answered(link.client.room, name: name, isDone: false)
            default: break
            }
        case .joined(let joined):
            for event in joined.events {
                ledger.checkShown(event)
                ledger.checkCurrent(event, at: joined.seq)
            }
        case .review(let review): ledger.shows(review)
        case .whisper(let whisper): ledger.checkWhisper(whisper)
        default: break
        }
        link.toClient.append(message)
        if case .whisper = message, sabotage.strikes(.networkTellsWhisperToOthers, 20), let other = links.last(where: { $0.client.record.id != link.client.record.id }) {
            other.toClient.append(message)
        }
    }

    func publish(_ message: Message, to topic: Topic) {
        if case .event(let event, _) = message {
            ledger.checkShown(event)
            checkListeners(of: event, topics[topic] ?? [])
        }
        for link in topics[topic] ?? [] { sabotage.deliver(message, to: link) }
        if let stray = links.first(where: { link in sabotage.goesAstray() && !(topics[topic] ?? []).contains { $0 === link } }) {
            stray.toClient.append(message)
        }
    }

    /// Only people who are in the room hear it; who leaves by another window hears that.
    private func checkListeners(of event: Event, _ links: [Link]) {
        if case .join(let member, _) = event.body { inside[event.room, default: []].insert(member.id) }
        for link in links {
            let id = link.client.record.id.text
            ledger.require(inside[event.room]?.contains(id) == true, "\(id) hears event \(event.seq) of \(event.room) and is not in it")
        }
        if case .exit(let member, _, _) = event.body { inside[event.room]?.remove(member.id) }
    }

    func attach(_ connection: ConnectionID, to topic: Topic) {
        guard let link = link(connection) else { return }
        ledger.require(!(topics[topic] ?? []).contains { $0 === link }, "\(connection.number) is attached twice")
        topics[topic, default: []].append(link)
    }

    func detach(_ connection: ConnectionID, from topic: Topic) {
        if sabotage.strikes(.networkLetsThoseOutsideListen) { return }
        topics[topic]?.removeAll { $0.id == connection }
    }

    func close(_ connection: ConnectionID, _ closing: Closing) {
        link(connection)?.toClient.append(.bye(closing))
        ended.append(connection)
    }
}
