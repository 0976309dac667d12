import RoomEngine
import Testing

@Suite struct OwnershipTests {
    let world = World()
    let id: RoomID
    let ann: Client
    let bob: Client

    init() throws {
        ann = world.visitor("ann")
        ann.ask(.create(NewRoom(title: "Ann's")))
        id = try #require(world.engine.rooms.keys.first)
        ann.join(id)
        bob = world.member("bob", of: id)
    }

    private var owner: String? { world.engine.rooms[id]?.record.owner?.id }

    @Test("ownership can be given to a member, and everyone hears of it")
    func transfer() {
        world.engine.perform([.transfer(id, bob.id, by: .console)])
        world.settle()
        #expect(owner == bob.id.text)
        guard case .owner(let info)? = ann.events.last?.body else {
            Issue.record("no owner event")
            return
        }
        #expect(info?.id == bob.id.text && info?.role == .owner)
        #expect(world.journal.contents.rooms[id]?.record?.owner?.id == bob.id.text)
        #expect(ann.ask(.remove(id))?.refusal?.code == .forbidden)
        #expect(bob.ask(.remove(id))?.isOK == true)
    }

    @Test("ownership is not given to somebody who is not there")
    func absent() {
        world.engine.perform([.transfer(id, "u_nobody", by: .console)])
        world.settle()
        #expect(owner == ann.id.text)
    }

    @Test("when the owner leaves, plugins choose among those who are there, the longest first")
    func succession() {
        _ = world.member("cem", of: id)
        var candidates: [String] = []
        world.hooks.rule = { event in
            guard case .owner(let people) = event.payload else { return Decision(.pass) }
            candidates = people.map(\.name)
            return Decision(.owner(people[0].id))
        }
        ann.ask(.exit(id))
        #expect(candidates == ["bob", "cem"])
        #expect(owner == bob.id.text)
        #expect(bob.events.compactMap { if case .owner(let info) = $0.body { info?.id } else { nil } } == [bob.id.text])
    }

    @Test("without a plugin that chooses, the owner stays the owner")
    func noSuccession() {
        ann.ask(.exit(id))
        #expect(owner == ann.id.text)
        #expect(ann.join(id)?.joined?.you.role == .owner)
    }

    @Test("who leaves while plugins choose leaves after the choice, and it is asked again")
    func late() {
        _ = world.member("cem", of: id)
        world.hooks.rule = { $0.kind == .owner ? nil : Decision(.pass) }
        ann.ask(.exit(id))
        bob.ask(.exit(id))
        world.hooks.answer(Decision(.owner(bob.id)))
        world.settle()
        #expect(owner == bob.id.text)
        world.hooks.answer(Decision(.owner("u_cem")))
        world.settle()
        #expect(owner == "u_cem")
    }

    @Test("an owner's new name is the new name of the room's owner")
    func rename() {
        ann.ask(.name("anna"))
        #expect(world.journal.contents.rooms[id]?.record?.owner?.name == "anna")
    }
}
