import RoomEngine
import Testing

@Suite struct CommitTests {
    let world = World()
    init() { world.room("lounge") }

    @Test("nothing is shown or acknowledged before it is stored")
    func commitThenPublish() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        world.journal.isHeld = true
        let reference = ann.send(.chat(.init(room: "lounge", text: "hello")))
        world.settle()
        #expect(ann.answer(to: reference) == nil)
        #expect(bob.texts.isEmpty)
        world.journal.storeNext()
        #expect(bob.texts.isEmpty)
        world.journal.answerNext(to: world.engine)
        #expect(ann.answer(to: reference)?.seq == 3)
        #expect(bob.texts == ["hello"])
    }

    @Test("nobody sees a join, an exit, a name or a topic before it is stored")
    func everything() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        ann.clear()
        world.journal.isHeld = true
        world.visitor("cem").send(.join(.init(room: "lounge")))
        bob.send(.name("bobby"))
        bob.send(.exit("lounge"))
        world.engine.perform([.change("lounge", RoomChange(topic: "news"), by: .console)])
        world.advance(seconds: 1)
        #expect(ann.events.isEmpty)
        world.journal.isHeld = false
        world.settle()
        #expect(ann.events.count == 4 || ann.events.count == 3)
    }

    @Test("what cannot be stored is refused, nobody sees it, and no number is lost")
    func failure() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        world.journal.failure = "disk full"
        let refusal = ann.say("lost", in: "lounge", cid: "c1")?.refusal
        #expect(refusal?.code == .unavailable)
        #expect(refusal?.retryAfter != nil)
        #expect(bob.texts.isEmpty)
        world.journal.failure = nil
        #expect(ann.say("kept", in: "lounge")?.seq == 3)
        #expect(ann.say("lost", in: "lounge", cid: "c1")?.seq == 4)
        #expect(bob.texts == ["kept", "lost"])
        #expect(world.stored("lounge").map(\.seq) == [1, 2, 3, 4])
    }

    @Test("a message that could not be stored does not count for slow mode")
    func slowAfterFailure() {
        world.engine.perform([.change("lounge", RoomChange(slow: 60), by: .console)])
        let ann = world.member("ann", of: "lounge")
        world.journal.failure = "disk full"
        #expect(ann.say("hello", in: "lounge", cid: "c1")?.refusal?.code == .unavailable)
        world.journal.failure = nil
        #expect(ann.say("hello", in: "lounge", cid: "c1")?.isOK == true)
    }

    @Test("what comes while a batch is stored goes together in the next one")
    func groupCommit() {
        let ann = world.member("ann", of: "lounge")
        let before = world.journal.commits
        world.journal.isHeld = true
        for number in 1...100 {
            ann.send(.chat(.init(room: "lounge", text: "\(number)")))
            world.settle()
        }
        world.journal.isHeld = false
        world.settle()
        #expect(world.journal.commits - before == 2)
        #expect(ann.texts == (1...100).map(String.init))
    }

    @Test("a batch takes whole turns, until it is large enough; while it may not begin, nothing is stored")
    func batches() {
        let world = World { $0.batch = 3 }
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let before = ann.texts.count
        world.journal.isHeld = true
        for turn in 1...5 {
            for part in ["a", "b"] { ann.send(.chat(.init(room: "lounge", text: "\(turn)\(part)"))) }
            world.engine.finishTurn(mayStore: false)
        }
        #expect(world.journal.isIdle && !world.engine.isSettled)
        var sizes: [Int] = []
        while !world.engine.isSettled {
            world.engine.finishTurn()
            sizes += world.journal.unstored.map(\.units.count)
            world.journal.storeNext()
            world.journal.answerNext(to: world.engine)
        }
        #expect(sizes == [4, 4, 2])
        #expect(ann.texts.dropFirst(before) == ["1a", "1b", "2a", "2b", "3a", "3b", "4a", "4b", "5a", "5b"])
    }

    @Test("an exit that cannot be stored is stored later, and seen then")
    func exitOnFullDisk() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        world.journal.failure = "disk full"
        bob.send(.exit("lounge"))
        world.advance(seconds: 3)
        #expect(ann.events.last?.movement == "join bob")
        world.journal.failure = nil
        world.advance(seconds: 3)
        #expect(ann.events.last?.movement == "exit bob left")
        #expect(world.journal.contents.present.count == 1)
    }

    @Test("what could not be stored has its turn again also where something is always being stored")
    func lateAmongOthers() {
        world.room("garden")
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "garden")
        world.journal.failure = "disk full"
        ann.send(.exit("lounge"))
        world.settle()
        world.journal.failure = nil
        for _ in 1...5 {
            world.journal.isHeld = true
            bob.say("still here", in: "garden")
            world.advance(seconds: 1)
            world.journal.isHeld = false
            world.settle()
        }
        #expect(world.stored("lounge").last?.movement == "exit ann left")
    }

    @Test("of a value that changes again and again while nothing can be stored only the last waits")
    func lateValues() {
        world.journal.failure = "disk full"
        for number in 1...100 {
            let changes = ["seen", "other"].map { StoreChange(plugin: "count", scope: "", key: $0, value: "\(number)") }
            world.engine.perform(changes.map(Effect.store))
            world.engine.perform([.schedule(ScheduleChange(plugin: "count", key: "later", schedule: Schedule(event: "e", at: Int64(number), data: "{}")))])
            world.advance(seconds: 0.3)
        }
        world.journal.failure = nil
        world.journal.isHeld = true
        world.advance(seconds: 2)
        #expect(world.journal.unstored.flatMap(\.units).count == 3)
        world.journal.isHeld = false
        world.settle()
        #expect(world.journal.contents.stores.values.map(\.value) == ["100", "100"])
        #expect(world.journal.contents.schedules.values.map(\.schedule?.at) == [100])
    }

    @Test("a message is stored with what plugins have noted down about it, or not at all; and an older note never replaces a newer one")
    func values() {
        let ann = world.member("ann", of: "lounge")
        let engine = world.engine
        var seen = 0
        world.hooks.rule = { event in
            if event.kind == .chat {
                seen += 1
                engine.perform([.store(StoreChange(plugin: "count", scope: "", key: "n", value: "\(seen)"))])
            }
            return Decision(.pass)
        }
        var kept: String? { world.journal.contents.stores.values.first?.value }
        #expect(ann.say("1", in: "lounge")?.isOK == true)
        #expect(kept == "1")

        world.journal.isBad = { $0.contains { if case .store = $0 { true } else { false } } }
        #expect(ann.say("2", in: "lounge")?.refusal?.code == .unavailable)
        // The disk has room again, and the note still waits.
        world.journal.isBad = { _ in false }
        #expect(ann.say("3", in: "lounge")?.refusal?.code == .unavailable)
        #expect(kept == "1")
        world.advance(seconds: 1)
        #expect(kept == "3")
        #expect(ann.say("4", in: "lounge")?.isOK == true)
        #expect(kept == "4")
        #expect(ann.texts == ["1", "4"])

        // The message fails, and the note goes by itself.
        world.journal.isBad = { $0.contains { if case .event = $0 { true } else { false } } }
        #expect(ann.say("5", in: "lounge")?.refusal?.code == .unavailable)
        world.advance(seconds: 1)
        #expect(kept == "5")
    }

    @Test("plugins are not asked about messages that cannot be stored")
    func nothingToThinkAbout() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        world.journal.failure = "disk full"
        ann.send(.exit("lounge"))
        world.settle()
        var asked = 0
        world.hooks.rule = { event in
            if case .chat = event.payload { asked += 1 }
            return Decision(.pass)
        }
        for _ in 1...3 { #expect(bob.say("hello?", in: "lounge")?.refusal?.code == .unavailable) }
        #expect(asked == 0)
        world.journal.failure = nil
        world.advance(seconds: 2)
        #expect(bob.say("hello?", in: "lounge")?.isOK == true && asked == 1)
    }

    @Test("what must be stored is stored in the order it happened, however often it fails")
    func orderOverFailures() {
        let ann = world.member("ann", of: "lounge")
        world.journal.failure = "disk full"
        world.engine.restrict(.mute, ann.id, in: "lounge", seconds: nil, reason: "", by: "console")
        world.settle()
        world.journal.failure = nil
        world.engine.lift(.mute, ann.id, in: "lounge", by: "console")
        world.advance(seconds: 5)
        #expect(world.journal.contents.restrictions.isEmpty)
    }

    @Test("what is stored late of a room that is gone leaves nothing behind")
    func removedWhileFailing() {
        let ann = world.visitor("ann", isAdmin: true)
        ann.join("lounge")
        world.journal.failure = "disk full"
        ann.send(.exit("lounge"))
        world.settle()
        world.journal.failure = nil
        ann.send(.remove("lounge"))
        world.advance(seconds: 5)
        #expect(world.journal.contents.rooms.isEmpty)
        #expect(world.journal.contents.present.isEmpty)
    }

    @Test("who waits for a join that fails does not speak meanwhile")
    func speakBeforeTheJoin() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.visitor("bob")
        world.journal.isHeld = true
        let join = bob.send(.join(.init(room: "lounge")))
        world.settle()
        let chat = bob.send(.chat(.init(room: "lounge", text: "first!")))
        world.settle()
        world.journal.failure = "disk full"
        world.journal.storeNext()
        world.journal.failure = nil
        world.journal.isHeld = false
        world.settle()
        #expect(bob.answer(to: join)?.refusal?.code == .unavailable)
        #expect(bob.answer(to: chat)?.refusal != nil)
        #expect(ann.texts.isEmpty)
    }

    @Test("who speaks right after asking to join is heard after the join")
    func pipelined() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.visitor("bob")
        bob.send(.join(.init(room: "lounge")))
        bob.send(.chat(.init(room: "lounge", text: "hi", cid: "c1")))
        world.settle()
        #expect(ann.events.compactMap { $0.movement ?? $0.text } == ["join ann", "join bob", "hi"])
        #expect(bob.texts == ["hi"])
    }
}
