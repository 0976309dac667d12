import RoomEngine

extension Simulation {
    /// One thing that happens.
    func step() {
        switch chance.number(100) {
        case 0..<35: actOfClient()
        case 35..<60: for _ in 0..<3 { traffic() }
        case 60..<80: disk()
        case 80..<92: answerHooks()
        case 92..<95: passTime()
        case 95..<98: moderate()
        case 98..<99: noticeDead()
        default: if chance.happens(1, of: 2) { crash() } else { noticeDead() }
        }
    }

    // MARK: Clients

    private func actOfClient() {
        let client = clients[chance.number(clients.count)]
        switch client.place {
        case .offline: connect(client)
        case .outside:
            note("client \(client.number) joins")
            client.join()
        case .joining: if chance.happens(1, of: 5) { cut(client) }
        case .inside:
            switch chance.number(38) {
            case 0..<20:
                note("client \(client.number) says something")
                client.say()
            case 20..<26:
                guard !client.outbox.isEmpty else { return }
                note("client \(client.number) sends again what is not answered")
                client.sendAgain(chance.number(client.outbox.count))
            case 26:
                note("client \(client.number) leaves")
                client.exit()
            case 27: doSomethingElse(client)
            case 28..<36:
                note("client \(client.number) changes something that it shows")
                client.change(chance)
            default: cut(client)
            }
        }
        // Clients that do not wait for answers: several commands reach the server in one turn.
        if chance.happens(1, of: 4), let link = client.link { arrive(link, link.toServer.count) }
    }

    private func doSomethingElse(_ client: SimulatedClient) {
        let dice = chance.number(4)
        note("client \(client.number) \(["looks back", "changes the name", "whispers", "types"][dice])")
        switch dice {
        case 0: client.lookBack(1 + chance.number(10))
        case 1: client.rename()
        case 2: client.whisper(to: clients[chance.number(clients.count)].record.id)
        default: client.type()
        }
    }

    func connect(_ client: SimulatedClient) {
        lastConnection += 1
        let link = Link(id: ConnectionID(lastConnection), client: client)
        note("client \(client.number) connects by \(lastConnection) and joins, having seen \(client.position?.seq ?? 0)")
        network.open(link)
        engine.connect(link.id, client.record, address: "here", transport: "test", locale: "en")
        client.connected(by: link)
        if chance.happens(1, of: 10) { client.exit() }
    }

    /// The network fails. What is on its way may arrive or not; the server may notice or not.
    private func cut(_ client: SimulatedClient) {
        guard let link = client.link else { return }
        deliver(link, chance.number(link.toClient.count + 1))
        link.toServer.removeLast(chance.number(link.toServer.count + 1))
        let isNoticed = chance.happens(1, of: 2)
        note("client \(client.number) loses its connection\(isNoticed ? "" : ", unnoticed")")
        client.disconnected()
        if isNoticed {
            arrive(link, link.toServer.count)
            disconnect(link.id)
        }
    }

    private func noticeDead() {
        let dead = network.links.filter { !$0.isOpen }
        guard !dead.isEmpty else { return }
        let link = dead[chance.number(dead.count)]
        note("the server notices that connection \(link.id.number) is dead")
        disconnect(link.id)
    }

    /// Commands reach the server.
    private func arrive(_ link: Link, _ count: Int) {
        let requests = Array(link.toServer.prefix(count))
        link.toServer.removeFirst(requests.count)
        for request in requests {
            note("the server gets from client \(link.client.number): \(request.command)")
            engine.handle(request)
        }
    }

    private func traffic() {
        guard !network.links.isEmpty else { return }
        let link = network.links[chance.number(network.links.count)]
        if chance.happens(2, of: 3) { arrive(link, chance.happens(1, of: 2) ? 1 : link.toServer.count) }
        if chance.happens(2, of: 3) {
            note("client \(link.client.number) hears what is on its way")
            deliver(link, chance.happens(1, of: 3) ? chance.number(link.toClient.count + 1) : link.toClient.count)
        }
    }

