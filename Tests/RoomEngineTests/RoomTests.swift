import RoomEngine
import Testing

@Suite struct RoomTests {
    let world = World()

    private func create(_ wanted: NewRoom, by client: Client) -> (RoomInfo?, Refusal?) {
        switch client.ask(.create(wanted)) {
        case .created(_, let info): (info, nil)
        case .refused(_, let refusal): (nil, refusal)
        default: (nil, nil)
        }
    }

    @Test("who makes a room owns it")
    func create() throws {
        let ann = world.visitor("ann")
        let info = try #require(create(NewRoom(title: "Ann's", max: 5, topic: "tea"), by: ann).0)
        #expect(info.title == "Ann's" && info.max == 5 && info.topic == "tea" && info.count == 0 && !info.hasPassword)
        #expect(info.owner?.id == ann.id.text)
        #expect(ann.join(info.id)?.joined?.you.role == .owner)
        #expect(world.journal.contents.rooms[info.id]?.record?.owner?.id == ann.id.text)
    }

    @Test("a room has a title of 1 to 60 characters and 2 to 10,000 seats")
    func limits() {
        let ann = world.visitor("ann")
        #expect(create(NewRoom(title: ""), by: ann).1?.field == "title")
        #expect(create(NewRoom(title: String(repeating: "a", count: 61)), by: ann).1?.field == "title")
        #expect(create(NewRoom(title: String(repeating: "a", count: 60)), by: ann).0 != nil)
        for max in [1, 10_001] { #expect(create(NewRoom(title: "room", max: max), by: ann).1?.field == "max") }
        for max in [2, 10_000] { #expect(create(NewRoom(title: "room", max: max), by: ann).0 != nil) }
    }

    @Test("a room that cannot be stored is not there")
    func unstored() {
        let ann = world.visitor("ann")
        world.journal.failure = "disk full"
        #expect(create(NewRoom(title: "room"), by: ann).1?.code == .unavailable)
        #expect(world.engine.rooms.isEmpty)
    }

    @Test("an empty room that a person made goes after the grace, with its history; others stay")
    func grace() throws {
        let ann = world.visitor("ann")
        let id = try #require(create(NewRoom(title: "Ann's"), by: ann).0).id
        world.room("lounge")
        ann.join(id)
        ann.say("hello", in: id)
        ann.ask(.exit(id))
        world.advance(seconds: 599)
        #expect(world.engine.rooms[id] != nil)
        world.advance(seconds: 1)
        #expect(world.engine.rooms[id] == nil)
        #expect(world.journal.contents.rooms[id] == nil)
        #expect(world.engine.rooms["lounge"] != nil)
        #expect(ann.join(id)?.refusal?.code == .notFound)
    }

    @Test("who comes back in time keeps the room")
    func kept() throws {
        let ann = world.visitor("ann")
        let id = try #require(create(NewRoom(title: "Ann's"), by: ann).0).id
        world.advance(seconds: 599)
        ann.join(id)
        world.advance(seconds: 3_600)
        #expect(ann.say("still mine", in: id)?.isOK == true)
    }

    @Test("a room does not go while plugins decide about somebody's join")
    func joinAtTheEnd() throws {
        let ann = world.visitor("ann")
        let id = try #require(create(NewRoom(title: "Ann's"), by: ann).0).id
        world.advance(seconds: 599)
        world.hooks.rule = { $0.kind == .join ? nil : Decision(.pass) }
        let reference = ann.send(.join(.init(room: id)))
        world.advance(seconds: 5)
        world.hooks.answer()
        world.settle()
        #expect(ann.answer(to: reference)?.joined != nil)
        #expect(ann.say("still mine", in: id)?.isOK == true)
    }

    @Test("only the owner and admins remove a room; whoever is in it exits first")
    func remove() throws {
        let ann = world.visitor("ann")
        let id = try #require(create(NewRoom(title: "Ann's"), by: ann).0).id
        let bob = world.member("bob", of: id)
        #expect(bob.ask(.remove(id))?.refusal?.code == .forbidden)
        #expect(ann.ask(.remove(id))?.isOK == true)
        #expect(bob.events.last?.movement == "exit bob room_removed" || bob.events.last?.movement == "exit bob roomRemoved")
        #expect(bob.bye?.code == .roomRemoved)
        #expect(world.journal.contents.rooms[id] == nil)
        #expect(world.journal.contents.present.isEmpty)
        #expect(bob.say("hello?", in: id)?.refusal?.code == .notMember)
    }

    @Test("who gets in just before a room is removed leaves it with the others")
    func joinDuringRemoval() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        world.hooks.rule = { $0.kind == .join ? nil : Decision(.pass) }
        let bob = world.visitor("bob")
        let join = bob.send(.join(.init(room: "lounge")))
        world.engine.remove(world.engine.rooms["lounge"]!, reason: "console")
        world.settle()
        world.hooks.answer()
        world.settle()
        #expect(bob.answers(to: join).count == 1)
        #expect(bob.bye?.code == .roomRemoved)
        #expect(ann.bye?.code == .roomRemoved)
        #expect(world.journal.contents.rooms.isEmpty)
        #expect(world.engine.people[bob.id]?.rooms.isEmpty == true)
    }
}
