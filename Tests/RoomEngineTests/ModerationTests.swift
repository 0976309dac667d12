import RoomEngine
import Testing

@Suite struct ModerationTests {
    let world = World { $0.kickedFor = 60_000 }
    let ann: Client
    let bob: Client

    init() {
        world.room("lounge")
        ann = world.member("ann", of: "lounge")
        bob = world.member("bob", of: "lounge")
    }

    private func mute(seconds: Double?) {
        world.engine.restrict(.mute, bob.id, in: "lounge", seconds: seconds, reason: "caps", by: "console")
        world.settle()
    }

    private func ban(seconds: Double?) {
        world.engine.restrict(.ban, bob.id, in: "lounge", seconds: seconds, reason: "spam", by: "console")
        world.settle()
    }

    @Test("a muted member hears the room and does not speak, until the time is over")
    func mute() throws {
        mute(seconds: 30)
        world.advance(seconds: 10)
        let refusal = try #require(bob.say("hello", in: "lounge")?.refusal)
        #expect(refusal.code == .muted)
        #expect(refusal.retryAfter == 20)
        #expect(refusal.text.contains("caps"))
        #expect(ann.texts.isEmpty)
        ann.say("quiet now", in: "lounge")
        #expect(bob.texts == ["quiet now"])
        world.advance(seconds: 20)
        #expect(bob.say("hello", in: "lounge")?.isOK == true)
    }

    @Test("a ban is answered when it is stored, and is in force before")
    func promised() {
        world.engine.perform([.transfer("lounge", ann.id, by: .console)])
        world.settle()
        world.journal.isHeld = true
        let ban = ann.send(.moderate(.ban, room: "lounge", person: bob.id, seconds: 60, reason: ""))
        let said = bob.send(.chat(.init(room: "lounge", text: "hello")))
        world.settle()
        #expect(ann.answer(to: ban) == nil)
        #expect(bob.answer(to: said)?.refusal != nil)
        world.journal.isHeld = false
        world.settle()
        #expect(ann.answer(to: ban)?.isOK == true)
        world.restart()
        #expect(world.visitor("bob").join("lounge")?.refusal?.code == .banned)
    }

    @Test("unmuting ends it at once")
    func unmute() {
        mute(seconds: nil)
        #expect(bob.say("hello", in: "lounge")?.refusal?.code == .muted)
        world.engine.lift(.mute, bob.id, in: "lounge", by: "console")
        world.settle()
        #expect(bob.say("hello", in: "lounge")?.isOK == true)
    }

    @Test("leaving and coming back does not unmute")
    func evade() {
        mute(seconds: nil)
        bob.ask(.exit("lounge"))
        bob.join("lounge")
        #expect(bob.say("hello", in: "lounge")?.refusal?.code == .muted)
    }

    @Test("a message about which plugins still think when its author is muted or banned is not published", arguments: [Restriction.Kind.mute, .ban])
    func undecided(kind: Restriction.Kind) {
        world.hooks.rule = { $0.kind == .chat ? nil : Decision(.pass) }
        let reference = bob.send(.chat(.init(room: "lounge", text: "too late")))
        world.engine.restrict(kind, bob.id, in: "lounge", seconds: nil, reason: "", by: "console")
        world.settle()
        world.hooks.answer()
        world.settle()
        #expect(bob.answer(to: reference)?.refusal != nil)
        #expect(ann.texts.isEmpty)
    }

    @Test("who is banned exits, is told why, and does not get back in until the time is over")
    func ban() throws {
        ban(seconds: 100)
        #expect(ann.events.last?.movement == "exit bob banned")
        #expect(bob.bye?.code == .banned)
        let refusal = try #require(bob.join("lounge")?.refusal)
        #expect(refusal.code == .banned)
        #expect(refusal.retryAfter == 100)
        #expect(refusal.text.contains("spam"))
        world.advance(seconds: 99)
        #expect(bob.join("lounge")?.refusal?.code == .banned)
        world.advance(seconds: 1)
        #expect(bob.join("lounge")?.joined != nil)
    }