    // MARK: The server's surroundings

    private func disk() {
        let dice = chance.number(100)
        if dice < 8 {
            journal.failure = chance.happens(1, of: 2) ? "disk full" : nil
        } else if dice < 30 {
            journal.failure = nil
        }
        if dice >= 90 {
            let bad = chance.number(3)
            journal.isBad = { unit in
                switch unit.first {
                case .event(let event)?: event.at % 3 == bad
                default: false
                }
            }
        } else {
            journal.isBad = { _ in false }
        }
        journal.isUnreadable = chance.happens(1, of: 20)
        let part = chance.number(10)
        note("the journal \(journal.failure ?? "works"): \(part < 5 ? "stores and answers" : part < 7 ? "stores" : part < 8 ? "reads" : "answers")")
        if part < 7 { journal.storeNext() }
        ledger.checkStored()
        // What was looked up may be answered before what was stored earlier.
        if part == 7 || part < 2 { journal.answerFinds(to: engine) }
        if part < 5 || part > 7 { journal.answerNext(to: engine) }
        if part == 9 || part == 2 { journal.answerFinds(to: engine) }
    }

    private func answerHooks() {
        note("a plugin decides that took its time")
        hooks.answerSome()
    }

    private func passTime() {
        let milliseconds = Int64(chance.happens(1, of: 8) ? 16_000 : 10 + chance.number(1_500))
        note("\(milliseconds) ms go by")
        advance(milliseconds)
    }

    private func moderate() {
        let client = clients[chance.number(clients.count)]
        let (room, person) = (client.room, client.record.id)
        let seconds = 1 + chance.number(10)
        let until = clock.now.wall + Int64(seconds) * 1_000
        let kind = chance.happens(2, of: 3) ? Restriction.Kind.mute : .ban
        switch chance.number(12) {
        case 6...8: redact(in: room)
        case 9...11:
            guard let last = engine.undos.first else { return }
            note("the console puts \(last.what) back")
            engine.undo(last.id) { _ in }
        case 0...2:
            note("\(kind) \(person) in \(room) for \(seconds) s")
            ledger.restrict(kind, room, person, until: until)
            if kind == .mute, sabotage.losesMute() { return }
            engine.restrict(kind, person, in: room, seconds: Double(seconds), reason: "", by: "console")
        case 3:
            note("un\(kind) \(person) in \(room)")
            ledger.lift(kind, room, person)
            engine.lift(kind, person, in: room, by: "console")
        case 4:
            note("\(person) becomes the owner of \(room), which gets a topic")
            engine.perform([.transfer(room, person, by: .console), .change(room, RoomChange(topic: "topic \(until)"), by: .console)])
        default:
            guard engine.rooms[room]?.members[person] != nil else { return }
            note("kick \(person) from \(room)")
            ledger.kick(room, person)
            engine.kick(person, from: room, reason: "", by: "console")
        }
    }

    private func redact(in room: RoomID) {
        let messages = ledger.events(room).filter(\.isMessage)
        guard !messages.isEmpty else { return }
        let seq = messages[chance.number(messages.count)].seq
        note("the console takes \(room):\(seq) out")
        engine.redact(seq, in: room, why: nil) { _ in }
    }

    /// The process dies and another one starts with what the journal has.
    private func crash() {
        note("the server dies and starts anew")
        crashes += 1
        for link in network.links { deliver(link, chance.number(link.toClient.count + 1)) }
        for client in clients { client.disconnected() }
        journal.crash()
        ledger.crash()
        network.removeAll()
        hooks.forgetWaiting()
        engine = Engine(
            limits: limits, clock: clock, random: SeededGenerator(seed: seed &+ UInt64(crashes)), journal: journal, outbox: network,
            passwords: passwords)
        engine.hooks = hooks
        engine.restore(journal.snapshot)
    }
}
