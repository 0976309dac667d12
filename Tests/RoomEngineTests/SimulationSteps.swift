import RoomEngine

extension Simulation {
    /// One thing that happens.
    func step() {
        switch chance.number(100) {
        case 0..<33: actOfClient()
        case 33..<57: for _ in 0..<3 { traffic() }
        case 57..<76: disk()
        case 76..<88: answerHooks()
        case 88..<91: passTime()
        case 91..<98: moderate()
        case 98..<99: noticeDead()
        default: if chance.happens(1, of: 2) { crash() } else { noticeDead() }
        }
    }

    // MARK: Clients

    private func actOfClient() {
        let client = clients[chance.number(clients.count)]
        switch client.place {
        case .offline: if !client.isErased { connect(client) }
        case .outside:
            note("client \(client.number) joins")
            client.join()
        case .joining: if chance.happens(1, of: 5) { cut(client) }
        case .inside:
            switch chance.number(40) {
            case 0..<20:
                note("client \(client.number) says something")
                client.say()
            case 20..<26:
                guard !client.outbox.isEmpty else { return }
                note("client \(client.number) sends again what is not answered")
                client.sendAgain(chance.number(client.outbox.count))
            case 26:
                let isBack = chance.happens(1, of: 2)
                note("client \(client.number) leaves\(isBack ? " and comes again" : "")")
                client.exit()
                if isBack { client.join(forgetful: chance.happens(1, of: 2)) }
            case 27..<30: doSomethingElse(client)
            case 30..<38:
                note("client \(client.number) changes something that it shows")
                client.change(chance)
            default: cut(client)
            }
        }
        // Clients that do not wait for answers: several commands reach the server in one turn.
        if chance.happens(1, of: 4), let link = client.link { arrive(link, link.toServer.count) }
    }

    private func doSomethingElse(_ client: SimulatedClient) {
        let dice = chance.number(6)
        note("client \(client.number) \(["looks back", "changes the name", "types", "reports something", "whispers", "whispers"][dice])")
        switch dice {
        case 0: client.lookBack(1 + chance.number(10))
        case 1: client.rename()
        case 2: client.type()
        case 3: client.report(chance)
        default: client.whisper(to: clients[chance.number(clients.count)].record.id, times: chance.happens(1, of: 3) ? 2 : 1)
        }
    }

    func connect(_ client: SimulatedClient) {
        lastConnection += 1
        let link = Link(id: ConnectionID(lastConnection), client: client)
        note("client \(client.number) connects by \(lastConnection) and joins, having seen \(client.position?.seq ?? 0)")
        network.open(link)
        engine.connect(link.id, client.record, address: "here", transport: "test", locale: "en")
        client.connected(by: link, forgetful: chance.happens(1, of: 6))
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
    func arrive(_ link: Link, _ count: Int) {
        let requests = Array(link.toServer.prefix(count))
        link.toServer.removeFirst(requests.count)
        for request in requests {
            note("the server gets from client \(link.client.number): \(request.command)")
            handle(request, of: link)
        }
    }

    func handle(_ request: Request, of link: Link) {
        ledger.asks(request.command, link.client.asked(request.reference))
        ledger.asksToJoin(request, as: link.client.record.id)
        var request = request
        if sabotage.strikes(.networkTakesOneForAnother, 5), let other = network.links.first(where: { $0.client.room == link.client.room && $0 !== link }) {
            request.connection = other.id
        }
        engine.handle(request)
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
                unit.contains {
                    switch $0 {
                    case .event(let event): event.at % 3 == bad
                    case .store(let change): Int(change.value ?? "")! % 5 == bad
                    default: false
                    }
                }
            }
        } else {
            journal.isBad = { _ in false }
        }
        journal.isUnreadable = chance.happens(1, of: 20)
        if chance.happens(1, of: 2) { goOnErasing() }
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

    /// The process dies and another one starts with what the journal has.
    private func crash() {
        note("the server dies and starts anew")
        crashes += 1
        for link in network.links { deliver(link, chance.number(link.toClient.count + 1)) }
        for client in clients { client.disconnected() }
        journal.crash()
        ledger.crash()
        network.removeAll()
        passwords.asked = []
        taken = [:]
        engine = Engine(
            limits: limits, clock: clock, random: SeededGenerator(seed: seed &+ UInt64(crashes)), journal: journal, outbox: network,
            passwords: passwords)
        engine.hooks = hooks
        hooks.restart(engine, Array(journal.contents.stores.values))
        engine.restore(journal.snapshot)
        ledger.rules.check(engine)
        resumeErasing()
    }
}
