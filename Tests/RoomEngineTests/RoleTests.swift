import RoomEngine
import Testing

@Suite struct RoleTests {
    let world = World()
    let id: RoomID
    let ann: Client
    let bob: Client
    let cem: Client

    init() throws {
        ann = world.visitor("ann")
        ann.ask(.create(NewRoom(title: "Ann's")))
        id = try #require(world.engine.rooms.keys.first)
        ann.join(id)
        bob = world.member("bob", of: id)
        cem = world.member("cem", of: id)
    }

    private func moderate(_ kind: Moderation.Kind, _ target: Client, by client: Client, seconds: Double? = nil) -> Message? {
        client.ask(.moderate(kind, room: id, person: target.id, seconds: seconds, reason: "because"))
    }

    private func give(_ role: Role, to target: Client, by client: Client) -> Message? { client.ask(.role(role, room: id, person: target.id)) }
    private func role(of client: Client) -> Role? { world.engine.people[client.id].flatMap { world.engine.rooms[id]?.role(of: $0) } }

    @Test("the owner makes somebody a moderator, which everyone sees, and takes it back")
    func appoint() throws {
        #expect(give(.moderator, to: bob, by: ann)?.isOK == true)
        guard case .role(let member, .member)? = cem.events.last?.body else {
            Issue.record("no role event")
            return
        }
        #expect(member.id == bob.id.text && member.role == .moderator)
        let joined = try #require(world.visitor("dan").join(id)?.joined)
        #expect(joined.members.first { $0.id == bob.id.text }?.role == .moderator)
        #expect(give(.member, to: bob, by: ann)?.isOK == true)
        #expect(role(of: bob) == .member)
        #expect(give(.member, to: bob, by: ann)?.refusal?.code == .notFound)
    }

    @Test("moderators are moderators after a restart, and when they come back")
    func restart() {
        _ = give(.moderator, to: bob, by: ann)
        world.restart()
        let back = world.visitor("bob")
        #expect(back.join(id)?.joined?.you.role == .moderator)
        world.engine.give(.member, to: bob.id, in: id, by: .console)
        world.settle()
        world.restart()
        #expect(world.visitor("bob").join(id)?.joined?.you.role == .member)
    }

