import RoomEngine
import Testing

@testable import Plugins

@Suite("The review queue")
struct ReviewTests {
    private let holder = "roost.on('chat', function(e) if e.text:find('maybe') then return roost.hold{ reason = 'unsure', ttl = 60 } end end)"

    private func world(_ code: String) throws -> TestWorld {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \(everything) }")
        try folder.write("subject/init.lua", code)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        return world
    }

    private func heldID(_ visitor: TestWorld.Visitor) throws -> String {
        guard case .held(_, let id)? = visitor.lastAnswer else { throw Unexpected("not held: \(String(describing: visitor.lastAnswer))") }
        return id
    }

    @Test("a held message is seen by nobody until it is approved, and then by everyone") func approve() throws {
        let world = try world(holder)
        let (ann, bob) = try world.couple()
        world.say("maybe this", ann)
        let id = try heldID(ann)
        #expect(bob.chats.isEmpty)
        #expect(world.engine.reviews.map(\.id) == [id])
        #expect(world.decide(id, true) == nil)
        world.settle()
        #expect(bob.chats == ["maybe this"])
        #expect(ann.chats == ["maybe this"])
        #expect(world.engine.reviews.isEmpty)
        #expect(world.decide(id, true)?.code == .notFound)
    }

    @Test("a refused message is told to its author alone, with the reason") func refuse() throws {
        let world = try world(holder)
        let (ann, bob) = try world.couple()
        world.say("maybe this", ann)
        #expect(world.decide(try heldID(ann), false, why: "no thanks") == nil)
        world.settle()
        #expect(bob.chats.isEmpty)
        #expect(ann.notices.contains { $0.contains("no thanks") })
    }

    @Test("what nobody decides about in time is refused") func timeout() throws {
        let world = try world(holder)
        let (ann, bob) = try world.couple()
        world.say("maybe this", ann)
        world.advance(milliseconds: 61_000)
        #expect(world.engine.reviews.isEmpty)
        #expect(bob.chats.isEmpty)
        #expect(ann.notices.contains { $0.contains("in time") })
    }

    @Test("flags add up to the threshold and not below it") func flags() throws {
        let world = try world("""
            roost.on("chat", function(e) return roost.flag{ label = "a", score = 0.5 } end)
            roost.on("chat", function(e) if e.text == "both" then return roost.flag{ label = "b", score = 0.5 } end end)
            """)
        let (ann, bob) = try world.couple()
        world.say("one", ann)
        world.say("both", ann)
        #expect(bob.chats == ["one"])
        _ = try heldID(ann)
    }

    @Test("somebody who was muted meanwhile is not published") func muted() throws {
        let world = try world(holder)
        let (ann, bob) = try world.couple()
        world.say("maybe this", ann)
        let room = try #require(ann.rooms.last)
        world.engine.restrict(.mute, ann.record.id, in: room, seconds: nil, reason: "", by: "console")
        #expect(world.decide(try heldID(ann), true)?.code == .forbidden)
        world.settle()
        #expect(bob.chats.isEmpty)
    }

    @Test("plugins hear what was decided, and can decide") func hook() throws {
        let world = try world(holder + """

            roost.on("held", function(e) e.room:say(e.text .. ": " .. e.decision .. " by " .. e.by) end)
            roost.command("ok", { args = "<id:word>", help = "Approves." }, function(c) roost.approve(c.args.id) end)
            """)
        let (ann, bob) = try world.couple()
        world.say("maybe this", ann)
        world.say("/ok \(try heldID(ann))", bob)
        #expect(bob.chats == ["maybe this", "maybe this: approved by subject"])
    }

    @Test("somebody who knocks waits until they are let in or turned away") func knock() throws {
        let world = try world("roost.on('join', function(e) if e.user.name ~= 'Ann' then return roost.hold{ reason = 'members only' } end end)")
        guard case .success(let room)? = world.room(NewRoom(title: "Room"), owner: nil) else { throw Unexpected("no room") }
        let ann = world.visitor(named: "Ann", seed: nil, isAdmin: true)
        let bob = world.visitor(named: "Bob", seed: nil, isAdmin: false)
        let eve = world.visitor(named: "Eve", seed: nil, isAdmin: false)
        world.join(room, ann)
        world.join(room, bob)
        let bobsKnock = try heldID(bob)
        world.join(room, eve)
        let evesKnock = try heldID(eve)
        #expect(ann.notices.contains { $0.contains("Bob knocks") })
        #expect(world.engine.rooms[room]?.count == 1)
        #expect(world.decide(bobsKnock, true) == nil)
        world.settle()
        #expect(world.engine.rooms[room]?.count == 2)
        #expect(world.decide(evesKnock, false, why: "not today") == nil)
        world.settle()
        #expect(eve.lastRefusal?.text.contains("not today") == true)
        #expect(world.engine.rooms[room]?.count == 2)
    }

    @Test("a silent drop needs its permission, and its author does not notice") func silent() throws {
        let world = try world("roost.on('chat', function(e) if e.text == 'spam' then return roost.drop{ reason = 'x', silent = true } end end)")
        let (ann, bob) = try world.couple()
        world.say("spam", ann)
        guard case .ok(_, nil)? = ann.lastAnswer else { throw Unexpected("\(String(describing: ann.lastAnswer))") }
        #expect(bob.chats.isEmpty)
    }
}