    @Test("unbanning lets them in at once")
    func unban() {
        ban(seconds: nil)
        #expect(bob.join("lounge")?.refusal?.code == .banned)
        world.engine.lift(.ban, bob.id, in: "lounge", by: "console")
        world.settle()
        #expect(bob.join("lounge")?.joined != nil)
        #expect(world.journal.contents.restrictions.isEmpty)
    }

    @Test("a ban holds also for who is not there, and for one room alone")
    func absent() {
        world.room("garden")
        let cem = world.visitor("cem")
        world.engine.restrict(.ban, cem.id, in: "lounge", seconds: nil, reason: "", by: "console")
        world.settle()
        #expect(cem.join("lounge")?.refusal?.code == .banned)
        #expect(cem.join("garden")?.joined != nil)
    }

    @Test("who is banned while plugins decide about their join does not get in")
    func bannedWhileJoining() {
        let cem = world.visitor("cem")
        world.hooks.rule = { $0.kind == .join ? nil : Decision(.pass) }
        let reference = cem.send(.join(.init(room: "lounge")))
        world.engine.restrict(.ban, cem.id, in: "lounge", seconds: nil, reason: "", by: "console")
        world.settle()
        world.hooks.answer()
        world.settle()
        #expect(cem.answer(to: reference)?.refusal?.code == .banned)
        #expect(world.stored("lounge").count == 2)
    }

    @Test("who is kicked exits, is told so, and stays out for a minute")
    func kick() {
        world.engine.kick(bob.id, from: "lounge", reason: "cool down", by: "console")
        world.settle()
        #expect(ann.events.last?.movement == "exit bob kicked")
        #expect(bob.bye?.code == .kicked)
        #expect(bob.join("lounge")?.refusal?.code == .banned)
        world.advance(seconds: 60)
        #expect(bob.join("lounge")?.joined != nil)
    }

    @Test("a kick does not shorten a ban")
    func kickedAndBanned() {
        world.hooks.rule = { $0.kind == .chat ? nil : Decision(.pass) }
        ann.send(.chat(.init(room: "lounge", text: "wait")))
        world.engine.restrict(.ban, bob.id, in: "lounge", seconds: nil, reason: "", by: "console")
        world.engine.kick(bob.id, from: "lounge", reason: "", by: "console")
        world.hooks.answer()
        world.settle()
        world.advance(seconds: 3_600)
        #expect(bob.join("lounge")?.refusal?.code == .banned)
    }

    @Test("a connection that is in another room too stays open, and hears of its exit")
    func elsewhere() {
        world.room("garden")
        bob.join("garden")
        ban(seconds: nil)
        #expect(bob.bye == nil)
        #expect(bob.say("still here", in: "garden")?.isOK == true)
        #expect(bob.events.contains { $0.movement == "exit bob banned" })
    }

    @Test("a locked room lets only its owner and admins in")
    func locked() {
        world.engine.perform([.change("lounge", RoomChange(locked: true), by: .plugin("guard", hops: 1))])
        world.settle()
        #expect(world.visitor("cem").join("lounge")?.refusal?.code == .forbidden)
        #expect(world.visitor("root", isAdmin: true).join("lounge")?.joined != nil)
    }

    @Test("what is told to one person is heard by them alone")
    func tell() {
        world.engine.tell(bob.id, "lounge", LocalizedText("mind the step"), by: "console")
        #expect(bob.notices.map(\.text.text) == ["mind the step"])
        #expect(ann.notices.isEmpty)
    }

    @Test("a system message is an event to everyone")
    func system() {
        world.engine.system(LocalizedText("maintenance at 10"), key: nil, in: "lounge", origin: .console("op"))
        world.settle()
        #expect(ann.texts == ["maintenance at 10"] && bob.texts == ["maintenance at 10"])
        #expect(ann.events.last?.seq == 3)
    }
}
