import RoomEngine
import Testing

@Suite struct WhisperTests {
    let world = World()
    let ann: Client
    let bob: Client
    let cem: Client

    init() {
        world.room("lounge")
        ann = world.member("ann", of: "lounge")
        bob = world.member("bob", of: "lounge")
        cem = world.member("cem", of: "lounge")
    }

    private func whisper(_ text: String, from client: Client, to: PersonID, in room: RoomID = "lounge") -> Message? {
        client.ask(.whisper(room: room, to: to, text: text, cid: nil))
    }

    @Test("only the receiver and the sender hear a whisper, on all their tabs in the room")
    func two() {
        let annsTab = ann.anotherTab()
        annsTab.join("lounge")
        let bobsTab = bob.anotherTab()
        bobsTab.join("lounge")
        let elsewhere = bob.anotherTab()
        #expect(whisper("psst", from: ann, to: bob.id)?.isOK == true)
        for client in [ann, annsTab, bob, bobsTab] { #expect(client.whispers.map(\.text) == ["psst"]) }
        for client in [cem, elsewhere] { #expect(client.whispers.isEmpty) }
    }

    @Test("a whisper is no event and is not kept")
    func notKept() {
        _ = whisper("psst", from: ann, to: bob.id)
        #expect(world.stored("lounge").allSatisfy { $0.movement != nil })
    }

    @Test("whispers stay within a room")
    func sameRoom() {
        world.room("garden")
        let dan = world.member("dan", of: "garden")
        #expect(whisper("psst", from: ann, to: dan.id)?.refusal?.code == .notFound)
        #expect(whisper("psst", from: ann, to: dan.id, in: "garden")?.refusal?.code == .notMember)
        #expect(whisper("psst", from: ann, to: "u_nobody")?.refusal?.code == .notFound)
        #expect(dan.whispers.isEmpty && ann.whispers.isEmpty)
    }

    @Test("who talks to themselves hears it once")
    func oneself() {
        _ = whisper("note", from: ann, to: ann.id)
        #expect(ann.whispers.count == 1)
    }

    @Test("the muted do not whisper, and an empty whisper is none")
    func refused() {
        world.engine.restrict(.mute, ann.id, in: "lounge", seconds: 60, reason: "", by: "console")
        #expect(whisper("psst", from: ann, to: bob.id)?.refusal?.code == .muted)
        #expect(whisper("", from: cem, to: bob.id)?.refusal?.code == .badText)
        #expect(bob.whispers.isEmpty)
    }

    @Test("plugins are asked about whispers: they stop them, change them, and have a moderator decide")
    func hooks() throws {
        world.hooks.rule = { event in
            guard case .whisper(let to, let text) = event.payload else { return Decision(.pass) }
            switch text {
            case "spam": return Decision(.drop(Refusal(.refused, "no spam"), silent: false))
            case "hold": return Decision(.hold(reason: "unsure", seconds: 60, by: "guard"))
            default:
                event.payload = .whisper(to: to, text: text + "!")
                return Decision(.pass)
            }
        }
        #expect(whisper("spam", from: ann, to: bob.id)?.refusal?.text == "no spam")
        _ = whisper("hello", from: ann, to: bob.id)
        #expect(bob.whispers.map(\.text) == ["hello!"])
        for isApproved in [false, true] {
            guard case .held(_, let id)? = whisper("hold", from: ann, to: bob.id) else {
            Issue.record("not held")
            return
        }
            #expect(world.engine.reviews.map(\.kind) == [.whisper])
            #expect((isApproved ? world.approve(id) : world.refuse(id, why: "rude")) == nil)
        }
        world.settle()
        #expect(bob.whispers.map(\.text) == ["hello!", "hold"])
        #expect(ann.notices.contains { $0.text.text.contains("rude") })
        #expect(world.hooks.happened.filter { $0.kind == .whisper }.count == 1)
    }

    @Test("a plugin whispers to somebody who is there")
    func plugin() {
        world.engine.perform([.whisper(bob.id, room: "lounge", text: "psst", by: "dice")])
        #expect(bob.whispers.map(\.from.id) == ["plugin:dice"])
        #expect(ann.whispers.isEmpty)
    }

    @Test("a whisper to somebody who is just reconnecting waits for them, and comes once")
    func grace() {
        bob.disconnect()
        #expect(whisper("psst", from: ann, to: bob.id)?.isOK == true)
        let back = bob.anotherTab()
        back.join("lounge")
        #expect(back.whispers.map(\.text) == ["psst"])
        let tab = bob.anotherTab()
        tab.join("lounge")
        #expect(tab.whispers.isEmpty)
    }

    @Test("a whisper between the answer to a request and its end waits for the next request")
    func answered() {
        world.engine.hearsNoMore(bob.connection)
        #expect(whisper("psst", from: ann, to: bob.id)?.isOK == true)
        bob.disconnect()
        let next = bob.anotherTab()
        next.join("lounge")
        #expect(next.whispers.map(\.text) == ["psst"])
    }
}
