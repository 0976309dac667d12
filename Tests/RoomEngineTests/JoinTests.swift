import RoomEngine
import Testing

@Suite struct JoinTests {
    let world = World()

    @Test("who joins sees the room, themselves and their own join")
    func join() throws {
        world.room("lounge", max: 4)
        let ann = world.visitor("ann")
        let joined = try #require(ann.join("lounge")?.joined)
        #expect(joined.room.count == 1)
        #expect(joined.you.name == "ann")
        #expect(joined.members.map(\.name) == ["ann"])
        #expect(joined.events.compactMap(\.movement) == ["join ann"])
        #expect(joined.seq == 1)
        #expect(!joined.reset && !joined.more)
    }

    @Test("everyone hears of a join once, whoever joins as well")
    func announced() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        #expect(ann.events.compactMap(\.movement) == ["join ann", "join bob"])
        #expect(bob.events.compactMap(\.movement) == ["join ann", "join bob"])
        #expect(ann.events.compactMap(\.count) == [1, 2])
    }

    @Test("there is no way into a room that does not exist")
    func missing() {
        #expect(world.visitor("ann").join("nowhere")?.refusal?.code == .notFound)
    }

    @Test("a full room seats nobody more, until somebody leaves")
    func full() {
        world.room("lounge", max: 2)
        let ann = world.member("ann", of: "lounge")
        world.member("bob", of: "lounge").clear()
        let cem = world.visitor("cem")
        #expect(cem.join("lounge")?.refusal?.code == .full)
        ann.ask(.exit("lounge"))
        #expect(cem.join("lounge")?.joined != nil)
    }

    @Test("1,000 simultaneous joins seat exactly as many as there are seats")
    func crowd() {
        world.room("lounge", max: 10)
        expectTenSeats { client in client.send(.join(.init(room: "lounge"))) }
    }

    @Test("1,000 joins seat exactly ten also when plugins take their time to decide")
    func crowdWithSlowPlugins() {
        world.room("lounge", max: 10)
        world.hooks.rule = { $0.kind == .join ? nil : Decision(.pass) }
        expectTenSeats { client in client.send(.join(.init(room: "lounge"))) }
    }

    @Test("1,000 joins seat exactly ten also when their passwords take time to check")
    func crowdWithPasswords() {
        world.room("lounge", max: 10, password: "sesame")
        world.passwords.isHeld = true
        expectTenSeats { client in client.send(.join(.init(room: "lounge", password: "sesame"))) }
    }

    @Test("1,000 joins seat exactly ten also when nothing is stored yet")
    func crowdBeforeTheCommit() {
        world.room("lounge", max: 10)
        world.journal.isHeld = true
        expectTenSeats { client in client.send(.join(.init(room: "lounge"))) }
    }

    private func expectTenSeats(_ join: (Client) -> Reference) {
        let crowd = (1...1_000).map { world.visitor("v\($0)") }
        let asked = crowd.map { ($0, join($0)) }
        world.settle()
        world.journal.isHeld = false
        world.passwords.isHeld = false
        world.settle()
        while !world.hooks.waiting.isEmpty {
            world.hooks.answer()
            world.settle()
        }
        let answers = asked.compactMap { client, reference in client.answer(to: reference) }
        #expect(answers.count == 1_000)
        #expect(answers.compactMap(\.joined).count == 10)
        #expect(answers.filter { $0.refusal?.code == .full }.count == 990)
        #expect(world.engine.rooms["lounge"]?.count == 10)
        #expect(world.stored("lounge").map(\.count) == (1...10).map(Optional.some))
    }

    @Test("a seat whose join cannot be stored is free again")
    func unstored() {
        world.room("lounge", max: 2)
        let ann = world.visitor("ann")
        world.journal.failure = "disk full"
        #expect(ann.join("lounge")?.refusal?.code == .unavailable)
        #expect(world.engine.rooms["lounge"]?.members.isEmpty == true)
        world.journal.failure = nil
        #expect(ann.join("lounge")?.joined?.seq == 1)
    }

    @Test("the counts that events say are those after each event, also when several come at once")
    func counts() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let others = ["bob", "cem", "dan"].map { world.visitor($0) }
        world.journal.isHeld = true
        for other in others { other.send(.join(.init(room: "lounge"))) }
        others[0].send(.exit("lounge"))
        world.journal.isHeld = false
        world.settle()
        #expect(ann.events.compactMap(\.count) == [1, 2, 3, 4, 3])
        #expect(world.stored("lounge").compactMap(\.count) == [1, 2, 3, 4, 3])
        #expect(world.engine.rooms["lounge"]?.count == 3)
    }
}

