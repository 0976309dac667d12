import RoomEngine
import Testing

/// What happens when somebody sets the machine's clock.
@Suite struct ClockTests {
    private let hour: Int64 = 3_600_000

    @Test("numbers go on in order; times go back with the clock")
    func numbers() {
        let world = World()
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        ann.say("one", in: "lounge")
        world.clock.set(wallAheadBy: -hour)
        ann.say("two", in: "lounge")
        let events = world.stored("lounge")
        #expect(events.map(\.seq) == [1, 2, 3])
        #expect(events[2].at < events[1].at)
        #expect(ann.texts == ["one", "two"])
    }

    @Test("what waits, waits by the clock that nobody sets", arguments: [-3_600_000, 3_600_000] as [Int64])
    func waiting(jump: Int64) {
        let world = World { $0.resumeGrace = 15_000 }
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        ann.disconnect()
        world.advance(seconds: 10)
        world.clock.set(wallAheadBy: jump)
        world.advance(seconds: 4)
        #expect(bob.events.compactMap(\.movement) == ["join ann", "join bob"])
        world.advance(seconds: 2)
        #expect(bob.events.compactMap(\.movement) == ["join ann", "join bob", "exit ann timeout"])
    }

    @Test("slow mode is by the clock that nobody sets")
    func slow() {
        let world = World()
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        world.engine.perform([.change("lounge", RoomChange(slow: 10), by: .console)])
        ann.say("one", in: "lounge")
        world.clock.set(wallAheadBy: hour)
        #expect(ann.say("two", in: "lounge")?.refusal?.code == .slow)
        world.advance(seconds: 10)
        #expect(ann.say("two", in: "lounge")?.isOK == true)
    }

    @Test("a ban ends at the time of day that it says")
    func bans() {
        let world = World()
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        world.engine.restrict(.ban, ann.id, in: "lounge", seconds: 3_600, reason: "", by: "console")
        world.settle()
        world.clock.set(wallAheadBy: -hour)
        world.advance(seconds: 3_700)
        #expect(ann.anotherTab().join("lounge")?.refusal?.code == .banned)
        world.clock.set(wallAheadBy: hour)
        #expect(ann.anotherTab().join("lounge")?.joined != nil)
    }
}
