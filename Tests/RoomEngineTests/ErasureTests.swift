import RoomEngine
import Testing

/// Somebody is erased while rooms, plugins and operators still have something of theirs in their hands.
@Suite struct ErasureTests {
    private let world = World()
    private let ann: Client
    private let bob: Client

    init() {
        world.room("lounge")
        ann = world.member("ann", of: "lounge")
        bob = world.member("bob", of: "lounge")
        bob.say("secret", in: "lounge")
    }

    /// What the journal and the server do, one after the other.
    private func erase(_ person: PersonID, meanwhile: () -> Void = {}) {
        var isOut = false
        world.engine.beginErasing(person) { isOut = true }
        world.settle()
        #expect(isOut)
        let rooms = world.journal.erase(person)
        meanwhile()
        world.engine.endErasing(person, rooms)
        world.settle()
    }

    @Test("a page that was being read when somebody was erased is read again")
    func reading() {
        ann.disconnect()
        world.advance(seconds: 60)
        bob.ask(.exit("lounge"))
        let cem = world.visitor("cem")
        world.engine.beginErasing(bob.id) {}
        world.settle()
        let join = cem.send(.join(.init(room: "lounge")))
        world.engine.finishTurn()
        world.journal.storeNext()
        world.journal.answerNext(to: world.engine)
        // Read before, answered afterwards.
        let old = world.journal.contents
        let rooms = world.journal.erase(bob.id)
        let erased = world.journal.contents
        world.engine.endErasing(bob.id, rooms)
        world.journal.contents = old
        world.journal.answerFinds(to: world.engine)
        world.journal.contents = erased
        world.settle()
        let joined = cem.answer(to: join)?.joined
        #expect(joined?.events.isEmpty == false)
        #expect(joined?.events.contains { $0.text == "secret" || $0.author?.id == bob.id.text } == false)
    }

    @Test("a page that a plugin was looking through is read again")
    func looking() {
        let cem = world.visitor("cem")
        world.hooks.rule = { if case .history = $0.payload { nil } else { Decision(.pass) } }
        let join = cem.send(.join(.init(room: "lounge")))
        world.settle()
        #expect(world.hooks.waiting.count == 1)
        erase(bob.id)
        world.hooks.rule = { _ in Decision(.pass) }
        while !world.hooks.waiting.isEmpty { world.hooks.answer() }
        world.settle()
        #expect(cem.answer(to: join)?.joined?.events.contains { $0.text == "secret" } == false)
    }

    @Test("what is taken out of theirs while they are erased cannot be changed, reported or put back")
    func meanwhile() {
        let message = world.stored("lounge").first { $0.text == "secret" }
        let seq = message?.seq ?? 0
        var removal: Result<Removal, Refusal>?
        erase(bob.id) {
            world.engine.redact(seq, in: "lounge", why: nil) { removal = $0 }
            ann.ask(.report(.init(room: "lounge", of: seq)))
            world.settle()
        }
        #expect(throws: Refusal.self) { try removal?.get() }
        #expect(world.engine.undos.isEmpty && world.engine.reports.isEmpty)
    }

    @Test("a name that waited for a plugin does not make them known again")
    func name() {
        world.hooks.rule = { if case .name = $0.payload { nil } else { Decision(.pass) } }
        bob.send(.name("Robert"))
        world.settle()
        erase(bob.id)
        world.hooks.answer()
        world.settle()
        #expect(world.journal.contents.people[bob.id] == nil)
    }

    @Test("what a plugin thought about meanwhile and wants looked at is not kept for that", arguments: [HookKind.chat, .whisper])
    func held(kind: HookKind) {
        world.hooks.rule = { $0.kind == kind ? nil : Decision(.pass) }
        bob.send(kind == .chat ? .chat(.init(room: "lounge", text: "secret")) : .whisper(room: "lounge", to: ann.id, text: "secret", cid: nil))
        world.settle()
        #expect(world.hooks.waiting.count == 1)
        world.engine.beginErasing(bob.id) {}
        world.settle()
        world.hooks.answer(Decision(.hold(reason: "look", seconds: 600, by: "guard")))
        world.settle()
        world.engine.endErasing(bob.id, world.journal.erase(bob.id))
        world.settle()
        #expect(world.engine.reviews.isEmpty && world.journal.contents.held.isEmpty)
    }

    @Test("what was being stored for moderators when somebody was erased does not come to them")
    func onItsWay() throws {
        ann.say("mine", in: "lounge")
        let seq = try #require(world.stored("lounge").last?.seq)
        world.hooks.rule = { $0.kind == .chat ? Decision(.hold(reason: "look", seconds: 600, by: "guard")) : Decision(.pass) }
        world.journal.isHeld = true
        bob.send(.chat(.init(room: "lounge", text: "secret")))
        bob.send(.report(.init(room: "lounge", of: seq)))
        world.settle()
        world.engine.beginErasing(bob.id) {}
        world.journal.isHeld = false
        world.settle()
        world.engine.endErasing(bob.id, world.journal.erase(bob.id))
        world.settle()
        #expect(world.engine.reviews.isEmpty && world.engine.reports.isEmpty)
        #expect(world.journal.contents.held.isEmpty && world.journal.contents.reports.isEmpty)
    }

    @Test("of what is put back of others their reactions stay away")
    func reactions() throws {
        ann.say("tea?", in: "lounge")
        let seq = try #require(world.stored("lounge").last?.seq)
        #expect(bob.ask(.react(.init(room: "lounge", of: seq, emoji: "👍", on: true, cid: nil)))?.isOK == true)
        var removal: Result<Removal, Refusal>?
        world.engine.redact(seq, in: "lounge", why: nil) { removal = $0 }
        world.settle()
        erase(bob.id)
        world.engine.undo(try #require(removal?.get().undo)) { _ in }
        world.settle()
        let message = try #require(world.member("cem", of: "lounge").view[seq])
        #expect(message.text == "tea?" && message.reactions.isEmpty)
    }

    @Test("who is about to leave by another window is told to begin anew too")
    func leaving() {
        let tab = ann.anotherTab()
        tab.join("lounge")
        world.engine.beginErasing(bob.id) {}
        world.settle()
        let rooms = world.journal.erase(bob.id)
        world.journal.isHeld = true
        ann.send(.exit("lounge"))
        world.settle()
        world.engine.endErasing(bob.id, rooms)
        #expect(tab.bye?.code == .draining)
    }
}
