import RoomEngine

/// A server, its journal, its plugins and a handful of people on bad networks, all by chance, and all by one seed.
final class Simulation {
    let seed: UInt64
    let chance: Chance
    let clock = VirtualClock()
    let limits: Limits
    let journal: SabotagedJournal
    let ledger: Ledger
    let hooks: SimulatedHooks
    let network: SimulatedNetwork
    let sabotage: Sabotage
    let passwords = PlainPasswords()
    var clients: [SimulatedClient] = []
    var engine: Engine
    var lastConnection: UInt64 = 0
    var crashes = 0
    /// Of the console.
    var decisions = 0
    var erasure: ErasureProgress?
    /// How many were in a room at the last look.
    var taken: [RoomID: Int] = [:]
    /// What was done in the last steps, when that is wanted.
    private(set) var trace: [String] = []
    private let isTracing: Bool

    init(seed: UInt64, bug: PlantedBug? = nil, isTracing: Bool = false) {
        self.seed = seed
        self.isTracing = isTracing
        chance = Chance(seed: seed)
        var limits = Limits()
        limits.rate = 0
        limits.kickedFor = 3_000
        limits.passwordAttempts = 100_000
        (limits.recentEvents, limits.pageEvents, limits.resumeEvents) = (10, 4, 20)
        // A batch takes whole turns: with a third of the seeds only one of them.
        if seed % 3 == 0 { limits.batch = 1 }
        (limits.forgetInterval, limits.forgottenAtOnce, limits.forgetPause) = (700, 5, 40)
        self.limits = limits
        sabotage = Sabotage(bug, seed: seed)
        journal = SabotagedJournal(sabotage)
        ledger = Ledger(journal: journal, clock: clock, limits: limits)
        network = SimulatedNetwork(ledger: ledger, sabotage: sabotage)
        journal.hasStored = { [ledger] in ledger.checkStored() }
        hooks = SimulatedHooks(chance: chance, ledger: ledger, sabotage: sabotage)
        engine = Engine(
            limits: limits, clock: clock, random: SeededGenerator(seed: seed), journal: journal, outbox: network, passwords: passwords)
        engine.hooks = hooks
        hooks.restart(engine, [])
        for (room, max) in Ledger.seats {
            engine.create(NewRoom(title: room.text, max: max, password: Ledger.passwords[room], permanent: true), id: room, owner: nil) { _ in }
        }
        settle()
        engine.restore(Snapshot())
        // One room forgets all but its last events.
        if let room = engine.rooms["b"] { engine.keep(Retention(count: 8), of: room) }
        settle()
        let people = (0..<5).map {
            PersonRecord(id: PersonID("p\($0)"), name: "p\($0)", colorSeed: "\($0)", createdAt: clock.now.wall)
        }
        // One has two tabs in a room, another is in both rooms.
        for (number, (person, room)) in [(0, "a"), (0, "a"), (1, "a"), (1, "b"), (2, "a"), (3, "b"), (4, "a"), (4, "b")].enumerated() {
            clients.append(SimulatedClient(number, people[person], room: RoomID(room), ledger: ledger, limits: limits))
        }
        for client in clients { connect(client) }
        settle()
        // A room in every other simulation has an owner, who may do more.
        for (room, person, role) in [("a", "p0", seed % 2 == 0 ? Role.owner : .moderator), ("b", "p1", .moderator)] {
            engine.give(role, to: PersonID(person), in: RoomID(room), by: .console)
        }
        settle()
    }

    func note(_ line: @autoclosure () -> String) {
        if isTracing { trace.append("t=\(clock.now.uptime) " + line()) }
    }

    // MARK: Running

    /// Does so many steps, ends it all in peace, and returns the promise that was broken, if one was.
    func run(steps: Int) -> String? {
        for _ in 0..<steps {
            step()
            endTurn()
            check()
            if let violation = ledger.violation { return violation }
        }
        return ledger.violation ?? finish()
    }

    private func check() {
        ledger.checkStored()
        for (room, _) in Ledger.seats {
            let now = engine.rooms[room]?.members.count ?? 0
            let seats = ledger.rules.settings(room).max
            // A room that is made smaller sends nobody away.
            ledger.require(now <= max(seats, taken[room] ?? 0), "\(now) members have \(seats) seats in \(room)")
            taken[room] = now
        }
    }

