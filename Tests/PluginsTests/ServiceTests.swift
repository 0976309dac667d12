import RoomEngine
import Testing

@testable import Plugins

/// Everything here is a plugin and its test, in Lua: the public way in.
@Suite("What plugins can use")
struct ServiceTests {
    private static let party = """
        local function party(t)
          local room = t:room()
          return t:user("ann"):join(room), t:user("bob"):join(room)
        end

        """

    /// A command that answers with what `code` returns, as text.
    private func answers(_ code: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try expectTests(
            of: "roost.command('x', { help = 'x' }, function(c) \(code) end)",
            Self.party + "test('', function(t) local ann = party(t); ann:say('/x'); t:expect(ann):received(1, 'notice', \(quoted(expected))) end)",
            sourceLocation: sourceLocation)
    }

    private func quoted(_ text: String) -> String { "[==[\(text)]==]" }

    // MARK: GIFs

    @Test("a plugin reads the GIF that is shown, whole and in parts") func gifBytes() throws {
        try expectTests(
            of: """
                roost.on("gif", function(e)
                  local whole, why = e:bytes()
                  if not whole then return roost.drop("It is " .. why .. ".") end
                  e:reply(("%d: %s, %s, %s"):format(e.gif.bytes, whole:sub(1, 6), e:bytes(8), e:bytes(9, 2)))
                  e:reply("none: '" .. e:bytes(100) .. "'")
                end)
                roost.on("chat", function(e) e:reply(select(2, pcall(e.bytes, e))) end)
                """,
            Self.party + """
                test("", function(t)
                  local ann = party(t)
                  ann:gif { content = "GIF89a\\xFFdata" }
                  t:expect(ann):received(1, "notice", "11: GIF89a, data, at")
                  t:expect(ann):received(1, "notice", "none: ''")
                  ann:gif {}
                  t:expect(ann):refused("It is gone.")
                  ann:say("hi")
                  t:expect(ann):received(1, "notice", "there is no GIF here: 'chat' is about none")
                end)
                """)
    }

    @Test("what is asked for of a GIF is bounded") func gifBounds() throws {
        try expectTests(
            of: """
                roost.on("gif", function(e)
                  for _, range in ipairs { { 0 }, { 1, 0 }, { 1, 600000 } } do
                    e:reply(select(2, pcall(e.bytes, e, range[1], range[2])))
                  end
                end)
                """,
            Self.party + """
                test("", function(t)
                  local ann = party(t)
                  ann:gif { content = "GIF89a" }
                  t:expect(ann):received(3, "notice", "'first' is from 1, and 'count' from 1 to 524288")
                end)
                """)
    }

    // MARK: Requests

    @Test("a request waits for its answer, and its JSON is a table") func get() throws {
        try expectTests(
            of: """
                roost.command("weather", { args = "<where:word>", help = "x" }, function(c)
                  local response, err = roost.http.get("https://api.example.com/" .. c.args.where, { headers = { Authorization = "Bearer x" } })
                  if not response then return c:reply("no: " .. err) end
                  c:reply(response.status .. " " .. tostring(response.headers["x-kind"]) .. " " .. tostring(response:json().sky) .. " " .. #response.body)
                end)
                """,
            Self.party + """
                test("", function(t)
                  local ann = party(t)
                  t:http("https://api.example.com/seoul", { json = { sky = "clear" }, headers = { ["X-Kind"] = "day" } })
                  t:http("https://api.example.com/void", { error = "the connection failed" })
                  t:http("https://api.example.com/slow", { after = 11 })
                  ann:say("/weather seoul")
                  t:expect(ann):received(1, "notice", "200 day clear 15")
                  ann:say("/weather void")
                  t:expect(ann):received(1, "notice", "no: the connection failed")
                  ann:say("/weather nowhere")
                  t:expect(ann):received(1, "notice", "no: the test has no answer for https://api.example.com/nowhere")
                  ann:say("/weather slow")
                  t:advance(11)
                  t:expect(ann):received(1, "notice", "no: no whole answer from api.example.com within 10 seconds")
                  assert(t:requests()[1].method == "GET" and t:requests()[1].headers.authorization == "Bearer x")
                end)
                """)
    }

    @Test("a table is posted as JSON, a string as it is") func post() throws {
        try expectTests(
            of: """
                roost.after("chat", function(e)
                  roost.http.post("https://hooks.example.org/in", { text = e.text })
                  roost.http.post("https://hooks.example.org/in", "plain", { headers = { ["Content-Type"] = "text/plain" } })
                end)
                """,
            Self.party + """
                test("", function(t)
                  t:http("https://hooks.example.org/in", { status = 204 })
                  party(t):say("hello")
                  local sent = t:requests()
                  assert(#sent == 2 and sent[1].body == '{"text":"hello"}' and sent[1].headers["content-type"] == "application/json")
                  assert(sent[2].body == "plain" and sent[2].headers["content-type"] == "text/plain")
                end)
                """)
    }