    @Test("nobody but the owner gives roles, and nobody an admin's")
    func others() {
        _ = give(.moderator, to: bob, by: ann)
        for role in [Role.moderator, .owner, .member] { #expect(give(role, to: cem, by: bob)?.refusal?.code == .forbidden) }
        #expect(give(.admin, to: bob, by: ann)?.refusal?.code == .forbidden)
        #expect(give(.moderator, to: ann, by: ann)?.refusal != nil)
        let outsider = world.visitor("eve")
        #expect(give(.moderator, to: outsider, by: outsider)?.refusal?.code == .notMember)
    }

    @Test("the owner hands the room over, and is a member then")
    func transfer() {
        _ = give(.moderator, to: bob, by: ann)
        #expect(give(.owner, to: bob, by: ann)?.isOK == true)
        #expect(role(of: bob) == .owner && role(of: ann) == .member)
        #expect(give(.moderator, to: cem, by: ann)?.refusal?.code == .forbidden)
        #expect(give(.owner, to: cem, by: bob)?.isOK == true)
        #expect(role(of: bob) == .member, "what one was before one owned the room is not come back to")
    }

    @Test("a moderator kicks and mutes members, and nobody at or above their own rank")
    func moderator() {
        _ = give(.moderator, to: bob, by: ann)
        let dan = world.member("dan", of: id)
        _ = give(.moderator, to: dan, by: ann)
        #expect(moderate(.mute, cem, by: bob, seconds: 60)?.isOK == true)
        #expect(cem.say("hello?", in: id)?.refusal?.code == .muted)
        #expect(bob.ask(.pardon(.mute, room: id, person: cem.id))?.isOK == true)
        #expect(cem.say("hello!", in: id)?.isOK == true)
        for target in [ann, dan, bob] {
            #expect(moderate(.kick, target, by: bob)?.refusal != nil)
            #expect(moderate(.mute, target, by: bob)?.refusal != nil)
        }
        #expect(moderate(.ban, cem, by: bob)?.refusal?.code == .forbidden)
        #expect(moderate(.kick, cem, by: bob)?.isOK == true)
        #expect(ann.events.last?.movement == "exit cem kicked")
        #expect(cem.bye?.code == .kicked)
    }

    @Test("members moderate nobody")
    func member() {
        for kind in [Moderation.Kind.kick, .mute, .ban] { #expect(moderate(kind, bob, by: cem)?.refusal?.code == .forbidden) }
        #expect(cem.ask(.pardon(.mute, room: id, person: bob.id))?.refusal?.code == .forbidden)
        #expect(cem.ask(.set(id, RoomChange(topic: "mine")))?.refusal?.code == .forbidden)
        #expect(cem.ask(.restrictions(id))?.refusal?.code == .forbidden)
        #expect(cem.ask(.review(room: id, id: "h_1", isApproved: true, why: ""))?.refusal?.code == .forbidden)
    }

    @Test("the owner bans, sees who is banned, and lets them in again")
    func ban() throws {
        #expect(moderate(.ban, bob, by: ann, seconds: 100)?.isOK == true)
        #expect(bob.bye?.code == .banned)
        guard case .restrictions(_, _, let list)? = ann.ask(.restrictions(id)) else {
            Issue.record("no list")
            return
        }
        #expect(list.map(\.person) == [bob.id] && list[0].by == ann.id.text && list[0].reason == "because")
        let back = world.visitor("bob")
        #expect(back.join(id)?.refusal?.code == .banned)
        #expect(ann.ask(.pardon(.ban, room: id, person: bob.id))?.isOK == true)
        #expect(ann.ask(.pardon(.ban, room: id, person: bob.id))?.refusal?.code == .notFound)
        #expect(back.join(id)?.joined != nil)
    }

    @Test("the owner changes the room's settings, and everyone there hears of them")
    func settings() {
        #expect(ann.ask(.set(id, RoomChange(title: "Garden", max: 3, slow: 5)))?.isOK == true)
        let told = bob.messages.compactMap { if case .settings(let info) = $0 { info } else { nil } }.last
        #expect(told?.title == "Garden" && told?.max == 3 && told?.slow == 5)
        #expect(ann.ask(.set(id, RoomChange(topic: "tea")))?.isOK == true)
        guard case .topic("tea", let author)? = bob.events.last?.body else {
            Issue.record("no topic event")
            return
        }
        #expect(author?.id == ann.id.text)
        #expect(ann.ask(.set(id, RoomChange(max: 1)))?.refusal?.field == "max")
        #expect(ann.ask(.set(id, RoomChange(tags: ["No Tag"])))?.refusal?.field == "tags")
    }

    @Test("an admin made by the console stands above the owner, over restarts")
    func admin() {
        var refusal: Refusal?
        world.engine.setAdmin(true, cem.id) { refusal = $0 }
        world.settle()
        #expect(refusal == nil && role(of: cem) == .admin)
        guard case .role(let member, _)? = bob.events.last?.body else {
            Issue.record("no role event")
            return
        }
        #expect(member.role == .admin)
        #expect(moderate(.kick, ann, by: cem)?.isOK == true)
        #expect(world.journal.contents.people[cem.id]?.isAdmin == true)
    }

    // MARK: Plugins

    @Test("plugins are asked about what people and plugins do, and not about what the console does", arguments: [Moderation.Kind.kick, .mute, .ban])
    func asked(kind: Moderation.Kind) {
        world.hooks.rule = { event in
            if case .moderation = event.payload { Decision(.deny(Refusal(.refused, "not them"))) } else { Decision(.pass) }
        }
        #expect(moderate(kind, bob, by: ann)?.refusal?.text == "not them")
        world.engine.perform([.moderate(Moderation(kind, room: id, person: bob.id, by: .plugin("guard", hops: 1)))])
        world.settle()
        #expect(world.engine.rooms[id]?.members[bob.id] != nil && bob.say("still here", in: id)?.isOK == true)
        world.engine.moderate(Moderation(kind, room: id, person: bob.id, by: .console))
        world.settle()
        #expect(bob.say("and now", in: id)?.refusal != nil)
    }

    @Test("a plugin makes a mute shorter, and hears of it when it is done")
    func shorter() throws {
        world.hooks.rule = { event in
            if case .moderation(var wanted, let target) = event.payload {
                wanted.seconds = 10
                event.payload = .moderation(wanted, target: target)
            }
            return Decision(.pass)
        }
        _ = moderate(.mute, bob, by: ann, seconds: 1_000)
        #expect(bob.say("?", in: id)?.refusal?.retryAfter == 10)
        let happened = try #require(world.hooks.happened.last { $0.kind == .mute })
        #expect(happened.person?.id == ann.id && happened.origin == .person)
    }

    @Test("a new topic is asked about, and can be another one")
    func topic() {
        world.hooks.rule = { event in
            if case .topic(let from, _) = event.payload { event.payload = .topic(from: from, to: "better") }
            return Decision(.pass)
        }
        _ = ann.ask(.set(id, RoomChange(topic: "worse")))
        guard case .topic("better", _)? = bob.events.last?.body else {
            Issue.record("no topic event")
            return
        }
        world.hooks.rule = { $0.kind == .topic ? Decision(.deny(Refusal(.refused, "no"))) : Decision(.pass) }
        #expect(ann.ask(.set(id, RoomChange(topic: "worse")))?.refusal?.text == "no")
        #expect(world.engine.rooms[id]?.record.topic == "better")
    }
}
