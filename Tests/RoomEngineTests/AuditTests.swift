import RoomEngine
import Testing

@Suite struct AuditTests {
    let world = World()

    private var lines: [String] { world.journal.contents.audit.map { "\($0.by): \($0.what)" } }

    @Test("what is done to people is noted together with it, with ids alone")
    func acts() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        world.engine.restrict(.mute, ann.id, in: "lounge", seconds: 90, reason: "too loud", by: "guard")
        world.engine.lift(.mute, ann.id, in: "lounge", by: "console")
        world.engine.give(.moderator, to: ann.id, in: "lounge", by: .console)
        world.engine.kick(ann.id, from: "lounge", reason: "", by: "u_bob")
        world.engine.restrict(.ban, ann.id, in: "lounge", seconds: nil, reason: "", by: "console")
        world.settle()
        #expect(lines == [
            "guard: mute u_ann in lounge for 90 s: too loud", "console: unmute u_ann in lounge", "console: make u_ann a moderator of lounge",
            "u_bob: kick u_ann from lounge", "console: ban u_ann in lounge for good",
        ])
    }

    @Test("what cannot be stored is not noted either, until it can")
    func fullDisk() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        world.journal.failure = "disk full"
        world.engine.restrict(.mute, ann.id, in: "lounge", seconds: nil, reason: "", by: "guard")
        world.settle()
        #expect(lines.isEmpty)
        world.journal.failure = nil
        world.advance(seconds: 2)
        #expect(lines == ["guard: mute u_ann in lounge for good"])
        #expect(world.journal.contents.restrictions.count == 1)
    }
}