    @Test("requests that can never be right are errors where they are made", arguments: [
        ("roost.http.get('https://evil.example.com/')", "the manifest does not name evil.example.com"),
        ("roost.http.get('http://api.example.com/')", "the manifest does not name http://api.example.com"),
        ("roost.http.get('https://api.example.com:8443/')", "the manifest does not name api.example.com:8443"),
        ("roost.http.get('https://example.org/')", "the manifest does not name example.org"),
        ("roost.http.get('https://api.example.com@evil.example.com/')", "is no plain http or https address"),
        ("roost.http.get('file:///etc/passwd')", "is no plain http or https address"),
        ("roost.http.get('https://api.example.com/', { headers = { Host = 'x' } })", "the header 'Host' is the server's own"),
        ("roost.http.get('https://api.example.com/', { headers = { A = 'x\\r\\nB: y' } })", "is no header"),
        ("roost.http.get('https://api.example.com/', { timeout = 31 })", "'timeout' is in seconds, up to 30"),
        ("roost.http.get('https://api.example.com/', { max_bytes = 2e6 })", "'max_bytes' is from 1 to 1048576"),
        ("roost.http.post('https://api.example.com/', 5)", "a body is a string, or a table"),
    ])
    func badRequest(code: String, message: String) throws {
        try answers("local ok, err = pcall(function() \(code) end); c:reply(tostring(err))", message)
    }

    @Test("no more than eight requests of a plugin are under way at once") func concurrent() throws {
        try expectTests(
            of: "roost.after('chat', function(e) local r, err = roost.http.get('https://api.example.com/'); e:reply(err or tostring(r.status)) end)",
            Self.party + """
                test("", function(t)
                  t:http("https://api.example.com/", { after = 5 })
                  local ann = party(t)
                  for i = 1, 9 do ann:say("message " .. i) end
                  t:expect(ann):received(1, "notice", "too many requests at once (8)")
                  t:advance(6)
                  t:expect(ann):received(8, "notice", "200")
                  ann:say("again")
                  t:advance(6)
                  t:expect(ann):received(9, "notice", "200")
                end)
                """)
    }

