import RoomEngine
import Testing

@testable import Plugins

@Suite("Shadow mode")
struct ShadowTests {
    private let strict = """
        roost.on("chat", function(e)
          local n = roost.store:incr("seen")
          if e.text:find("bad") then
            e.user:mute{ seconds = 60 }
            return roost.drop("bad word")
          end
          if e.text:find("loud") then return roost.modify{ text = "quiet" } end
          e:reply("number " .. n)
        end)
        roost.after("chat", function(e) roost.log.info("after %s", e.text) end)
        roost.command("strict", {}, function(c) c:reply("no") end)
        """

    private func world(_ manifest: String = "{ \"mode\": \"shadow\", \(everything) }", kept: Kept? = nil) throws -> (PluginFolder, TestWorld) {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", manifest)
        try folder.write("subject/init.lua", strict)
        let world = folder.world(kept: kept)
        try world.host.loadAll()
        return (folder, world)
    }

    @Test("it sees everything and does nothing; what it would have done is noted beside what became of it") func looksOn() throws {
        let (_, world) = try world()
        let (ann, bob) = try world.couple()
        world.say("hello", ann)
        world.say("bad", ann)
        world.say("still here", ann)
        world.say("loud", bob)
        #expect(bob.chats == ["hello", "bad", "still here", "loud"])
        #expect(ann.notices.isEmpty)
        let entries = try #require(world.host.plugins["subject"]?.shadow?.entries)
        let would = entries.map(\.would)
        #expect(would.contains("drop \"bad word\""))
        #expect(would.contains { $0.hasPrefix("mute u_ann") })
        #expect(would.contains("modify text"))
        #expect(would.contains { $0.contains("“number 1”") })
        #expect(entries.allSatisfy { $0.did == "pass" })
        #expect(entries.first { $0.would.hasPrefix("drop") }?.text == "bad")
    }

    @Test("its later decisions see the world as if its own had counted") func world() throws {
        let (_, world) = try world()
        let (ann, bob) = try world.couple()
        world.say("bad", ann)
        world.say("hello", ann)
        world.say("hello", bob)
        let would = try #require(world.host.plugins["subject"]?.shadow?.entries.map(\.would))
        #expect(would.filter { $0.contains("number") }.count == 1, "Ann is muted, as far as it knows")
        #expect(would.contains { $0.contains("“number 2”") }, "its store goes on")
        #expect(!world.log.contains { $0.contains("after bad") }, "what it has stopped has not happened")
        #expect(world.log.contains { $0.contains("after hello") })
    }

    @Test("its writes are its copy's alone") func store() throws {
        let kept = Kept()
        let (_, world) = try world("{ \(everything) }", kept: kept)
        let (ann, _) = try world.couple()
        world.say("one", ann)
        _ = try world.host.turn("subject", .shadow)
        world.say("two", ann)
        world.say("three", ann)
        #expect(world.host.plugins["subject"]?.shadow?.entries.last?.would.contains("“number 3”") == true)
        _ = try world.host.turn("subject", .live)
        world.say("four", ann)
        #expect(ann.notices == ["number 1", "number 2"])
        #expect(throws: OperatorProblem.self) { try world.host.turn("subject", .live) }
    }

    @Test("its commands cannot be given") func commands() throws {
        let (_, world) = try world()
        let (ann, _) = try world.couple()
        world.say("/strict", ann)
        #expect(ann.lastRefusal?.code == .notFound)
        #expect(ann.notices.isEmpty)
    }

    @Test("the mode is kept over a restart, over the manifest's") func kept() throws {
        let kept = Kept()
        let (folder, world) = try world("{ \(everything) }", kept: kept)
        _ = try world.host.turn("subject", .shadow)
        let again = folder.world(kept: kept)
        try again.host.loadAll()
        #expect(again.host.plugins["subject"]?.shadow != nil)
    }

    @Test("nobody waits for it") func waits() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \"mode\": \"shadow\", \(everything) }")
        try folder.write("subject/init.lua", "roost.on('chat', function(e) roost.sleep(0.02) return roost.drop('late') end)")
        let world = folder.world()
        try world.host.loadAll()
        let (ann, bob) = try world.couple()
        world.say("hi", ann)
        #expect(bob.chats == ["hi"])
        world.advance(milliseconds: 100)
        #expect(world.host.plugins["subject"]?.shadow?.entries.map(\.would) == ["drop \"late\""])
    }
}
