import RoomEngine
import Testing

@Suite struct KnockTests {
    let world = World()
    let ann: Client

    init() {
        world.room("lounge", max: 3)
        ann = world.member("ann", of: "lounge", isAdmin: true)
        world.hooks.rule = { $0.kind == .join ? Decision(.hold(reason: "members only", seconds: 100, by: "door")) : Decision(.pass) }
    }

    private func knock(_ client: Client) throws -> String {
        guard case .held(_, let id)? = client.join("lounge") else { throw Failure(text: "\(client.messages)") }
        return id
    }

    private struct Failure: Error { let text: String }

    @Test("moderators see who knocks, let them in, and see that it is decided")
    func letIn() throws {
        let bob = world.visitor("bob")
        let id = try knock(bob)
        #expect(ann.reviews.map(\.id) == [id])
        #expect(ann.reviews[0].kind == .knock && ann.reviews[0].from.name == "bob" && ann.reviews[0].reason == "members only")
        #expect(ann.ask(.review(room: "lounge", id: id, isApproved: true, why: ""))?.isOK == true)
        #expect(bob.messages.compactMap(\.joined).count == 1)
        #expect(ann.messages.contains(.reviewed(room: "lounge", id: id, decision: "approved")))
    }

    @Test("who is turned away hears why")
    func turnAway() throws {
        let bob = world.visitor("bob")
        let id = try knock(bob)
        _ = ann.ask(.review(room: "lounge", id: id, isApproved: false, why: "full of friends"))
        #expect(bob.messages.compactMap(\.refusal).last?.text.contains("full of friends") == true)
        #expect(world.engine.reviews.isEmpty)
    }

    @Test("nobody knocks for ever")
    func timeout() throws {
        let bob = world.visitor("bob")
        _ = try knock(bob)
        world.advance(seconds: 101)
        #expect(bob.messages.compactMap(\.refusal).last?.code == .refused)
        #expect(world.engine.reviews.isEmpty)
    }

    @Test("who asks again knocks on, and plugins are not asked again")
    func again() throws {
        let bob = world.visitor("bob")
        let id = try knock(bob)
        let tab = bob.anotherTab()
        #expect(try knock(tab) == id)
        #expect(ann.reviews.count == 1)
        #expect(world.approve(id) == nil)
        world.settle()
        for client in [bob, tab] { #expect(client.messages.compactMap(\.joined).count == 1) }
        #expect(world.engine.rooms["lounge"]?.count == 2)
    }

    @Test("who is let in between two requests gets in with the next one, and not much later")
    func requests() throws {
        let bob = world.visitor("bob")
        let id = try knock(bob)
        bob.disconnect()
        #expect(world.approve(id) == nil)
        let soon = bob.anotherTab()
        #expect(soon.join("lounge")?.joined != nil)

        let cem = world.visitor("cem")
        let second = try knock(cem)
        cem.disconnect()
        #expect(world.approve(second) == nil)
        world.advance(seconds: 61)
        _ = try knock(cem.anotherTab())
    }

    @Test("who has gone does not knock any more")
    func gone() throws {
        let bob = world.visitor("bob")
        let id = try knock(bob)
        bob.disconnect()
        world.advance(seconds: 16)
        #expect(world.engine.reviews.isEmpty)
        #expect(ann.messages.contains(.reviewed(room: "lounge", id: id, decision: "withdrawn")))
    }

    @Test("to be let in does not make room")
    func full() throws {
        let bob = world.visitor("bob")
        let id = try knock(bob)
        world.hooks.rule = { _ in Decision(.pass) }
        for name in ["cem", "dan"] { _ = world.member(name, of: "lounge") }
        #expect(world.approve(id) == nil)
        world.settle()
        #expect(bob.messages.compactMap(\.refusal).last?.code == .full)
    }

    @Test("a moderator who comes later sees what waits")
    func later() throws {
        _ = try knock(world.visitor("bob"))
        let tab = ann.anotherTab()
        tab.join("lounge")
        #expect(tab.reviews.map(\.from.name) == ["bob"])
    }

    @Test("behind a shield newcomers knock, without any plugin, until it is down")
    func shield() throws {
        world.hooks.rule = { _ in Decision(.pass) }
        let room = try #require(world.engine.rooms["lounge"])
        world.engine.shield(room, seconds: 60)
        let bob = world.visitor("bob")
        let id = try knock(bob)
        #expect(world.approve(id) == nil)
        world.settle()
        #expect(bob.messages.compactMap(\.joined).count == 1)
        world.advance(seconds: 61)
        #expect(world.visitor("cem").join("lounge")?.joined != nil)
    }

    @Test("who is sent to another room is told which")
    func redirect() throws {
        world.room("garden")
        world.hooks.rule = { $0.kind == .join && $0.room?.id == "lounge" ? Decision(.redirect("garden")) : Decision(.pass) }
        let refusal = try #require(world.visitor("bob").join("lounge")?.refusal)
        #expect(refusal.code == .redirect && refusal.room == "garden")
    }

    // MARK: Coming back

    @Test("plugins are told who comes back after their seat was given up")
    func resumed() throws {
        world.hooks.rule = { _ in Decision(.pass) }
        let bob = world.member("bob", of: "lounge")
        let position = bob.position
        bob.disconnect()
        world.advance(seconds: 20)
        let back = bob.anotherTab()
        back.join("lounge", seen: position)
        let joins = world.hooks.happened.filter { $0.kind == .join && $0.person?.id == bob.id }.map { event in
            if case .join(let resumed, _, _) = event.payload { resumed } else { false }
        }
        #expect(joins == [false, true])
    }

    @Test("a request to hear more that was on its way when somebody left does not bring them back")
    func leavers() {
        world.hooks.rule = { _ in Decision(.pass) }
        let bob = world.member("bob", of: "lounge")
        let position = bob.position
        bob.ask(.exit("lounge"))
        let late = Command.join(.init(room: "lounge", seen: position, isImplied: true))
        #expect(bob.ask(late)?.refusal?.code == .notMember)
        #expect(world.engine.rooms["lounge"]?.count == 1)
        #expect(bob.join("lounge")?.joined != nil, "who wants to come back may")
        #expect(bob.ask(late)?.joined != nil)
    }
}
