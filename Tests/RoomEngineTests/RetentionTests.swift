import RoomEngine
import Testing

@Suite struct RetentionTests {
    private let day = 86_400.0

    /// A room that keeps so much, and somebody in it.
    private func lounge(_ retention: Retention, in world: World) throws -> Client {
        world.room("lounge")
        world.engine.restore(Snapshot())
        let ann = world.member("ann", of: "lounge")
        world.engine.keep(retention, of: try #require(world.engine.rooms["lounge"]))
        world.settle()
        return ann
    }

    private func kept(_ world: World, _ room: RoomID = "lounge") -> [Int64] {
        world.journal.contents.events(EventQuery(room: room, range: .after(0), limit: 100_000)).map(\.seq)
    }

    @Test("by count: the last events stay, and keep their numbers; new ones go on after them")
    func count() throws {
        let world = World()
        let ann = try lounge(Retention(count: 10), in: world)
        for number in 1...30 { ann.say("\(number)", in: "lounge") }
        world.advance(seconds: 61)
        #expect(kept(world) == Array(22...31))
        #expect(ann.say("next", in: "lounge")?.seq == 32)
    }

    @Test("by age: what is old goes, and nothing else")
    func age() throws {
        let world = World()
        let ann = try lounge(Retention(age: 86_400_000), in: world)
        ann.say("old", in: "lounge")
        world.advance(seconds: day / 2)
        ann.say("younger", in: "lounge")
        world.advance(seconds: day / 2 + 61)
        #expect(kept(world) == [3])
        world.advance(seconds: day)
        #expect(kept(world) == [])
        #expect(ann.say("new", in: "lounge")?.seq == 4)
    }

    @Test("much that is old goes a piece at a time, with pauses in which others are served")
    func pieces() throws {
        let world = World { $0.forgottenAtOnce = 7 }
        let ann = try lounge(.forever, in: world)
        for number in 1...100 { ann.say("\(number)", in: "lounge") }
        world.engine.keep(Retention(count: 1), of: try #require(world.engine.rooms["lounge"]))
        world.settle()
        #expect(kept(world).first == 8)
        world.advance(seconds: 0.1)
        #expect(kept(world).first == 15)
        world.advance(seconds: 2)
        #expect(kept(world) == [101])
    }

    @Test("history says that there is nothing before the horizon")
    func history() throws {
        let world = World()
        let ann = try lounge(Retention(count: 10), in: world)
        for number in 1...30 { ann.say("\(number)", in: "lounge") }
        world.advance(seconds: 61)
        guard case .history(_, _, let events, _, let more)? = ann.ask(.history(room: "lounge", before: 27, limit: 3)) else { return #expect(Bool(false)) }
        #expect((events.map(\.seq), more) == ([24, 25, 26], true))
        guard case .history(_, _, let first, _, let isMore)? = ann.ask(.history(room: "lounge", before: 24, limit: 50)) else { return #expect(Bool(false)) }
        #expect((first.map(\.seq), isMore) == ([22, 23], false))
        guard case .history(_, _, let none, _, let isAny)? = ann.ask(.history(room: "lounge", before: 5, limit: 50)) else { return #expect(Bool(false)) }
        #expect((none.map(\.seq), isAny) == ([], false))
        let joined = try #require(world.visitor("bob").join("lounge")?.joined)
        #expect(joined.events.first?.seq == 22 && !joined.more)
    }

    @Test("who has seen the last event that is gone misses nothing; who has seen less is told to begin anew")
    func resume() throws {
        let world = World { $0.recentEvents = 3 }
        let ann = try lounge(Retention(count: 10), in: world)
        let epoch = try #require(ann.position?.epoch)
        for number in 1...30 { ann.say("\(number)", in: "lounge") }
        world.advance(seconds: 61)
        let whole = try #require(world.visitor("bob").join("lounge", seen: Position(epoch: epoch, seq: 21))?.joined)
        #expect(!whole.reset && whole.events.map(\.seq) == Array(22...32))
        let late = try #require(world.visitor("cem").join("lounge", seen: Position(epoch: epoch, seq: 20))?.joined)
        #expect(late.reset && late.epoch == epoch)
    }

    @Test("what goes while it is looked up for somebody is no hole: they begin anew")
    func race() throws {
        let world = World { $0.recentEvents = 3 }
        let ann = try lounge(.forever, in: world)
        let epoch = try #require(ann.position?.epoch)
        for number in 1...30 { ann.say("\(number)", in: "lounge") }
        let bob = world.visitor("bob")
        world.journal.isHeld = true
        let reference = bob.send(.join(.init(room: "lounge", seen: Position(epoch: epoch, seq: 2))))
        world.settle()
        world.journal.storeNext()
        world.journal.answerNext(to: world.engine)
        world.engine.finishTurn()
        world.engine.keep(Retention(count: 10), of: try #require(world.engine.rooms["lounge"]))
        world.engine.finishTurn()
        world.journal.storeNext()
        world.journal.answerFinds(to: world.engine)
        world.journal.isHeld = false
        world.settle()
        let joined = try #require(bob.answer(to: reference)?.joined)
        #expect(joined.reset)
    }

    @Test("the horizon, the numbers and the room's own retention survive a restart, also of a room that has forgotten everything")
    func restart() throws {
        let world = World()
        let ann = try lounge(Retention(age: 1_000_000), in: world)
        ann.say("hello", in: "lounge")
        ann.ask(.exit("lounge"))
        world.advance(seconds: 1_100)
        #expect(kept(world) == [])
        world.restart()
        #expect(world.engine.rooms["lounge"]?.head == 3)
        #expect(world.engine.rooms["lounge"]?.retention == Retention(age: 1_000_000))
        let joined = try #require(ann.anotherTab().join("lounge")?.joined)
        #expect(joined.events.map(\.seq) == [4] && !joined.more)
        world.advance(seconds: 1_100)
        #expect(kept(world) == [])
    }

    @Test("a room without a retention of its own has the server's, and keeps more if it says so")
    func standard() throws {
        let world = World { $0.retention = Retention(count: 5) }
        let ann = try lounge(.forever, in: world)
        world.room("hall")
        ann.join("hall")
        for number in 1...20 {
            ann.say("\(number)", in: "lounge")
            ann.say("\(number)", in: "hall")
        }
        world.advance(seconds: 61)
        #expect(kept(world, "lounge") == Array(1...21))
        #expect(kept(world, "hall") == Array(17...21))
        world.engine.keep(nil, of: try #require(world.engine.rooms["lounge"]))
        world.settle()
        #expect(kept(world, "lounge") == Array(17...21))
    }

    @Test("a cid is known as long as its message is kept, and no longer")
    func cids() throws {
        let world = World()
        let ann = try lounge(Retention(count: 5), in: world)
        let first = ann.say("hello", in: "lounge", cid: "c1")?.seq
        for number in 1...3 { ann.say("\(number)", in: "lounge") }
        #expect(ann.say("hello", in: "lounge", cid: "c1")?.seq == first)
        for number in 1...20 { ann.say("\(number)", in: "lounge") }
        world.advance(seconds: 61)
        #expect(ann.say("hello", in: "lounge", cid: "c1")?.seq == 26)
    }

    @Test("on a full disk nothing is forgotten in part, and it goes on when there is room again")
    func fullDisk() throws {
        let world = World()
        let ann = try lounge(Retention(count: 5), in: world)
        for number in 1...20 { ann.say("\(number)", in: "lounge") }
        world.journal.failure = "disk full"
        world.advance(seconds: 200)
        #expect(kept(world) == Array(1...21))
        world.journal.failure = nil
        world.advance(seconds: 200)
        #expect(kept(world) == Array(17...21))
    }

    @Test("nothing is taken for old right after somebody has set the clock")
    func clock() throws {
        let world = World()
        let ann = try lounge(Retention(age: 86_400_000), in: world)
        ann.say("hello", in: "lounge")
        world.clock.set(wallAheadBy: 365 * 86_400_000)
        world.advance(seconds: 3_600)
        #expect(kept(world) == [1, 2])
        world.clock.set(wallAheadBy: -365 * 86_400_000)
        world.advance(seconds: 3_600)
        #expect(kept(world) == [1, 2])
        world.advance(seconds: day * 2)
        #expect(kept(world) == [])
    }

    @Test("a message from the time when the clock was wrong goes with those that came after it")
    func future() throws {
        let world = World()
        let ann = try lounge(Retention(age: 86_400_000), in: world)
        world.clock.set(wallAheadBy: 365 * 86_400_000)
        ann.say("from the future", in: "lounge")
        world.clock.set(wallAheadBy: -365 * 86_400_000)
        ann.say("from now", in: "lounge")
        world.advance(seconds: day / 2)
        ann.say("later", in: "lounge")
        world.advance(seconds: day / 2 + 200)
        #expect(kept(world) == [4])
    }
}
