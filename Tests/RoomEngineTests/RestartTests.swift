import RoomEngine
import Testing

@Suite struct RestartTests {
    let world = World()

    @Test("rooms are as they were, and their numbers go on")
    func rooms() throws {
        world.room("vault", max: 7, password: "sesame")
        world.engine.perform([.change("vault", RoomChange(topic: "gold", slow: 3), by: .console)])
        let ann = world.visitor("ann")
        ann.join("vault", password: "sesame")
        ann.say("hello", in: "vault")
        let before = try #require(world.engine.rooms["vault"]).record
        let head = world.stored("vault").count
        world.restart()
        #expect(world.engine.rooms["vault"]?.record == before)
        let again = ann.anotherTab()
        #expect(again.join("vault", password: "wrong")?.refusal?.code == .wrongPassword)
        let joined = try #require(again.join("vault", password: "sesame")?.joined)
        #expect(joined.epoch == before.epoch)
        #expect(world.stored("vault").map(\.seq) == Array(1...Int64(head + 2)))
    }

    @Test("who was there exits by the crash, once, and can come back and miss nothing")
    func presence() throws {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        ann.say("hello", in: "lounge")
        let position = try #require(bob.position)
        world.restart()
        world.advance(seconds: 60)
        let movements = world.stored("lounge").compactMap(\.movement)
        #expect(movements.prefix(2) == ["join ann", "join bob"])
        #expect(Set(movements.dropFirst(2)) == ["exit ann crash", "exit bob crash"])
        #expect(world.journal.contents.present.isEmpty)
        #expect(world.engine.rooms["lounge"]?.count == 0)
        let joined = try #require(bob.anotherTab().join("lounge", seen: position)?.joined)
        #expect(!joined.reset)
        #expect(joined.events.compactMap(\.movement) == movements.dropFirst(2) + ["join bob"])
    }

    @Test("a crowd that comes to a room in which nobody was has its history read once")
    func crowd() {
        world.room("hall", max: 100)
        world.member("ann", of: "hall").say("hello", in: "hall")
        world.restart()
        world.advance(seconds: 60)
        let before = world.journal.findCount
        let crowd = (1...20).map { world.visitor("visitor \($0)") }
        let joins = crowd.map { $0.send(.join(.init(room: "hall"))) }
        world.settle()
        for (person, join) in zip(crowd, joins) {
            #expect(person.answer(to: join)?.joined?.events.contains { $0.text == "hello" } == true)
        }
        #expect(world.journal.findCount == before + 1)
    }

    @Test("exits by a crash that cannot be stored at once are stored before anybody comes back in")
    func fullDisk() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        world.journal.failure = "disk full"
        world.restart()
        world.journal.failure = nil
        let again = ann.anotherTab()
        again.join("lounge")
        world.advance(seconds: 5)
        again.join("lounge")
        world.advance(seconds: 5)
        #expect(world.stored("lounge").compactMap(\.movement) == ["join ann", "exit ann crash", "join ann"])
        #expect(world.journal.contents.present.count == 1)
    }

    @Test("bans and mutes survive, and so does their time")
    func restrictions() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        let cem = world.member("cem", of: "lounge")
        world.engine.restrict(.ban, ann.id, in: "lounge", seconds: nil, reason: "", by: "console")
        world.engine.restrict(.mute, bob.id, in: "lounge", seconds: 100, reason: "", by: "console")
        world.engine.kick(cem.id, from: "lounge", reason: "", by: "console")
        world.settle()
        world.restart()
        #expect(ann.anotherTab().join("lounge")?.refusal?.code == .banned)
        #expect(cem.anotherTab().join("lounge")?.refusal?.code == .banned)
        let bobAgain = bob.anotherTab()
        bobAgain.join("lounge")
        #expect(bobAgain.say("hello", in: "lounge")?.refusal?.code == .muted)
        world.advance(seconds: 100)
        #expect(bobAgain.say("hello", in: "lounge")?.isOK == true)
        #expect(cem.anotherTab().join("lounge")?.joined != nil)
        #expect(ann.anotherTab().join("lounge")?.refusal?.code == .banned)
    }

    @Test("what was acknowledged is there; what was not stored is nowhere")
    func acknowledged() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        #expect(ann.say("kept", in: "lounge", cid: "c1")?.isOK == true)
        world.journal.isHeld = true
        let reference = ann.send(.chat(.init(room: "lounge", text: "lost", cid: "c2")))
        world.settle()
        #expect(ann.answer(to: reference) == nil)
        world.journal.isHeld = false
        world.restart()
        #expect(world.stored("lounge").compactMap(\.text) == ["kept"])
        let again = ann.anotherTab()
        again.join("lounge")
        #expect(again.say("lost", in: "lounge", cid: "c2")?.isOK == true)
        #expect(world.stored("lounge").compactMap(\.text) == ["kept", "lost"])
    }

    @Test("what was stored and not acknowledged is acknowledged to the retry")
    func storedUnanswered() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        world.journal.isHeld = true
        ann.send(.chat(.init(room: "lounge", text: "hello", cid: "c1")))
        world.settle()
        world.journal.storeNext()
        world.journal.isHeld = false
        world.restart()
        let again = ann.anotherTab()
        again.join("lounge")
        #expect(again.say("hello", in: "lounge", cid: "c1")?.seq == 2)
        #expect(again.texts == ["hello"])
    }

    @Test("a person's empty room goes after the grace also when the server started anew")
    func emptyRoom() {
        let ann = world.visitor("ann")
        ann.ask(.create(NewRoom(title: "Ann's")))
        world.restart()
        #expect(world.engine.rooms.count == 1)
        world.advance(seconds: 600)
        #expect(world.engine.rooms.isEmpty)
        #expect(world.journal.contents.rooms.isEmpty)
    }

    @Test("the page a newcomer gets after a restart is the room's last one")
    func page() throws {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        for number in 1...5 { ann.say("\(number)", in: "lounge") }
        world.restart()
        let joined = try #require(world.visitor("bob").join("lounge")?.joined)
        #expect(joined.events.map(\.seq) == Array(1...8))
        #expect(joined.events.compactMap(\.text) == ["1", "2", "3", "4", "5"])
    }

    @Test("the same calls give the same order in every process: members by when they came")
    func deterministic() throws {
        world.room("lounge", max: 100)
        let names = (1...40).map { "m\($0)" }
        for name in names { _ = world.member(name, of: "lounge") }
        let joined = try #require(world.visitor("last").join("lounge")?.joined)
        #expect(joined.members.map(\.name) == ["last"] + names)
        world.engine.drain(reason: "", retryAfter: 1)
        world.settle()
        #expect(world.stored("lounge").compactMap(\.movement).suffix(41) == (names + ["last"]).map { "exit \($0) shutdown" })
    }
}
