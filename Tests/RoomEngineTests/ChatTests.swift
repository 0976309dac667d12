import RoomEngine
import Testing

@Suite struct ChatTests {
    let world = World()
    init() { world.room("lounge") }

    @Test("a message is answered with its number, and everyone sees it once, its author too")
    func chat() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        #expect(ann.say("hello", in: "lounge")?.seq == 3)
        for client in [ann, bob] {
            #expect(client.texts == ["hello"])
            #expect(client.events.last?.seq == 3)
            #expect(client.events.last?.author?.id == ann.id.text)
        }
    }

    @Test("only members can speak")
    func stranger() {
        let ann = world.member("ann", of: "lounge")
        #expect(world.visitor("bob").say("hello", in: "lounge")?.refusal?.code == .notMember)
        #expect(world.visitor("cem").say("hello", in: "nowhere")?.refusal?.code == .notMember)
        #expect(ann.texts.isEmpty)
    }

    @Test("empty and overlong messages are refused, the longest allowed is not")
    func lengths() {
        let ann = world.member("ann", of: "lounge")
        #expect(ann.say("", in: "lounge")?.refusal?.code == .badText)
        #expect(ann.say(String(repeating: "a", count: 4_001), in: "lounge")?.refusal?.code == .tooLong)
        #expect(ann.say(String(repeating: "a", count: 4_000), in: "lounge")?.isOK == true)
        #expect(ann.texts.count == 1)
    }

    @Test("two slashes at the start are a message with one")
    func slashes() {
        let ann = world.member("ann", of: "lounge")
        #expect(ann.say("//shrug", in: "lounge")?.isOK == true)
        #expect(ann.texts == ["/shrug"])
    }

    @Test("who sends too fast is told when to send again")
    func rate() throws {
        let world = World { ($0.burst, $0.rate) = (3, 0.5) }
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        for number in 1...3 { #expect(ann.say("\(number)", in: "lounge")?.isOK == true) }
        let refusal = try #require(ann.say("4", in: "lounge")?.refusal)
        #expect(refusal.code == .rate)
        #expect(refusal.retryAfter == 2)
        world.advance(seconds: 1.9)
        #expect(ann.say("4", in: "lounge")?.refusal?.code == .rate)
        world.advance(seconds: 2)
        #expect(ann.say("4", in: "lounge")?.isOK == true)
        #expect(ann.texts == ["1", "2", "3", "4"])
    }

    @Test("several tabs share one rate")
    func rateOfTabs() {
        let world = World { ($0.burst, $0.rate) = (2, 1) }
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        ann.say("1", in: "lounge")
        #expect(ann.anotherTab().say("2", in: "lounge")?.isOK == true)
        #expect(ann.say("3", in: "lounge")?.refusal?.code == .rate)
    }

    @Test("slow mode spaces a member's messages, not those of the owner")
    func slow() throws {
        let owner = world.visitor("owner")
        owner.ask(.create(NewRoom(title: "slow")))
        let id = try #require(world.engine.rooms.values.first { $0.record.title == "slow" }?.id)
        owner.join(id)
        let ann = world.member("ann", of: id)
        world.engine.perform([.change(id, RoomChange(slow: 10), by: .plugin("guard", hops: 1))])
        world.settle()
        #expect(ann.say("1", in: id)?.isOK == true)
        world.advance(seconds: 4)
        let refusal = try #require(ann.say("2", in: id)?.refusal)
        #expect(refusal.code == .slow)
        #expect(refusal.retryAfter == 6)
        world.advance(seconds: 6)
        #expect(ann.say("2", in: id)?.isOK == true)
        #expect(owner.say("3", in: id)?.isOK == true)
        #expect(owner.say("4", in: id)?.isOK == true)
    }

    @Test("a message that could not be stored does not make its author wait, one of the same moment that was does")
    func slowOverFailures() {
        let ann = world.member("ann", of: "lounge")
        world.engine.change(world.engine.rooms["lounge"]!, RoomChange(slow: 10), by: .console)
        world.settle()
        world.journal.failure = "disk full"
        #expect(ann.say("1", in: "lounge")?.refusal?.code == .unavailable)
        world.journal.failure = nil
        #expect(ann.say("1", in: "lounge")?.isOK == true)
        #expect(ann.say("2", in: "lounge")?.refusal?.code == .slow)
        world.engine.change(world.engine.rooms["lounge"]!, RoomChange(slow: 0), by: .console)
        world.advance(seconds: 20)
        world.journal.isBad = { $0.contains { if case .event(let event) = $0 { event.text == "bad" } else { false } } }
        world.journal.isHeld = true
        for text in ["good", "bad"] { ann.send(.chat(.init(room: "lounge", text: text))) }
        world.journal.isHeld = false
        world.settle()
        world.engine.change(world.engine.rooms["lounge"]!, RoomChange(slow: 10), by: .console)
        #expect(ann.say("3", in: "lounge")?.refusal?.code == .slow)
    }

    @Test("a new name is a new name to everyone, and has to be one")
    func name() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        #expect(ann.ask(.name(""))?.refusal?.code == .badText)
        #expect(ann.ask(.name(String(repeating: "a", count: 33)))?.refusal?.code == .badText)
        #expect(ann.ask(.name("anna"))?.isOK == true)
        guard case .name(let member, let before)? = bob.events.last?.body else {
            Issue.record("no name event")
            return
        }
        #expect(member.name == "anna" && before == "ann")
        #expect(world.journal.contents.people[ann.id]?.name == "anna")
        ann.say("it's me", in: "lounge")
        #expect(bob.events.last?.author?.name == "anna")
    }

    @Test("typing is shown to members and is no event")
    func typing() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        let stranger = world.visitor("cem")
        ann.ask(.typing(room: "lounge", on: true))
        stranger.ask(.typing(room: "lounge", on: true))
        #expect(bob.messages.last == .typing(room: "lounge", member: ann.id.text, on: true))
        #expect(world.stored("lounge").count == 2)
    }

    @Test("a GIF is a message")
    func gif() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        let gif = GIF(digest: "d1", bytes: 9, width: 1, height: 1, frames: 1, seconds: 0, flashesPerSecond: 0)
        #expect(ann.ask(.gif(.init(room: "lounge", gif: gif, caption: "look", cid: "g1")))?.seq == 3)
        #expect(ann.ask(.gif(.init(room: "lounge", gif: gif, caption: "look", cid: "g1")))?.seq == 3)
        guard case .gif(_, let shown, let caption)? = bob.events.last?.body else {
            Issue.record("no GIF event")
            return
        }
        #expect(shown == gif && caption == "look")
        #expect(world.stored("lounge").count == 3)
    }
}
