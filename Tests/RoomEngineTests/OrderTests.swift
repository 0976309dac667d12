import RoomEngine
import Testing

@Suite struct OrderTests {
    let world = World()
    init() { world.room("lounge") }

    @Test("everyone sees the same events in the same order, numbered without holes")
    func order() {
        let members = (1...5).map { world.member("m\($0)", of: "lounge") }
        world.journal.isHeld = true
        for round in 1...10 {
            for member in members { member.send(.chat(.init(room: "lounge", text: "\(member.record.name) \(round)"))) }
            if round % 3 == 0 {
                world.journal.isHeld = false
                world.settle()
                world.journal.isHeld = true
            }
        }
        world.journal.isHeld = false
        world.settle()
        let stored = world.stored("lounge")
        #expect(stored.map(\.seq) == Array(1...55))
        #expect(members[0].events == stored)
        for (number, member) in members.enumerated() {
            #expect(member.events.map(\.seq) == Array(1...55), "member \(number)")
            #expect(member.texts == members[0].texts)
        }
    }

    @Test("each member's messages stay in the order they were sent, while plugins take their time")
    func orderWithSlowPlugins() {
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "lounge")
        world.hooks.rule = { if case .chat(let text, _) = $0.payload, text.contains("slow") { nil } else { Decision(.pass) } }
        for text in ["1", "2 slow", "3", "4 slow", "5"] { ann.send(.chat(.init(room: "lounge", text: text))) }
        world.settle()
        #expect(bob.texts == ["1"])
        world.hooks.answer()
        world.settle()
        #expect(bob.texts == ["1", "2 slow", "3"])
        world.hooks.answer()
        world.settle()
        #expect(bob.texts == ["1", "2 slow", "3", "4 slow", "5"])
    }

    @Test("a room that waits for a plugin does not hold up the others")
    func otherRooms() {
        world.room("garden")
        let ann = world.member("ann", of: "lounge")
        let bob = world.member("bob", of: "garden")
        world.hooks.rule = { $0.room?.id == "lounge" ? nil : Decision(.pass) }
        ann.send(.chat(.init(room: "lounge", text: "waiting")))
        #expect(bob.say("going on", in: "garden")?.isOK == true)
        #expect(ann.texts.isEmpty)
    }

    @Test("rooms have their own numbers")
    func numbers() {
        world.room("garden")
        let ann = world.member("ann", of: "lounge")
        ann.join("garden")
        #expect(ann.say("a", in: "lounge")?.seq == 2)
        #expect(ann.say("b", in: "garden")?.seq == 2)
        #expect(ann.say("c", in: "lounge")?.seq == 3)
    }
}

@Suite struct HistoryTests {
    let world = World { ($0.pageEvents, $0.recentEvents) = (5, 8) }
    init() { world.room("lounge") }

    private func page(_ client: Client, before: Int64, limit: Int) -> (events: [Event], more: Bool)? {
        guard case .history(_, _, let events, _, let more)? = client.ask(.history(room: "lounge", before: before, limit: limit)) else { return nil }
        return (events, more)
    }

    @Test("history goes back page by page to the beginning, without holes")
    func paging() throws {
        let ann = world.member("ann", of: "lounge")
        for number in 1...29 { ann.say("\(number)", in: "lounge") }
        let bob = world.visitor("bob")
        let joined = try #require(bob.join("lounge")?.joined)
        #expect(joined.events.map(\.seq) == [27, 28, 29, 30, 31])
        #expect(joined.more)
        var seen = joined.events
        var pages = 0
        while seen[0].seq > 1 {
            let (events, more) = try #require(page(bob, before: seen[0].seq, limit: 7))
            #expect(more == (events.first?.seq != 1))
            seen = events + seen
            pages += 1
        }
        #expect(pages == 4)
        #expect(seen == world.stored("lounge"))
    }

    @Test("there is nothing before the first event")
    func beginning() throws {
        let ann = world.member("ann", of: "lounge")
        let (events, more) = try #require(page(ann, before: 1, limit: 10))
        #expect(events.isEmpty && !more)
    }

    @Test("history is for members")
    func stranger() {
        #expect(world.visitor("ann").ask(.history(room: "lounge", before: 10, limit: 5))?.refusal?.code == .notMember)
    }

    @Test("history that cannot be read is said to be so")
    func unreadable() {
        let ann = world.member("ann", of: "lounge")
        world.journal.isUnreadable = true
        #expect(ann.ask(.history(room: "lounge", before: 10, limit: 5))?.refusal?.code == .unavailable)
    }
}
