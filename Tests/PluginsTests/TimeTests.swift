import Journal
import RoomEngine
import Testing

@testable import Plugins

@Suite("Timers and schedules")
struct TimeTests {
    private let one = """
        local function one(t)
          local room = t:room()
          return t:user("ann"):join(room), room
        end

        """

    @Test("a timer calls at times of day, in its zone") func cron() throws {
        // Tests begin on 21 September 2026 at 14:13:20 UTC, a Monday.
        try expectTests(
            of: """
                roost.timer { cron = "0 9 * * *", tz = "Asia/Seoul" }(function() print("nine in Seoul at " .. os.date("!%H:%M", roost.now())) end)
                roost.timer { cron = "30 14 * * mon" }(function() print("Monday") end)
                """,
            """
            test("", function(t)
              t:advance(3600)
              assert(select(2, t:log():gsub("Monday", "")) == 1, t:log())
              t:advance(2 * 86400)
              assert(select(2, t:log():gsub("nine in Seoul at 00:00", "")) == 2, t:log())
              t:advance(6 * 86400)
              assert(select(2, t:log():gsub("Monday", "")) == 2, t:log())
            end)
            """)
    }

    @Test("jitter makes a timer late by chance, and by no more than that") func jitter() throws {
        try expectTests(
            of: """
                local begun = roost.now()
                for i = 1, 50 do roost.timer { after = 10, jitter = 5 }(function() print(("%.1f"):format(roost.now() - begun)) end) end
                """,
            """
            test("", function(t)
              t:advance(20)
              local times, seen, count = {}, 0, 0
              for time in t:log():gmatch("%d+%.%d") do
                count = count + 1
                assert(tonumber(time) >= 10 and tonumber(time) <= 15, time)
                if not times[time] then times[time], seen = true, seen + 1 end
              end
              assert(count == 50 and seen > 10, t:log())
            end)
            """)
    }

    @Test("a timer is stopped by cancel, and by the end of its block") func cancel() throws {
        try expectTests(
            of: """
                local ticking = roost.timer { every = 1 }(function() print("tick") end)
                roost.command("stop", { help = "" }, function() ticking:cancel() end)
                do
                  local short <close> = roost.timer { after = 1 }(function() print("never") end)
                end
                """,
            one + """
            test("", function(t)
              local ann = one(t)
              t:advance(3.5)
              ann:say("/stop")
              t:advance(10)
              assert(select(2, t:log():gsub("tick", "")) == 3 and not t:log():find("never"), t:log())
            end)
            """)
    }

    @Test("a timer that makes no sense is explained", arguments: [
        ("{ after = 1, every = 2 }", "a timer has one of"), ("{}", "a timer has one of"), ("{ after = 1, tz = 'UTC' }", "'tz' goes with 'cron'"),
        ("{ cron = '0 9 * *' }", "is not five fields"), ("{ cron = '0 9 * * *', tz = 'Asia/Soul' }", "there is no time zone 'Asia/Soul'; did you mean 'Asia/Seoul'?"),
        ("{ every = 0 }", "at least 0.05 seconds"), ("{ after = -1 }", "up to a year"), ("{ after = 1, jitter = -1 }", "'jitter' is in seconds"),
    ])
    func badTimer(options: String, problem: String) throws {
        let found = try message("roost.timer\(options)")
        #expect(found.contains(problem), "\(found)")
    }

    private func message(_ code: String) throws -> String { try problem(loading: code).message }

    // MARK: Schedules

    private let tea = """
        roost.command("tea", { args = "[after:duration=10m] [key:word=tea]", help = "" }, function(c)
          roost.schedule { key = c.args.key, after = c.args.after, event = "tea", data = { user = c.user.id, room = c.room.id } }
        end)
        roost.command("no_tea", { help = "" }, function(c) c:reply(tostring(roost.unschedule("tea"))) end)
        roost.command("teas", { help = "" }, function(c)
          local keys = {}
          for i, each in ipairs(roost.scheduled()) do keys[i] = each.key .. "@" .. math.floor(each.at - roost.now() + 0.5) end
          c:reply("teas: " .. table.concat(keys, " "))
        end)
        roost.on("schedule:tea", function(e)
          roost.room(e.data.room):say(("tea %s, %.0f s late"):format(e.key, e.late))
        end)
        """

    @Test("what is scheduled happens once, at its time") func once() throws {
        try expectTests(of: tea, one + """
            test("", function(t)
              local ann = one(t)
              ann:say("/tea")
              t:advance(599)
              t:expect(ann):received(0, "chat", "tea")
              t:advance(2)
              t:expect(ann):received(1, "chat", "tea tea, 0 s late")
              t:advance(86400)
              t:expect(ann):received(1, "chat", "tea")
            end)
            """)
    }

    @Test("of each key there is one: a new one replaces it") func replaces() throws {
        try expectTests(of: tea, one + """
            test("", function(t)
              local ann = one(t)
              ann:say("/tea 10m")
              ann:say("/tea 1h")
              ann:say("/tea 2h green")
              ann:say("/teas")
              t:expect(ann):received(1, "notice", "teas: tea@3600 green@7200")
              t:advance(3700)
              t:expect(ann):received(1, "chat", "tea tea")
            end)
            """)
    }

    @Test("a schedule can be cancelled") func unschedule() throws {
        try expectTests(of: tea, one + """
            test("", function(t)
              local ann = one(t)
              ann:say("/tea")
              ann:say("/no_tea")
              t:expect(ann):received(1, "notice", "true")
              ann:say("/no_tea")
              t:expect(ann):received(1, "notice", "false")
              t:advance(86400)
              t:expect(ann):received(0, "chat", "tea")
            end)
            """)
    }

