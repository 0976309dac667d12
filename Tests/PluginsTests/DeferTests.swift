import Journal
import RoomEngine
import Testing

@testable import Plugins

@Suite("Taking time over a message")
struct DeferTests {
    private func world(_ code: String, manifest: String = "{ \(everything) }") throws -> TestWorld {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", manifest)
        try folder.write("subject/init.lua", code)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        return world
    }

    private let slow = """
        roost.on("chat", function(e)
          if e.text:find("slow") then
            return roost.defer(function(e)
              roost.sleep(2)
              if e.text:find("bad") then return roost.drop("no") end
              if e.text:find("shout") then return roost.modify{ text = e.text:upper() } end
            end, { timeout = 5 })
          end
        end)
        """

    @Test("the room goes on, the author sees that it is checked, and the message takes its place when it is decided") func place() throws {
        let world = try world(slow)
        let (ann, bob) = try world.couple()
        world.say("slow", ann)
        #expect(ann.messages.contains { if case .checking = $0 { true } else { false } })
        #expect(ann.lastAnswer == nil)
        world.say("quick", bob)
        #expect(ann.chats == ["quick"])
        world.advance(milliseconds: 2_100)
        #expect(ann.chats == ["quick", "slow"])
        #expect(bob.chats == ["quick", "slow"])
        guard case .ok? = ann.lastAnswer else { throw Unexpected("\(String(describing: ann.lastAnswer))") }
    }

    @Test("every verdict can come late") func verdicts() throws {
        let world = try world(slow)
        let (ann, bob) = try world.couple()
        world.say("slow and bad", ann)
        world.say("slow shout", bob)
        world.advance(milliseconds: 2_100)
        #expect(ann.lastRefusal?.text == "no")
        #expect(ann.chats == ["SLOW SHOUT"])
    }

    @Test("of somebody who is erased meanwhile nothing is noted down") func erased() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \(everything) }")
        try folder.write("subject/init.lua", slow)
        var kept: [Trace] = []
        let world = TestWorld(journal: MemoryJournal(), seed: 1) { _ in
            var surroundings = PluginHost.Surroundings(folder: folder.path, log: { _, _, _ in })
            surroundings.keepTrace = { kept.append($0) }
            return surroundings
        }
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        world.say("slow and bad", ann)
        world.say("slow and bad, too", bob)
        world.engine.beginErasing(ann.record.id) {}
        world.advance(milliseconds: 2_100)
        #expect(kept.map(\.personID) == [bob.record.id.text])
    }

    @Test("when the time is over the fail policy decides", arguments: [(false, 1), (true, 0)]) func timeout(isSafety: Bool, shown: Int) throws {
        let world = try world(
            "roost.on('chat', function(e) return roost.defer(function() roost.sleep(10) end, { timeout = 1 }) end)",
            manifest: "{ \"safety\": \(isSafety) }")
        let (ann, bob) = try world.couple()
        world.say("hi", ann)
        world.advance(milliseconds: 1_500)
        #expect(bob.chats.count == shown)
        #expect((ann.lastRefusal != nil) == isSafety)
        #expect(world.host.plugins["subject"]?.account.stalls == 1)
        world.advance(milliseconds: 20_000)
        #expect(bob.chats.count == shown, "what comes after the time is over counts for nothing")
    }

    @Test("somebody who was muted meanwhile is not heard") func muted() throws {
        let world = try world(slow)
        let (ann, bob) = try world.couple()
        world.say("slow", ann)
        world.engine.restrict(.mute, ann.record.id, in: try #require(ann.rooms.last), seconds: nil, reason: "", by: "console")
        world.advance(milliseconds: 3_000)
        #expect(bob.chats.isEmpty)
        #expect(ann.lastRefusal?.code == .muted)
    }

    @Test("the handlers after it see what it has made of the message, and those before it see that again") func chain() throws {
        let folder = try PluginFolder()
        try folder.write("a.lua", "roost.on('chat', function(e) if e.text:find('SLOW') then return roost.drop('too loud') end end)")
        try folder.write("b.lua", slow)
        let world = folder.world()
        try world.host.loadAll()
        let (ann, bob) = try world.couple()
        world.say("slow shout", ann)
        world.advance(milliseconds: 3_000)
        #expect(bob.chats.isEmpty)
        #expect(ann.lastRefusal?.text == "too loud")
    }

    @Test("a message is decided by the version that began with it, whatever is loaded meanwhile") func reload() throws {
        let folder = try PluginFolder()
        let code = { (n: Int) in "roost.on('chat', function(e) return roost.defer(function() roost.sleep(1) return roost.modify{ text = 'v\(n)' } end) end)" }
        try folder.write("subject.lua", code(1))
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        world.say("x", ann)
        try folder.write("subject.lua", code(2))
        _ = try world.host.load(folder.files("subject")).get()
        world.say("y", ann)
        world.advance(milliseconds: 5_000)
        #expect(bob.chats == ["v1", "v2"])
    }

    @Test("what cannot be deferred says so at its line", arguments: [
        ("roost.on('join', function(e) return roost.defer(function() end) end)", "roost.defer does not fit 'join'"),
        ("roost.on('chat', function(e) return roost.defer(function() return roost.defer(function() end) end) end)", "cannot be deferred again"),
        ("roost.on('chat', function(e) return roost.defer(function() end, { timeout = 60 }) end)", "'timeout' is in seconds, up to 30"),
    ])
    func mistakes(code: String, expected: String) throws {
        let world = try world(code)
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        world.advance(milliseconds: 5_000)
        #expect(world.host.plugins["subject"]?.problems.contains { $0.message.contains(expected) } == true)
    }
}
