import RoomEngine
import Testing

@Suite struct ExitTests {
    let world = World()
    init() { world.room("lounge") }

    private var movements: [String] { world.stored("lounge").compactMap(\.movement) }

    @Test("who leaves is answered and the others hear of it")
    func exit() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        #expect(bob.ask(.exit("lounge"))?.isOK == true)
        #expect(ann.events.last?.movement == "exit bob left")
        #expect(ann.events.last?.count == 1)
        #expect(bob.say("still here?", in: "lounge")?.refusal?.code == .notMember)
    }

    @Test("only members can leave")
    func stranger() {
        #expect(world.visitor("ann").ask(.exit("lounge"))?.refusal?.code == .notMember)
        #expect(movements.isEmpty)
    }

    @Test("two tabs are one member, and one of them closing is not an exit")
    func tabs() {
        let ann = world.member("ann", of: "lounge")
        let tab = ann.anotherTab()
        #expect(tab.join("lounge")?.joined?.room.count == 1)
        ann.disconnect()
        world.advance(seconds: 60)
        #expect(movements == ["join ann"])
        #expect(tab.say("hi", in: "lounge")?.isOK == true)
    }

    @Test("leaving in one tab leaves in all, and the others are told")
    func leaveEverywhere() {
        let ann = world.member("ann", of: "lounge")
        let tab = ann.anotherTab()
        tab.join("lounge")
        ann.ask(.exit("lounge"))
        #expect(movements == ["join ann", "exit ann left"])
        #expect(tab.events.last?.movement == "exit ann left")
        tab.clear()
        world.member("bob", of: "lounge").say("anyone?", in: "lounge")
        #expect(tab.texts.isEmpty)
    }

    @Test("who comes back within the grace was never gone")
    func resume() throws {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        let position = try #require(bob.position)
        bob.disconnect()
        world.advance(seconds: 14.9)
        ann.say("hello?", in: "lounge")
        let joined = try #require(bob.anotherTab().join("lounge", seen: position)?.joined)
        world.advance(seconds: 60)
        #expect(joined.events.compactMap(\.text) == ["hello?"])
        #expect(!joined.reset)
        #expect(movements == ["join ann", "join bob"])
    }

    @Test("who does not come back within the grace exits once")
    func timeout() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        bob.disconnect()
        world.advance(seconds: 14.9)
        #expect(ann.events.last?.movement == "join bob")
        world.advance(seconds: 0.2)
        #expect(ann.events.last?.movement == "exit bob timeout")
        world.advance(seconds: 60)
        #expect(movements == ["join ann", "join bob", "exit bob timeout"])
    }

    @Test("a seat kept for somebody is not given away")
    func keptSeat() {
        world.room("pair", max: 2)
        let ann = world.member("ann", of: "pair")
        _ = world.member("bob", of: "pair")
        ann.disconnect()
        let cem = world.visitor("cem")
        #expect(cem.join("pair")?.refusal?.code == .full)
        world.advance(seconds: 16)
        #expect(cem.join("pair")?.joined != nil)
    }

    @Test("exiting by several causes at once happens once")
    func once() {
        world.room("stage")
        _ = world.member("cem", of: "stage")
        let ann = world.member("ann", of: "stage")
        world.hooks.rule = { $0.kind == .chat ? nil : Decision(.pass) }
        ann.send(.chat(.init(room: "stage", text: "wait")))
        world.engine.kick(ann.id, from: "stage", reason: "", by: "console")
        world.engine.restrict(.ban, ann.id, in: "stage", seconds: nil, reason: "", by: "console")
        ann.send(.exit("stage"))
        ann.disconnect()
        world.hooks.answer()
        world.advance(seconds: 60)
        #expect(world.stored("stage").compactMap(\.movement).filter { $0.hasPrefix("exit") }.count == 1)
    }

    @Test("who joins and leaves before the join is stored was there and is gone")
    func beforeTheCommit() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.visitor("bob")
        world.journal.isHeld = true
        bob.send(.join(.init(room: "lounge")))
        world.settle()
        bob.send(.exit("lounge"))
        world.settle()
        world.journal.isHeld = false
        world.settle()
        #expect(movements == ["join ann", "join bob", "exit bob left"])
        #expect(ann.events.compactMap(\.count) == [1, 2, 1])
        #expect(world.engine.rooms["lounge"]?.count == 1)
    }

    @Test("who leaves while the join fails to be stored was never there")
    func failedJoin() {
        let bob = world.visitor("bob")
        world.journal.isHeld = true
        bob.send(.join(.init(room: "lounge")))
        world.settle()
        bob.send(.exit("lounge"))
        world.settle()
        world.journal.failure = "disk full"
        world.journal.storeNext()
        world.journal.failure = nil
        world.journal.isHeld = false
        world.settle()
        #expect(movements.isEmpty)
        #expect(world.engine.rooms["lounge"]?.members.isEmpty == true)
    }

    @Test("coming back before the exit is stored keeps joins and exits in pairs")
    func backBeforeTheExitIsStored() {
        let ann = world.member("ann", of: "lounge")
        world.journal.failure = "disk full"
        ann.send(.exit("lounge"))
        world.settle()
        world.journal.failure = nil
        ann.join("lounge")
        world.advance(seconds: 5)
        ann.join("lounge")
        world.advance(seconds: 5)
        #expect(movements == ["join ann", "exit ann left", "join ann"])
        #expect(world.journal.contents.present.count == 1)
    }

    @Test("people are told when the server ends, and leave in pairs with their joins")
    func drain() {
        let ann = world.member("ann", of: "lounge")
        world.engine.drain(reason: "The server restarts.", retryAfter: 2)
        world.settle()
        #expect(ann.bye?.code == .draining)
        #expect(ann.bye?.retryAfter == 2)
        #expect(movements == ["join ann", "exit ann shutdown"])
        #expect(world.visitor("bob").join("lounge")?.refusal?.code == .unavailable)
    }
}
