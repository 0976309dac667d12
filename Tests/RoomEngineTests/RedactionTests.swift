import Testing

@testable import RoomEngine

@Suite("What operators take out") struct RedactionTests {
    let world = World()

    private func outcome(_ call: (@escaping (Result<Removal, Refusal>) -> Void) -> Void) -> Result<Removal, Refusal>? {
        var outcome: Result<Removal, Refusal>?
        call { outcome = $0 }
        world.settle()
        return outcome
    }

    private func undo(_ removal: Result<Removal, Refusal>?) -> Result<Removal, Refusal>? {
        guard case .success(let done)? = removal, let id = done.undo else { return nil }
        return outcome { world.engine.undo(id, then: $0) }
    }

    @Test("a redacted message is gone for everyone, and back with its reactions when that is undone") func redacts() {
        world.room("lounge")
        let (ann, bob) = (world.member("ann", of: "lounge"), world.member("bob", of: "lounge"))
        let seq = ann.say("rude", in: "lounge")!.seq!
        bob.react(seq, "👍", in: "lounge")
        let removal = outcome { world.engine.redact(seq, in: "lounge", why: nil, then: $0) }
        #expect(bob.view[seq]?.content == nil)
        #expect(undo(removal) != nil)
        #expect(bob.view[seq]?.content == .text("rude"))
        #expect(bob.view[seq]?.reactions == [Reaction(emoji: "👍", people: ["u_bob"])])
        #expect(world.member("carol", of: "lounge").view[seq]?.content == .text("rude"))
    }

    @Test("what was taken out can be put back for ten minutes, and once") func undoEnds() throws {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let removal = outcome { world.engine.redact(ann.say("a", in: "lounge")!.seq!, in: "lounge", why: nil, then: $0) }
        let other = outcome { world.engine.redact(ann.say("b", in: "lounge")!.seq!, in: "lounge", why: nil, then: $0) }
        #expect(undo(other) != nil)
        if case .success? = undo(other) { Issue.record("it was undone twice") }
        world.advance(seconds: 599)
        #expect(world.engine.undos.count == 1)
        world.advance(seconds: 1)
        #expect(world.engine.undos.isEmpty)
        if case .success? = undo(removal) { Issue.record("it was undone too late") }
    }

    @Test("a purge, a rollback and an undo are done when they are stored") func stored() throws {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        for text in ["a", "b"] { bob.react(ann.say(text, in: "lounge")!.seq!, "👍", in: "lounge") }
        ann.react(ann.say("c", in: "lounge")!.seq!, "👍", in: "lounge")
        let steps: [(Engine, @escaping (Result<Removal, Refusal>) -> Void) -> Void] = [
            { [ann] in $0.purge(ann.id, since: 0, then: $1) }, { $0.undo($0.undos[0].id, then: $1) },
            { [ann] in $0.rollBack(ann.id, since: 0, then: $1) }, { $0.undo($0.undos[0].id, then: $1) },
        ]
        for step in steps {
            let before = world.stored("lounge").count
            world.journal.failure = "disk full"
            var outcome: Result<Removal, Refusal>?
            step(world.engine) { outcome = $0 }
            world.advance(seconds: 2)
            #expect(outcome == nil && world.stored("lounge").count == before)
            world.journal.failure = nil
            world.advance(seconds: 2)
            #expect(try outcome?.get().messages == 3)
            #expect(world.stored("lounge").count > before)
        }
        #expect(world.stored("lounge").compactMap(\.text) == ["a", "b", "c"])
    }

    @Test("a purge takes out what somebody has said since, in every room, and nothing of others") func purges() {
        for id in ["lounge", "den"] as [RoomID] { world.room(id) }
        let (ann, bob) = (world.member("ann", of: "lounge"), world.member("bob", of: "lounge"))
        ann.join("den")
        ann.say("early", in: "lounge")
        world.advance(seconds: 100)
        let since = world.clock.now.wall
        ann.say("late", in: "lounge")
        bob.say("bob", in: "lounge")
        ann.say("late too", in: "den")
        let removal = outcome { world.engine.purge(ann.id, since: since, then: $0) }
        #expect((try? removal?.get().messages) == 2)
        #expect(world.stored("lounge").compactMap(\.text) == ["early", "bob"])
        #expect(world.stored("den").compactMap(\.text) == [])
        #expect((try? undo(removal)?.get().messages) == 2)
        #expect(world.stored("den").compactMap(\.text).first == "late too")
    }

    @Test("a purge of somebody who has said nothing does nothing, and leaves nothing to undo") func purgeOfNobody() throws {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let removal = try #require(outcome { world.engine.purge(ann.id, since: 0, then: $0) }).get()
        #expect(removal == Removal())
        #expect(world.engine.undos.isEmpty)
    }

    @Test("a roll-back undoes what somebody did: messages, edits, reactions, topics") func rollsBack() throws {
        let lounge = world.room("lounge")
        let (ann, bob) = (world.member("ann", of: lounge), world.member("bob", of: lounge))
        let room = try #require(world.engine.rooms[lounge])
        let old = ann.say("old", in: lounge)!.seq!
        let bobs = bob.say("bob", in: lounge)!.seq!
        world.engine.change(room, RoomChange(topic: "tea"), by: .console)
        world.advance(seconds: 100)
        let since = world.clock.now.wall
        ann.edit(old, "spam", in: lounge)
        ann.react(bobs, "💩", in: lounge)
        ann.react(bobs, "👍", in: lounge)
        ann.react(bobs, "👍", on: false, in: lounge)
        world.engine.change(room, RoomChange(topic: "spam"), by: .person(ann.id))
        world.settle()
        let removal = outcome { world.engine.rollBack(ann.id, since: since, then: $0) }
        #expect(try removal?.get().messages == 1)
        #expect(try removal?.get().reactions == 1)
        #expect(try removal?.get().topics == 1)
        #expect(bob.view[old]?.content == nil)
        #expect(bob.view[bobs]?.reactions == [])
        #expect(room.record.topic == "tea")
        _ = undo(removal)
        #expect(bob.view[old]?.content == .text("spam"))
        #expect(bob.view[bobs]?.reactions == [Reaction(emoji: "💩", people: ["u_ann"])])
        #expect(room.record.topic == "spam")
    }

    @Test("a GIF's file is kept for as long as it may be wanted back") func files() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        let gif = GIF(digest: "d", bytes: 1, width: 1, height: 1, frames: 1, seconds: 0, flashesPerSecond: 0)
        var removed: [String] = []
        world.engine.removeFiles = { removed += $0 }
        let seq = ann.ask(.gif(.init(room: "lounge", gif: gif)))!.seq!
        _ = outcome { world.engine.redact(seq, in: "lounge", why: nil, then: $0) }
        world.engine.unused(["d", "other"])
        #expect(removed == ["other"])
        world.advance(seconds: 600)
        #expect(removed == ["other", "d"])
    }
}