    /// What the loop around the engine does at the end of each turn.
    func endTurn() {
        for id in network.ended { disconnect(id) }
        network.ended = []
        for index in passwords.asked.indices {
            if case .verify(let token, _) = passwords.asked[index], sabotage.strikes(.passwordsAcceptAnything) { passwords.asked[index] = .verify(token, true) }
        }
        passwords.deliver(to: engine)
        engine.runTimers()
        engine.finishTurn()
    }

    /// The server hears that a connection is gone, or has ended it: then what it said before still arrives.
    func disconnect(_ id: ConnectionID) {
        if let link = network.links.first(where: { $0.id == id }), link.isOpen {
            deliver(link, link.toClient.count)
            if link.client.link === link { link.client.disconnected() }
            link.isOpen = false
        }
        engine.disconnect(id)
        ledger.disconnects(id)
        ledger.require(!network.isAttachedAnywhere(id), "connection \(id.number) is gone and still listens")
        network.remove(id)
    }

    /// Lets everything happen that can happen without time going by.
    func settle() {
        repeat {
            endTurn()
            journal.deliver(to: engine)
            for link in network.links {
                let requests = link.toServer
                link.toServer = []
                for request in requests { handle(request, of: link) }
            }
            for link in network.links { deliver(link, link.toClient.count) }
        } while !journal.isIdle || !engine.isSettled || !passwords.asked.isEmpty || network.links.contains { !$0.toServer.isEmpty || !$0.toClient.isEmpty && $0.isOpen }
    }

    /// The next messages reach the client, unless that is gone.
    func deliver(_ link: Link, _ count: Int) {
        let messages = Array(link.toClient.prefix(count))
        link.toClient.removeFirst(messages.count)
        for message in messages where link.isOpen && link.client.link === link { link.client.receive(message) }
    }

    func advance(_ milliseconds: Int64) {
        let end = clock.now.uptime + milliseconds
        while let next = engine.nextTimer, next <= end {
            clock.advance(to: next)
            endTurn()
        }
        clock.advance(to: end)
    }

    // MARK: The end

    /// The disk, the network and the plugins are well again; whoever can comes in, everything is answered, and all leave.
    private func finish() -> String? {
        journal.failure = nil
        journal.isBad = { _ in false }
        journal.isUnreadable = false
        hooks.isCalm = true
        while !hooks.waiting.isEmpty { hooks.answerSome() }
        settle()
        for (id, _) in Ledger.seats {
            guard let room = engine.rooms[id] else { continue }
            engine.shield(room, seconds: 0)
            ledger.rules.shield(id, false)
            ledger.rules.ask(RoomChange(slow: 0, locked: false), id, name: "end")
            engine.change(room, RoomChange(slow: 0, locked: false), by: .console) { [self] _ in ledger.rules.answered(id, name: "end", isDone: true) }
        }
        for _ in 0..<4 {
            advance(20_000)
            settle()
            goOnErasing()
            decideAll()
            settle()
            for client in clients where client.place == .offline && !client.isErased { connect(client) }
            for client in clients where client.place == .outside { client.join() }
            for client in clients where client.place == .inside { for index in client.outbox.indices { client.sendAgain(index) } }
            settle()
        }
        for client in clients where client.place == .inside {
            let head = Int64(ledger.events(client.room).count)
            ledger.require(client.outbox.isEmpty, "client \(client.number) has \(client.outbox.count) messages that are never answered")
            ledger.require(client.position?.seq == head, "client \(client.number) has seen \(client.position?.seq ?? 0) of \(head)")
        }
        ledger.require(clients.contains { $0.place == .inside }, "nobody gets in any more")
        ledger.checkKicked()
        for client in clients where client.place == .inside { ledger.checkView(client.view, client.room, of: client.number) }
        for client in clients { ledger.require(client.place != .joining, "the join of client \(client.number) is never answered") }
        check()
        for link in network.links { disconnect(link.id) }
        advance(60_000)
        settle()
        check()
        ledger.checkEmpty()
        ledger.checkErased()
        ledger.checkMessages()
        ledger.checkAcknowledged()
        for room in engine.rooms.values {
            ledger.require(room.count == 0 && room.members.isEmpty, "room \(room.id) counts \(room.count) people and is empty")
        }
        return ledger.violation
    }
}
