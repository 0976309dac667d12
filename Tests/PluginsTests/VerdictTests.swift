import RoomEngine
import Testing

@testable import Plugins

@Suite("Verdicts")
struct VerdictTests {
    private let party = """
        local function party(t)
          local room = t:room()
          return t:user("ann"):join(room), t:user("bob"):join(room)
        end

        """

    @Test("nothing returned lets the message pass") func passes() throws {
        try expectTests(
            of: "roost.on('chat', function(e) end)",
            party + "test('', function(t) local ann, bob = party(t); ann:say('hi'); t:expect(bob):received(1, 'chat', 'hi') end)")
    }

    @Test("a dropped message reaches nobody, and its author hears why") func drops() throws {
        try expectTests(
            of: "roost.on('chat', function(e) if e.text == 'no' then return roost.drop('not this') end end)",
            party + "test('', function(t) local ann, bob = party(t); ann:say('no'); t:expect(ann):refused('not this'); t:expect(bob):received(0, 'chat') end)")
    }

    @Test("a changed message goes on changed") func modifies() throws {
        try expectTests(
            of: "roost.on('chat', function(e) return roost.modify{ text = e.text:upper() } end, { phase = 'transform' })",
            party + "test('', function(t) local ann, bob = party(t); ann:say('hi'); t:expect(bob):received(1, 'chat', 'HI') end)")
    }

    @Test("a wrong return value is an error that names the handler's place, and the message passes")
    func wrongReturn() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "\nroost.on('chat', function(e)\n  return true\nend)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        world.say("hi", ann)
        #expect(bob.chats == ["hi"])
        let problem = try #require(world.host.plugins["subject"]?.problems.first)
        #expect(problem.message.contains("returned a boolean"))
        #expect(problem.file?.hasSuffix("/subject.lua") == true)
        #expect(problem.line == 2)
    }

    @Test("assigning to an event's field is an error at that line") func readOnly() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.on('chat', function(e)\n\n  e.text = 'mine'\nend)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        world.say("hi", ann)
        #expect(bob.chats == ["hi"])
        let problem = try #require(world.host.plugins["subject"]?.problems.first)
        #expect(problem.message.contains("events are read-only: return roost.modify{ text = … }"))
        #expect(problem.line == 3)
    }

    @Test("effects happen with the verdict, and not at all if the handler fails") func bufferedEffects() throws {
        let folder = try PluginFolder()
        try folder.write(
            "subject/init.lua",
            """
            roost.on("chat", function(e)
              e:reply("noted")
              e.user:mute{ seconds = 60 }
              roost.store:set("seen", e.text)
              if e.text == "fail" then error("on purpose") end
            end)
            """)
        try folder.write("subject/plugin.json", "{ \(everything) }")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        world.say("fail", ann)
        #expect(bob.chats == ["fail"])
        #expect(ann.notices.isEmpty)
        world.say("again", ann)
        #expect(bob.chats == ["fail", "again"])
        #expect(ann.notices == ["noted"])
        world.say("muted now", ann)
        #expect(bob.chats.count == 2)
    }

    @Test("a verdict kept from an earlier event is refused") func staleVerdict() throws {
        try expectTests(
            of: """
                local kept
                roost.on("chat", function(e)
                  local ok = pcall(function() kept = kept or roost.drop("old") end)
                  if e.text == "use" then return kept end
                end)
                """,
            party
                + """
                test("", function(t)
                  local ann, bob = party(t)
                  ann:say("make")
                  t:expect(bob):received(1, "chat")
                end)
                """)
    }

    @Test("accept skips the filters that follow") func accepts() throws {
        let folder = try PluginFolder()
        try folder.write("a/plugin.json", "{ \(everything) }")
        try folder.write("a/init.lua", "roost.on('chat', function(e) if e.text == 'ok' then return roost.accept{ reason = 'fine' } end end)")
        try folder.write("b.lua", "roost.on('chat', function(e) return roost.drop('b says no') end)")
        let world = folder.world()
        try world.host.loadAll()
        let (ann, bob) = try world.couple()
        world.say("ok", ann)
        world.say("not ok", ann)
        #expect(bob.chats == ["ok"])
    }

    @Test("what goes out was passed by every filter in that form") func finalForm() throws {
        let folder = try PluginFolder()
        // The filter comes first and lets the message pass; then it becomes something that the filter would stop.
        try folder.write("a.lua", "roost.on('chat', function(e) if e.text:find('bad') then return roost.drop('bad word') end end)")
        try folder.write("b/plugin.json", "{ \(everything) }")
        try folder.write("b/init.lua", "roost.on('chat', function(e) return roost.modify{ text = (e.text:gsub('good', 'bad')) } end)")
        let world = folder.world()
        try world.host.loadAll()
        let (ann, bob) = try world.couple()
        world.say("all is good", ann)
        #expect(bob.chats.isEmpty)
        #expect(ann.lastRefusal?.text == "bad word")
        world.say("all is well", ann)
        #expect(bob.chats == ["all is well"])
    }

    @Test("plugins that change a message back and forth without end do not get it through") func endlessChanges() throws {
        let folder = try PluginFolder()
        for id in ["a", "b"] {
            try folder.write("\(id)/plugin.json", "{ \(everything) }")
            try folder.write("\(id)/init.lua", "roost.on('chat', function(e) return roost.modify{ text = e.text .. '\(id)' } end)")
        }
        let world = folder.world()
        try world.host.loadAll()
        let (ann, bob) = try world.couple()
        world.say("x", ann)
        #expect(bob.chats.isEmpty)
        guard case .held? = ann.lastAnswer else {
            Issue.record("it is not held but \(String(describing: ann.lastAnswer))")
            return
        }
    }
}