    @Test("hosts of a manifest are read strictly", arguments: [
        (#"{ "permissions": { "http": "api.example.com" } }"#, "\"permissions.http\" must be a list of hosts"),
        (#"{ "permissions": { "http": ["https://api.example.com/path"] } }"#, "\"permissions.http\" names"),
        (#"{ "permissions": { "http": ["*"] } }"#, "which is no host"), (#"{ "permissions": { "http": ["*.com"] } }"#, "which is no host"),
    ])
    func hosts(json: String, expected: String) throws {
        #expect(try problem(loading: "", manifest: json).text.contains(expected))
    }

    // MARK: Patterns

    @Test("patterns find, match, list and replace", arguments: [
        ("local r = roost.text.regex('(\\\\w+)@(\\\\w+)'); c:reply(table.concat({ r:find('to ann@home') }, ' '))", "4 11 ann home"),
        ("local r = roost.text.regex('b+'); c:reply(tostring(r:match('abba')) .. tostring(r:match('x')))", "bbnil"),
        ("local r = roost.text.regex('(a)|(b)'); local a, b = r:match('b'); c:reply(tostring(a) .. b)", "falseb"),
        ("local r = roost.text.regex('HELLO', { ignore_case = true }); c:reply(tostring(r:find('oh hello')))", "4"),
        ("local r = roost.text.regex('(?<h>\\\\d+):(?<m>\\\\d+)'); local a = r:all('1:20, 3:45'); c:reply(#a .. a[2].h .. a[2].m .. a[2].text .. a[1].first .. a[2][1])", "23453:4513"),
        ("local r = roost.text.regex('(\\\\w)(\\\\w)'); local s, n = r:replace('abcd!', '%2%1%%'); c:reply(s .. n)", "ba%dc%!2"),
        ("local r = roost.text.regex('x*'); local s, n = r:replace('한글', '-'); c:reply(s .. n)", "-한-글-3"),
        ("local r = roost.text.regex('a'); c:reply(tostring(r:find('aXa', 2)) .. tostring(r:find('a', 9)) .. r:find('ba', -1))", "3nil2"),
    ])
    func regex(code: String, expected: String) throws { try answers(code, expected) }

    @Test("a pattern's mistakes are told with their place", arguments: [
        ("roost.text.regex('a(b')", "bad pattern: this '(' has no ')' (at character 2 of the pattern)"),
        ("roost.text.regex('(?=x)')", "look-around is not possible"), ("roost.text.regex('a'):replace('a', '%1')", "in the replacement"),
        ("local kept = {} for i = 1, 65 do kept[i] = roost.text.regex('a') end", "too many regular expressions (64)"),
    ])
    func badPattern(code: String, message: String) throws {
        try answers("local ok, err = pcall(function() \(code) end); c:reply(tostring(err))", message)
    }

    @Test("what would take a backtracking engine for ever is done at once, and a plugin's time ends a search") func patternTime() throws {
        let folder = try PluginFolder()
        try folder.write(
            "subject.lua",
            """
            local evil, wide = roost.text.regex("(a+)+b"), roost.text.regex("(?:(?:a|b|c){1,20}x?){20}y")
            roost.on("chat", function(e)
              if e.text == "evil" then evil:find(("a"):rep(300)) return roost.drop("done") end
              wide:find(("abc"):rep(200000))
            end)
            """)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        world.say("evil", ann)
        #expect(ann.lastRefusal?.text == "done")
        world.say("wide", ann)
        #expect(bob.chats == ["wide"])
        #expect(world.host.plugins["subject"]?.problems.first?.message.contains("ran longer") == true)
    }

    @Test("words that are made to be slow do not outlast a plugin's time") func matcherTime() throws {
        let folder = try PluginFolder()
        // Each of them ends at each letter of the text.
        try folder.write(
            "subject.lua",
            """
            local words = {}
            for i = 1, 200 do words[i] = ("a"):rep(i) end
            local slow = roost.text.matcher(words, { separators = true })
            roost.on("chat", function(e) slow:find(("a"):rep(1000000)) end)
            """)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        world.say("hi", ann)
        #expect(bob.chats == ["hi"])
        #expect(world.host.plugins["subject"]?.problems.first?.message.contains("ran longer") == true)
    }

    // MARK: Commands

    @Test("wrong input never reaches a command: the usage says which part is wrong", arguments: [
        ("/set ann ten", "/set <who> →<n>← [how] [at]: 'ten' is not a whole number"), ("/set", "/set →<who>← <n> [how] [at]: 'who' is missing"),
        ("/set nobody 1", "→<who>←"), ("/set ann 1 sideways", "→[up|down]←"), ("/set ann 1 up #12", "'#12' is not a colour"),
        ("/set ann 1 up #112233 more", "→…←: 'more' is too much"),
    ])
    func wrongInput(line: String, expected: String) throws {
        let usage = expected.replacing("[how]", with: "[up|down]")
        try expectTests(
            of: "roost.command('set', { args = '<who:user> <n:int> [how:choice(up|down)=up] [at:color]', help = 'x' }, function(c) error('reached') end)",
            Self.party + "test('', function(t) local ann = party(t); ann:say('\(line)'); t:expect(ann):refused(\(quoted(usage))) end)")
    }

    @Test("mistakes in what a command takes are errors at load", arguments: [
        ("<n:int=three>", "what is used for 'n' cannot be: 'three' is not a whole number"), ("<a> <a>", "two arguments are named 'a'"),
        ("[a:choice()]", "a choice needs something to choose from"), ("[a:text] [b]", "must come last"), ("[a] <b>", "comes before what may be"),
        ("<a:time>", "there is no argument type 'time'"),
    ])
    func badSpec(args: String, message: String) throws {
        let problem = try problem(loading: "roost.command('x', { args = '\(args)' }, print)")
        #expect(problem.message.contains(message), "\(problem.message)")
    }

    @Test("of two plugins that claim a command the second does not load, unless it asks for plugin.name") func claimed() throws {
        let folder = try PluginFolder()
        let command = { (name: String, text: String) in "roost.command('\(name)', { help = 'x' }, function(c) c:reply([[\(text)]]) end)" }
        try folder.write("a.lua", command("roll", "a's"))
        try folder.write("b.lua", command("roll", "b's"))
        try folder.write("c.lua", command("c.roll", "c's"))
        let world = folder.world()
        try world.host.loadAll()
        #expect(world.host.refused["b"]?.message.contains("/roll belongs to the plugin a already") == true)
        let (ann, _) = try world.couple()
        for line in ["/roll", "/c.roll", "/a.roll"] { world.say(line, ann) }
        #expect(ann.notices == ["a's", "c's", "a's"])
        let room = try #require(world.engine.rooms.values.first)
        #expect(world.host.commands(in: room, for: .member).map(\.usage) == ["/c.roll", "/roll"])
    }

    @Test("clients are told what a command takes") func arguments() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.command('x', { args = '<who:user> [how:choice(a|b)=a]', help = 'x' }, print)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        _ = try world.couple()
        let room = try #require(world.engine.rooms.values.first)
        #expect(world.host.commands(in: room, for: .member).first?.arguments == [
            CommandArgument(name: "who", type: "user", isRequired: true), CommandArgument(name: "how", type: "choice", isRequired: false, choices: ["a", "b"]),
        ])
    }

