import RoomEngine
import Testing

@Suite struct RetryTests {
    let world = World()
    init() { world.room("lounge") }

    @Test("the same cid is the same message: the same answer, and nobody sees it twice")
    func twice() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        #expect(ann.say("hello", in: "lounge", cid: "c1")?.seq == 3)
        #expect(ann.say("hello", in: "lounge", cid: "c1")?.seq == 3)
        #expect(bob.texts == ["hello"])
    }

    @Test("cids are each person's own")
    func own() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        ann.say("from ann", in: "lounge", cid: "c1")
        bob.say("from bob", in: "lounge", cid: "c1")
        #expect(ann.texts == ["from ann", "from bob"])
    }

    @Test("a retry over a new connection is answered with the first number")
    func reconnected() {
        let ann = world.member("ann", of: "lounge")
        ann.say("hello", in: "lounge", cid: "c1")
        ann.disconnect()
        let again = ann.anotherTab()
        again.join("lounge")
        #expect(again.say("hello", in: "lounge", cid: "c1")?.seq == 2)
        #expect(world.stored("lounge").compactMap(\.text) == ["hello"])
    }

    @Test("a retry before the first is stored is answered when that is", arguments: [false, true])
    func uncommitted(reconnects: Bool) {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        let other = ann.anotherTab()
        other.join("lounge")
        world.journal.isHeld = true
        ann.send(.chat(.init(room: "lounge", text: "hello", cid: "c1")))
        world.settle()
        if reconnects { ann.disconnect() }
        let second = (reconnects ? other : ann).send(.chat(.init(room: "lounge", text: "hello", cid: "c1")))
        world.settle()
        #expect((reconnects ? other : ann).answer(to: second) == nil)
        world.journal.isHeld = false
        world.settle()
        #expect((reconnects ? other : ann).answer(to: second)?.seq == 3)
        #expect(bob.texts == ["hello"])
    }

    @Test("a retry while plugins decide is one message")
    func undecided() {
        let ann = world.member("ann", of: "lounge")
        world.hooks.rule = { $0.kind == .chat ? nil : Decision(.pass) }
        let references = (1...3).map { _ in ann.send(.chat(.init(room: "lounge", text: "hello", cid: "c1"))) }
        world.settle()
        #expect(world.hooks.waiting.count == 1)
        world.hooks.answer()
        world.settle()
        #expect(references.map { ann.answer(to: $0)?.seq } == [2, 2, 2])
        #expect(references.allSatisfy { ann.answers(to: $0).count == 1 })
        #expect(ann.texts == ["hello"])
    }

    @Test("a retry after a refusal is a new try")
    func refused() {
        let ann = world.member("ann", of: "lounge")
        world.hooks.rule = { $0.kind == .chat ? Decision(.drop(Refusal(.refused, "No."), silent: false)) : Decision(.pass) }
        #expect(ann.say("hello", in: "lounge", cid: "c1")?.refusal?.code == .refused)
        world.hooks.rule = { _ in Decision(.pass) }
        #expect(ann.say("hello", in: "lounge", cid: "c1")?.seq == 2)
        #expect(ann.texts == ["hello"])
    }

    @Test("a retry of a message that has long left memory is still the same message")
    func old() {
        let world = World { $0.recentEvents = 4 }
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        ann.say("first", in: "lounge", cid: "c1")
        for number in 1...10 { ann.say("\(number)", in: "lounge") }
        #expect(ann.say("first", in: "lounge", cid: "c1")?.seq == 2)
        #expect(ann.texts.filter { $0 == "first" }.count == 1)
    }

    @Test("a retry after the server's death is still the same message")
    func restarted() {
        let ann = world.member("ann", of: "lounge")
        ann.say("hello", in: "lounge", cid: "c1")
        world.restart()
        let again = ann.anotherTab()
        again.join("lounge")
        #expect(again.say("hello", in: "lounge", cid: "c1")?.seq == 2)
        #expect(world.stored("lounge").compactMap(\.text) == ["hello"])
    }

    @Test("a retry is free: it takes nothing from the rate")
    func free() {
        let world = World { ($0.burst, $0.rate) = (1, 0.1) }
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        #expect(ann.say("hello", in: "lounge", cid: "c1")?.isOK == true)
        #expect(ann.say("hello", in: "lounge", cid: "c1")?.isOK == true)
        #expect(ann.say("more", in: "lounge", cid: "c2")?.refusal?.code == .rate)
    }

    @Test("a retry of a whisper is not whispered again, and one of a command is not carried out again")
    func notEvents() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        var count = 0
        world.hooks.command = { _ in
            count += 1
            return (nil, [])
        }
        for _ in 1...2 {
            #expect(ann.ask(.whisper(room: "lounge", to: bob.id, text: "psst", cid: "w1"))?.isOK == true)
            #expect(ann.say("/roll", in: "lounge", cid: "r1")?.isOK == true)
        }
        #expect(bob.whispers.count == 1)
        #expect(count == 1)
    }

    @Test("a message that is sent again after its author has left is acknowledged as it was, however long ago that is")
    func left() {
        let world = World { $0.recentEvents = 4 }
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        let seq = ann.say("once", in: "lounge", cid: "c1")?.seq
        ann.ask(.exit("lounge"))
        #expect(seq != nil && ann.say("once", in: "lounge", cid: "c1")?.seq == seq)
        for number in 1...6 { bob.say("\(number)", in: "lounge") }
        #expect(ann.say("once", in: "lounge", cid: "c1")?.seq == seq)
        #expect(ann.say("never", in: "lounge", cid: "c2")?.refusal?.code == .notMember)
        world.journal.isUnreadable = true
        #expect(ann.say("once", in: "lounge", cid: "c1")?.refusal?.code == .unavailable, "not knowing is no reason to give it up")
        #expect(bob.texts.filter { $0 == "once" }.count == 1)
    }
}
