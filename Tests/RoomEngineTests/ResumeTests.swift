import RoomEngine
import Testing

@Suite struct ResumeTests {
    let world = World { ($0.pageEvents, $0.recentEvents, $0.resumeEvents) = (5, 8, 20) }
    let ann: Client
    let bob: Client

    init() {
        world.room("lounge")
        ann = world.member("ann", of: "lounge")
        bob = world.member("bob", of: "lounge")
    }

    private func speak(_ count: Int) {
        for number in 0..<count { ann.say("\(number)", in: "lounge") }
    }

    @Test("who resumes gets exactly what was missed", arguments: [0, 1, 5, 8, 9, 19, 20])
    func exactly(missed: Int) throws {
        let position = try #require(bob.position)
        bob.disconnect()
        speak(missed)
        let joined = try #require(bob.anotherTab().join("lounge", seen: position)?.joined)
        #expect(!joined.reset)
        #expect(joined.events.map(\.seq) == (0..<missed).map { position.seq + 1 + Int64($0) })
        #expect(joined.seq == position.seq + Int64(missed))
    }

    @Test("with a longer gap there is an honest reset with the latest page")
    func gap() throws {
        let position = try #require(bob.position)
        bob.disconnect()
        speak(21)
        let joined = try #require(bob.anotherTab().join("lounge", seen: position)?.joined)
        #expect(joined.reset)
        #expect(joined.more)
        #expect(joined.events.map(\.seq) == [19, 20, 21, 22, 23])
    }

    @Test("another epoch is another sequence: reset", arguments: ["another", ""])
    func epoch(epoch: String) throws {
        let joined = try #require(bob.anotherTab().join("lounge", seen: Position(epoch: epoch, seq: 1))?.joined)
        #expect(joined.reset)
        #expect(joined.events.last?.seq == joined.seq)
    }

    @Test("a position that the room has not reached is none of it: reset", arguments: [3, 1_000, Int64.max])
    func future(seq: Int64) throws {
        let epoch = try #require(bob.position?.epoch)
        let joined = try #require(bob.anotherTab().join("lounge", seen: Position(epoch: epoch, seq: seq))?.joined)
        #expect(joined.reset)
        #expect(joined.seq == 2)
    }

    @Test("a position before the beginning does no harm", arguments: [0, -1, -1_000, Int64.min])
    func negative(seq: Int64) throws {
        speak(20)
        let epoch = try #require(bob.position?.epoch)
        let joined = try #require(bob.anotherTab().join("lounge", seen: Position(epoch: epoch, seq: seq))?.joined)
        #expect(joined.events.last?.seq == joined.seq)
    }

    @Test("what happens while the missed events are read is neither lost nor doubled")
    func duringTheLookup() throws {
        let position = try #require(bob.position)
        bob.disconnect()
        speak(12)
        let tab = bob.anotherTab()
        world.journal.isHeld = true
        let reference = tab.send(.join(.init(room: "lounge", seen: position)))
        world.settle()
        #expect(tab.answer(to: reference) == nil)
        ann.send(.chat(.init(room: "lounge", text: "meanwhile")))
        world.settle()
        world.journal.storeNext()
        world.journal.answerNext(to: world.engine)
        world.journal.isHeld = false
        world.settle()
        ann.say("after", in: "lounge")
        #expect(tab.events.map(\.seq) == Array(3...16))
        #expect(Array(tab.texts.suffix(2)) == ["meanwhile", "after"])
    }

    @Test("an event that the lookup finds before its commit is answered comes once")
    func lookupAhead() throws {
        let position = try #require(bob.position)
        bob.disconnect()
        speak(12)
        let tab = bob.anotherTab()
        world.journal.isHeld = true
        tab.send(.join(.init(room: "lounge", seen: position)))
        ann.send(.chat(.init(room: "lounge", text: "meanwhile")))
        world.settle()
        world.journal.storeNext()
        world.journal.answerFinds(to: world.engine)
        world.journal.isHeld = false
        world.settle()
        #expect(tab.events.map(\.seq) == Array(3...15))
        #expect(tab.messages.compactMap(\.joined).first.map { $0.events.last?.seq == $0.seq } == true)
    }

