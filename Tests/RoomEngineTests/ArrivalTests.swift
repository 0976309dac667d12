import RoomEngine
import Testing

@Suite struct ArrivalTests {
    let world = World()

    init() { world.room("lounge") }

    private var arrivals: Int { world.hooks.happened.count { $0.kind == .connect } }

    @Test("plugins hear of a person once, however many tabs they open")
    func once() {
        let ann = world.visitor("ann")
        _ = ann.anotherTab()
        #expect(arrivals == 1)
    }

    @Test("who comes back while their seat waits has arrived again, and resumed")
    func resumed() throws {
        let ann = world.member("ann", of: "lounge")
        ann.disconnect()
        _ = ann.anotherTab()
        #expect(arrivals == 2)
        guard case .connect("en", resumed: true)? = world.hooks.happened.last(where: { $0.kind == .connect })?.payload else {
            Issue.record("not resumed")
            return
        }
    }

    @Test("somebody whom a plugin does not welcome can do nothing, and is told why")
    func denied() {
        world.hooks.rule = { $0.kind == .connect ? Decision(.deny(Refusal(.refused, "Not today.", retryAfter: 60))) : Decision(.pass) }
        let eve = world.visitor("eve")
        #expect(eve.messages.contains { if case .welcome = $0 { true } else { false } } == false)
        #expect(eve.bye == Closing(.refused, "Not today.", retryAfter: 60))
        #expect(eve.join("lounge")?.refusal?.text == "Not today.")
        #expect(world.engine.rooms["lounge"]?.count == 0)
        eve.disconnect()
        #expect(world.engine.people[eve.id] == nil)
    }

    @Test("what is asked before plugins have decided is done when they have")
    func early() {
        world.hooks.rule = { $0.kind == .connect ? nil : Decision(.pass) }
        let ann = world.visitor("ann")
        let reference = ann.send(.join(.init(room: "lounge")))
        let tab = ann.anotherTab()
        world.settle()
        #expect(ann.messages.isEmpty && tab.messages.isEmpty)
        world.hooks.answer()
        world.settle()
        #expect(ann.answer(to: reference)?.joined != nil)
        #expect(tab.messages.count == 1, "both tabs are welcome, and plugins were asked once")
        #expect(world.hooks.waiting.isEmpty)
    }

    // MARK: Names

    @Test("a new name is asked about, and can be another one")
    func name() {
        let ann = world.member("ann", of: "lounge")
        world.hooks.rule = { event in
            if case .name(let from, let to) = event.payload { event.payload = .name(from: from, to: to.uppercased()) }
            return Decision(.pass)
        }
        #expect(ann.ask(.name("anna"))?.isOK == true)
        guard case .name(let member, before: "ann")? = ann.events.last?.body else {
            Issue.record("no name event")
            return
        }
        #expect(member.name == "ANNA")
        world.hooks.rule = { $0.kind == .name ? Decision(.deny(Refusal(.refused, "taken"))) : Decision(.pass) }
        #expect(ann.ask(.name("admin"))?.refusal?.text == "taken")
        #expect(world.engine.people[ann.id]?.name == "ANNA")
    }

    // MARK: Rooms

    @Test("a new room is asked about before there is one, and hears how it is to be")
    func create() throws {
        var seen: (room: Room?, hasPassword: Bool)?
        world.hooks.rule = { event in
            if case .roomCreate(let title, _, let hasPassword) = event.payload {
                seen = (event.room, hasPassword)
                event.payload = .roomCreate(title: title + "!", max: 3, hasPassword: hasPassword)
            }
            return Decision(.pass)
        }
        let ann = world.visitor("ann")
        guard case .created(_, let room)? = ann.ask(.create(NewRoom(title: "Tea", max: 20, password: "x"))) else {
            Issue.record("no room")
            return
        }
        #expect(room.title == "Tea!" && room.max == 3)
        #expect(seen?.room == nil && seen?.hasPassword == true)
        world.hooks.rule = { $0.kind == .roomCreate ? Decision(.deny(Refusal(.refused, "enough rooms"))) : Decision(.pass) }
        #expect(ann.ask(.create(NewRoom(title: "Cake")))?.refusal?.text == "enough rooms")
        #expect(world.engine.rooms.count == 2)
    }

    @Test("plugins hear that a room is removed, and why, while they can still look at it", arguments: ["owner", "empty"])
    func remove(reason: String) throws {
        let ann = world.visitor("ann")
        guard case .created(_, let room)? = ann.ask(.create(NewRoom(title: "Tea"))) else {
            Issue.record("no room")
            return
        }
        if reason == "owner" { ann.ask(.remove(room.id)) } else { world.advance(seconds: 601) }
        let event = try #require(world.hooks.happened.last { $0.kind == .roomRemove })
        guard case .roomRemove(reason) = event.payload else {
            Issue.record("\(event.payload)")
            return
        }
        #expect(event.room?.id == room.id)
    }
}