    // MARK: The console

    @Test("a plugin's console command prints lines and tables, and is told who typed it") func console() throws {
        try expectTests(
            of: """
                roost.console("count", { args = "<what:word> [n:int=2]", help = "Counts." }, function(c)
                  c:print("%s times %s, says %s", c.args.n, c.args.what, c.by)
                  c:table({ { "Name", "N" }, { "ann", 1 } })
                  c:table({ { b = 2, a = 1 }, { a = 3 } })
                  roost.sleep(1)
                  if c.args.n == 0 then error("no") end
                end)
                """,
            """
            test("", function(t)
              t:console("subject count tea 5")
              t:advance(2)
              assert(t:console("subject count"):find("'what' is missing. Usage: subject count →<what>← [n]", 1, true), t:console("subject count"))
              assert(t:console("subject nothing"):find("There is no command", 1, true))
            end)
            """)
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \(everything) }")
        try folder.write("subject/init.lua", "roost.console('rows', {}, function(c) c:print('by %s', c.by) c:table({ { b = 2, a = 1 }, { a = 3 } }) end)")
        let world = folder.world()
        let plugin = try world.host.load(folder.files("subject")).get()
        var output: [ConsoleOutput] = []
        world.host.runConsole(plugin, try #require(plugin.consoleCommands["rows"]), "", by: "olga") { said, problem in
            output = said
            #expect(problem == nil)
        }
        #expect(output == [.line("by olga"), .table(columns: ["a", "b"], rows: [["1", "2"], ["3", ""]])])
    }

    // MARK: Alarms and measures

    @Test("an alarm is told to the log, the audit and the room's moderators alone") func alert() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \(everything) }")
        try folder.write(
            "subject/init.lua", "roost.on('chat', function(e) if e.text == 'fire' then roost.alert('fire', { text = 'It burns', who = e.user, n = 3 }) end end)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        let admin = world.visitor(named: "Olga", seed: nil, isAdmin: true)
        let room = try #require(ann.rooms.last)
        world.join(room, admin)
        world.say("fire", ann)
        #expect(admin.notices.contains("⚠ It burns (n=3, who=Ann (\(ann.record.id)))"))
        #expect(ann.notices.isEmpty && bob.notices.isEmpty)
        #expect(world.log.contains { $0.contains("ALERT fire in \(room)") })
        for _ in 1...20 { world.say("fire", ann) }
        #expect(admin.notices.count == 10)
    }

    @Test("measures are counted, set and timed, by their labels, and bounded") func measures() throws {
        try expectTests(
            of: """
                roost.after("chat", function(e)
                  roost.metric.count("seen", 1, { kind = e.text })
                  roost.metric.count("all")
                  roost.metric.gauge("length", #e.text)
                  roost.metric.time("work", 0.25)
                end)
                """,
            Self.party + """
                test("", function(t)
                  local ann = party(t)
                  ann:say("a") ann:say("a") ann:say("bb")
                  assert(t:metric("seen", { kind = "a" }) == 2 and t:metric("seen", { kind = "bb" }) == 1)
                  assert(t:metric("all") == 3 and t:metric("length") == 2 and t:metric("work") == 0.75)
                  for i = 1, 300 do ann:say("other " .. i) end
                  assert(t:metric("all") == 303 and t:metric("seen", { kind = "other 300" }) == nil)
                  assert(t:log():find("measures more than 200 things", 1, true))
                end)
                """)
        let problem = try problem(loading: "roost.metric.count('n') roost.metric.gauge('n', 1)")
        #expect(problem.message.contains("'n' is measured as a count already"))
    }

    @Test("measures are written as OpenMetrics") func openMetrics() {
        var times = Histogram()
        for seconds in [0.000244140625, 0.25, 20] { times.add(seconds) }
        let text = OpenMetrics.text([
            MetricFamily("a", .counter, "Says \"a\".", [.init([("who", "x\"y\\z")], 2)]), MetricFamily("b", .histogram, "B.", [.init([], 0, histogram: times)]),
        ])
        #expect(text.hasPrefix("# TYPE a counter\n# HELP a Says \\\"a\\\".\na_total{who=\"x\\\"y\\\\z\"} 2\n# TYPE b histogram\n"))
        #expect(text.contains("b_bucket{le=\"0.0005\"} 1\n") && text.contains("b_bucket{le=\"0.5\"} 2\n") && text.contains("b_bucket{le=\"+Inf\"} 3\nb_count 3\nb_sum 20.250244140625\n# EOF\n"))
    }
}