@Suite struct PasswordTests {
    let world = World()

    @Test("a password room opens for the right password alone")
    func password() {
        world.room("vault", password: "sesame")
        let ann = world.visitor("ann")
        #expect(ann.join("vault")?.refusal?.code == .wrongPassword)
        #expect(ann.join("vault", password: "please")?.refusal?.code == .wrongPassword)
        #expect(ann.join("vault", password: "sesame")?.joined != nil)
    }

    @Test("after five attempts a minute has to pass, even for the right password")
    func attempts() throws {
        world.room("vault", password: "sesame")
        let ann = world.visitor("ann")
        for _ in 1...5 { #expect(ann.join("vault", password: "guess")?.refusal?.code == .wrongPassword) }
        let refusal = try #require(ann.join("vault", password: "sesame")?.refusal)
        #expect(refusal.code == .rate)
        let wait = try #require(refusal.retryAfter)
        world.advance(seconds: wait)
        #expect(ann.join("vault", password: "sesame")?.joined != nil)
    }

    @Test("attempts are counted by address too, so new people do not bring new attempts")
    func address() {
        world.room("vault", password: "sesame")
        for number in 1...5 { world.visitor("p\(number)", address: "here").join("vault", password: "guess") }
        #expect(world.visitor("p6", address: "here").join("vault", password: "guess")?.refusal?.code == .rate)
        #expect(world.visitor("p7", address: "there").join("vault", password: "sesame")?.joined != nil)
    }

    @Test("members are not asked for the password again")
    func member() {
        world.room("vault", password: "sesame")
        let ann = world.visitor("ann")
        ann.join("vault", password: "sesame")
        #expect(ann.anotherTab().join("vault")?.joined != nil)
    }

    @Test("the owner made the room and needs no password")
    func owner() throws {
        let ann = world.visitor("ann")
        ann.ask(.create(NewRoom(title: "Ann's", password: "sesame")))
        let id = try #require(world.engine.rooms.keys.first)
        #expect(ann.join(id)?.joined?.you.role == .owner)
    }

    @Test("who is gone when the password turns out right gets no seat")
    func gone() {
        world.room("vault", password: "sesame")
        let ann = world.visitor("ann")
        world.passwords.isHeld = true
        ann.send(.join(.init(room: "vault", password: "sesame")))
        ann.disconnect()
        world.passwords.isHeld = false
        world.settle()
        #expect(world.engine.rooms["vault"]?.members.isEmpty == true)
        #expect(world.stored("vault").isEmpty)
    }

    @Test("who leaves and comes again in one burst, while a plugin thinks, is asked for the password", arguments: [nil, "sesame"])
    func burst(password: String?) throws {
        world.room("vault", password: "sesame")
        let ann = world.visitor("ann")
        ann.join("vault", password: "sesame")
        try whileAPluginThinks(about: ann) {
            ann.send(.exit("vault"))
            let join = ann.send(.join(.init(room: "vault", password: password)))
            return {
                #expect((ann.answer(to: join)?.refusal?.code == .wrongPassword) == (password == nil))
                #expect((world.engine.rooms["vault"]?.members[ann.id] != nil) == (password != nil))
            }
        }
    }

    @Test("who leaves just before another of their connections comes back does not get a new seat by it")
    func comesBackTooLate() throws {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        try whileAPluginThinks(about: ann, in: "lounge") {
            ann.send(.exit("lounge"))
            ann.anotherTab().send(.comeBack)
            return { #expect(world.stored("lounge").compactMap(\.movement) == ["join ann", "exit ann left"]) }
        }
    }

    @Test("who listens on while their exit waits is not let in again by it")
    func listensOn() throws {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let position = ann.position
        try whileAPluginThinks(about: ann, in: "lounge") {
            ann.send(.exit("lounge"))
            let join = ann.send(.join(.init(room: "lounge", seen: position, isImplied: true)))
            return { #expect(ann.answer(to: join)?.refusal?.code == .notMember) }
        }
    }

    /// What `steps` asks for waits behind a message that a plugin thinks about. What it returns is done when everything is decided.
    private func whileAPluginThinks(about member: Client, in room: RoomID = "vault", _ steps: () -> () -> Void) throws {
        world.hooks.rule = { if case .chat = $0.payload { nil } else { Decision(.pass) } }
        member.send(.chat(.init(room: room, text: "hm")))
        world.settle()
        let check = steps()
        world.settle()
        try #require(world.hooks.waiting.count == 1)
        world.hooks.answer()
        world.settle()
        check()
    }
}