    @Test("a schedule survives a reload and a restart; what was missed comes late, and once") func restart() throws {
        try expectTests(of: tea, one + """
            test("in time after a restart", function(t)
              local ann, room = one(t)
              ann:say("/tea")
              t:reload()
              t:restart(300)
              ann:join(room)
              t:advance(299)
              t:expect(ann):received(0, "chat", "tea")
              t:advance(2)
              t:expect(ann):received(1, "chat", "tea tea, 0 s late")
              t:restart()
              ann:join(room)
              t:advance(86400)
              t:expect(ann):received(1, "chat", "tea")
            end)
            test("late", function(t)
              local ann, room = one(t)
              ann:say("/tea")
              t:restart(900)
              ann:join(room)
              ann:say("/teas")
              t:expect(ann):received(1, "notice", "teas: ")
              t:expect(ann):received(0, "notice", "tea@")
              t:restart()
              ann:join(room)
              t:expect(ann):received(0, "chat", "never")
            end)
            """)
    }

    @Test("a schedule that a handler makes while its own is being done stays") func again() throws {
        try expectTests(
            of: """
                local function next_round() roost.schedule { key = "round", after = 60, event = "round" } end
                roost.command("begin", { help = "" }, next_round)
                roost.on("schedule:round", function(e)
                  roost.store:incr("rounds")
                  next_round()
                end)
                roost.command("rounds", { help = "" }, function(c) c:reply("rounds: " .. (roost.store:get("rounds") or 0)) end)
                """, one + """
                test("", function(t)
                  local ann, room = one(t)
                  ann:say("/begin")
                  t:advance(185)
                  t:restart(0)
                  ann:join(room)
                  t:advance(120)
                  ann:say("/rounds")
                  t:expect(ann):received(1, "notice", "rounds: 5")
                end)
                """)
    }

    @Test("a handler that fails has had its turn; what it had asked for is done") func fails() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", """
            roost.command("go", { help = "" }, function() roost.schedule { key = "k", after = 1, event = "x" } end)
            roost.on("schedule:x", function(e) error("on purpose") end)
            """)
        let world = folder.world()
        let plugin = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("/go", ann)
        world.advance(milliseconds: 5_000)
        #expect(plugin.problemCount == 1)
        world.advance(milliseconds: 5_000_000)
        #expect(plugin.problemCount == 1)
        #expect(world.host.schedules.rows().isEmpty)
    }

    @Test("what nobody handles waits for a version that does") func waits() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.command('go', { help = '' }, function() roost.schedule { key = 'k', after = 1, event = 'x' } end)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("/go", ann)
        world.advance(milliseconds: 5_000)
        #expect(world.host.schedules.rows().map(\.isWaiting) == [true])
        #expect(world.log.contains { $0.contains("nothing handles schedule:x") })
        try folder.write("subject.lua", "roost.on('schedule:x', function(e) print(('late by %d'):format(e.late)) end)")
        _ = try world.host.load(folder.files("subject")).get()
        world.settle()
        #expect(world.log.contains { $0.contains("late by 4") })
        #expect(world.host.schedules.rows().isEmpty)
    }

    @Test("what is scheduled before a plugin runs stands beside what is stored of it") func early() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.on('schedule:x', function(e) print('done ' .. e.key) end)")
        let journal = MemoryJournal()
        func change(_ key: String, _ at: Int64) -> ScheduleChange {
            ScheduleChange(plugin: "subject", key: key, schedule: Schedule(event: "x", at: at, data: "null"))
        }
        let first = TestWorld(journal: journal, seed: 1) { _ in .init(folder: folder.path, log: { _, _, _ in }) }
        first.engine.perform(first.host.schedules.apply([change("stored", first.clock.now.wall + 1_000)]))
        first.settle()

        var log: [String] = []
        let world = TestWorld(journal: journal, seed: 1) { _ in .init(folder: folder.path, log: { _, _, line in log.append(line) }) }
        world.engine.perform(world.host.schedules.apply([change("new", world.clock.now.wall + 2_000)]))
        _ = try world.host.load(folder.files("subject")).get()
        #expect(world.host.schedules.rows(of: "subject").map(\.key) == ["stored", "new"])
        world.advance(milliseconds: 3_000)
        #expect(log.filter { $0.hasPrefix("done") } == ["done stored", "done new"])
        #expect(journal.schedules(of: "subject").isEmpty)
    }

    @Test("a schedule of a handler whose message is dropped by its own error is not made") func buffered() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.on('chat', function(e)\n  roost.schedule { key = 'k', after = 1, event = 'x' }\n  if e.text == 'fail' then error('no') end\nend)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("fail", ann)
        #expect(world.host.schedules.rows().isEmpty)
        world.say("fine", ann)
        #expect(world.host.schedules.rows().map(\.key) == ["k"])
    }

    @Test("a plugin schedules so much and no more") func limit() throws {
        let code = "for i = 1, 1001 do roost.schedule { key = 'k' .. i, after = 60, event = 'x' } end"
        #expect(try problem(loading: code).message.contains("too many schedules (1000)"))
        #expect(try problem(loading: "roost.schedule { key = 'k', after = 1, event = 'x', data = ('x'):rep(5000) }").message.contains("up to 4096 bytes"))
        #expect(try problem(loading: "roost.schedule { key = 'k', event = 'x' }").message.contains("either 'at'"))
        #expect(try problem(loading: "roost.on('schedule', print)").message.contains("there is no event 'schedule'"))
    }
}