    @Test("who is put out while their missed events are read is told so")
    func kickedDuringTheLookup() throws {
        let position = try #require(bob.position)
        bob.disconnect()
        speak(12)
        let tab = bob.anotherTab()
        world.journal.isHeld = true
        let reference = tab.send(.join(.init(room: "lounge", seen: position)))
        world.engine.kick(bob.id, from: "lounge", reason: "", by: "console")
        world.settle()
        world.journal.isHeld = false
        world.settle()
        #expect(tab.answer(to: reference)?.refusal != nil)
    }

    @Test("missed events that cannot be read are an error, not a hole")
    func unreadable() throws {
        let position = try #require(bob.position)
        bob.disconnect()
        speak(12)
        world.journal.isUnreadable = true
        let tab = bob.anotherTab()
        #expect(tab.join("lounge", seen: position)?.refusal?.code == .unavailable)
        world.journal.isUnreadable = false
        #expect(tab.join("lounge", seen: position)?.joined?.events.count == 12)
    }

    @Test("the first page is there also after everyone was gone")
    func emptyRoom() throws {
        speak(6)
        for client in [ann, bob] { client.ask(.exit("lounge")) }
        let joined = try #require(world.visitor("cem").join("lounge")?.joined)
        #expect(joined.events.map(\.seq) == [7, 8, 9, 10, 11])
        #expect(joined.events.last?.movement == "join cem")
    }

    @Test("a room that empties while it is read back is read back whole for who comes next")
    func emptiedWhileRead() throws {
        speak(3)
        for client in [ann, bob] { client.ask(.exit("lounge")) }
        ann.send(.join(.init(room: "lounge")))
        world.journal.isHeld = true
        world.settle()
        world.journal.storeNext()
        world.journal.answerNext(to: world.engine)
        ann.send(.exit("lounge"))
        world.settle()
        world.journal.storeNext()
        world.journal.answerNext(to: world.engine)
        world.journal.isHeld = false
        let cem = world.visitor("cem")
        let joined = try #require(cem.join("lounge")?.joined)
        #expect(joined.events.map(\.seq) == [6, 7, 8, 9, 10])
    }

    @Test("who comes while the room is read back is not taken for gone, however long that takes")
    func slowRead() {
        speak(3)
        for client in [ann, bob] { client.ask(.exit("lounge")) }
        let join = ann.send(.join(.init(room: "lounge")))
        world.journal.isHeld = true
        world.settle()
        world.journal.storeNext()
        world.journal.answerNext(to: world.engine)
        world.advance(seconds: 60)
        world.journal.isHeld = false
        world.settle()
        #expect(ann.answer(to: join)?.joined != nil)
        #expect(world.stored("lounge").last?.movement == "join ann")
    }

    @Test("who waits for a plugin to look through the past is not taken for gone, however long that takes")
    func slowHistory() {
        speak(3)
        bob.ask(.exit("lounge"))
        world.hooks.rule = { if case .history = $0.payload { nil } else { Decision(.pass) } }
        let join = bob.send(.join(.init(room: "lounge")))
        world.settle()
        world.advance(seconds: 60)
        #expect(world.hooks.waiting.count == 1)
        world.hooks.answer()
        world.settle()
        #expect(bob.answer(to: join)?.joined?.events.isEmpty == false)
        #expect(world.stored("lounge").last?.movement == "join bob")
    }

    @Test("a second join of a connection answers it again and doubles nothing")
    func again() {
        #expect(bob.join("lounge")?.joined != nil)
        bob.clear()
        ann.say("once", in: "lounge")
        #expect(bob.texts == ["once"])
    }
}
