import Foundation
import Journal
import Testing

@testable import Plugins

@Suite("The check")
struct CheckTests {
    private func findings(_ code: String, manifest: String? = nil, _ others: [String: String] = [:]) throws -> [Finding] {
        let folder = try PluginFolder()
        if let manifest { try folder.write("subject/plugin.json", manifest) }
        for (name, text) in others { try folder.write("subject/\(name)", text) }
        try folder.write("subject/init.lua", code)
        return try PluginCheck(files: folder.files("subject"), journal: { MemoryJournal() }).run()
    }

    /// What it says of code that stands where `…` is in a handler of `chat`.
    private func inHandler(_ code: String) throws -> [String] {
        try findings("roost.on('chat', function(e) \(code) end)", manifest: "{ \(everything) }").filter { !$0.isWarning }.map(\.message)
    }

    @Test("mistakes in a handler are found, with what was meant", arguments: [
        ("print(e.usr)", "a chat has no 'usr'; did you mean 'user'?"),
        ("print(e.user.nmae)", "a user has no 'nmae'; did you mean 'name'?"),
        ("local u = e.user; print(u.nmae)", "a user has no 'nmae'; did you mean 'name'?"),
        ("for u in e.room:users() do print(u.nmae) end", "a user has no 'nmae'; did you mean 'name'?"),
        ("for _, u in ipairs(e.room:users():list()) do print(u.nmae) end", "a user has no 'nmae'; did you mean 'name'?"),
        (
            "for _, u in ipairs(e.room:users()) do print(u) end",
            "people are no table: go through them with 'for user in room:users() do', or take room:users():list()"
        ),
        ("roost.room.craete{ title = 'x' }", "roost.room has no 'craete'; did you mean 'create'?"),
        ("print(e.links[1].hots)", "a link has no 'hots'; did you mean 'host'?"),
        ("print(e.text:uper())", "a string has no 'uper'; did you mean 'upper'?"),
        ("e:replay('x')", "a chat has no 'replay'; did you mean 'reply'?"),
        ("e.reply('x')", "call 'reply' with a colon: …:reply(…)"),
        ("roost:sleep(1)", "call 'sleep' with a dot: roost.sleep(…)"),
        ("e.text = 'x'", "events are read-only: return roost.modify{ text = … }"),
        ("roost.texts.fold('x')", "roost has no 'texts'; did you mean 'text'?"),
        ("roost.text.fodl('x')", "roost.text has no 'fodl'; did you mean 'fold'?"),
        ("print(string.fnid('x'))", "string has no 'fnid'; did you mean 'find'?"),
        ("os.execute('ls')", "os has no 'execute'"),
        ("print(conut)", "there is no 'conut': neither a local nor a global"),
        ("pritn(1)", "there is no 'pritn': neither a local nor a global; did you mean 'print'?"),
        ("e.user:mute{ secs = 3 }", "'user:mute' has no option 'secs'; there are: by, reason, room, seconds"),
        ("roost.sleep(1, 2)", "'roost.sleep' takes 1 arguments, not 2"),
        ("e:reply()", "'event:reply' needs text (string)"),
        ("return roost.deny('x')", "roost.deny does not fit 'chat'; there are: roost.modify, roost.drop, roost.hold, roost.flag, roost.accept"),
        ("e:reply(roost.t('nope'))", "there is no translation 'nope' in locales/"),
        ("print(roost.config.nope)", "this plugin's \"config\" has no 'nope'"),
    ])
    func mistakes(code: String, expected: String) throws {
        let found = try inHandler(code)
        #expect(found.contains { $0.hasPrefix(expected) }, "\(found)")
        #expect(found.count == 1, "\(found)")
    }

    @Test("what is right, or cannot be known, is left alone", arguments: [
        "local t = { usr = 1 } print(t.usr)", "local u = e.user; u = {}; print(u.anything)", "local function f(x) return x.anything end print(f({}), f)",
        "if e.reply_to then print(e.reply_to + 1) end", "print(_G.anything, _VERSION)", "e:say(('x'):rep(3))",
        "local ok, wait = roost.limit('k', 1, 2) print(ok, wait)", "e:reply(tostring(e.user.name))", "print(select('#', ...))",
        "local s <close> = roost.timer{ after = 1 }(function() end)",
    ])
    func silence(code: String) throws {
        #expect(try findings("roost.on('chat', function(e, ...) \(code) end)", manifest: "{ \(everything) }").filter { !$0.isWarning }.isEmpty)
    }

    @Test("a function that handlers call is looked through too") func helpers() throws {
        let code = """
            local function strike(e) e.usr:kick() end
            local check = function(e, text) if text then strike(e) end end
            roost.on("chat", function(e) check(e, e.text) end)
            roost.on("gif", function(e) check(e, e.caption) end)
            """
        let found = try findings(code, manifest: "{ \(everything) }").filter { !$0.isWarning }
        #expect(found.map(\.message) == ["a chat, a gif has no 'usr'; did you mean 'user'?"])
        #expect(found.first?.line == 1)
        #expect(found.first?.column == 27)
    }

    @Test("a field that one of several events has is right") func union() throws {
        let code = "local function text(e) return e.text or e.caption end\nroost.on('chat', function(e) text(e) end)\nroost.on('gif', function(e) text(e) end)"
        #expect(try findings(code).isEmpty)
    }

    @Test("an event that does not exist is pointed at") func event() throws {
        let found = try findings("local x = 1\nroost.on('caht', function(e) end)")
        #expect(found.map(\.text) == [
            "\(found.first?.file ?? ""):2: there is no event 'caht'; did you mean 'chat'?\n  2 | roost.on('caht', function(e) end)\n               ^"
        ])
    }

    @Test("a syntax error is told in Lua's words") func syntax() throws {
        let found = try findings("local x = 1\nx = = 2")
        #expect(found.map(\.message) == ["unexpected symbol near '='"])
        #expect(found.first?.line == 2)
    }

    @Test("what goes wrong at load is found") func loading() throws {
        let found = try findings("local function f() error('oh no') end\nf()")
        #expect(found.map(\.message) == ["oh no"])
        #expect(found.first?.line == 1)
    }

    @Test("permissions that are missing are errors, and those without a use warnings") func permissions() throws {
        let found = try findings(
            "roost.on('chat', function(e)\n e.user:kick()\n return roost.drop('x')\nend)",
            manifest: "{\n \"permissions\": { \"user\": [\"ban\"],\n \"store\": \"1KiB\" } }")
        #expect(found.filter { !$0.isWarning }.map(\.line) == [2, 3])
        #expect(found.filter(\.isWarning).map(\.message) == ["the permission user.ban (to ban people from rooms) is not used", "the store is not used"])
        #expect(found.filter(\.isWarning).map(\.line) == [2, 3])
    }

    @Test("a permission that may be in use is not called unused") func perhaps() throws {
        let code = """
            local function about(act) roost.command("kick", { args = "<who:user>" }, function(c) act(c.args.who) end) end
            about(function(who) who:kick() end)
            """
        #expect(try findings(code, manifest: "{ \"permissions\": { \"user\": [\"kick\"] } }").isEmpty)
    }

    @Test("options that need a permission of their own are noticed") func options() throws {
        let found = try findings("roost.on('chat', function(e) e:reply('x', { public = true }) end)", manifest: #"{ "permissions": { "user": ["tell"] } }"#)
        #expect(found.map(\.message) == [Permission.chatSend.missing(for: "public = …")])
    }

    @Test("hooks and manifest must agree") func hooks() throws {
        let found = try findings("roost.on('chat', function(e) end)", manifest: #"{ "hooks": ["gif"] }"#)
        #expect(found.map(\.message) == ["the manifest does not name the event 'chat': add it to \"hooks\" in plugin.json", "no handler for 'gif' is registered"])
    }

    @Test("a verdict after the fact comes too late") func tooLate() throws {
        #expect(try findings("roost.after('chat', function(e) return roost.drop('x') end)").map(\.message) == ["roost.drop comes too late: this handler is in the phase 'after'"])
    }

    @Test("the arguments of a command are known") func command() throws {
        let code = "roost.command('x', { args = '<who:user> [n:int]' }, function(c) print(c.args.woh, c.args.n, c.args.who.nmae) end)"
        #expect(try findings(code).map(\.message) == ["/x has no 'woh'; did you mean 'who'?", "a user has no 'nmae'; did you mean 'name'?"])
    }

    @Test("a forgotten 'local' is warned of, and a global that another file sets is known") func globals() throws {
        let found = try findings("require 'other'\nprint(shared)", manifest: nil, ["other.lua": "shared = 1"])
        #expect(found.map(\.message) == ["'shared' becomes a global of the plugin: is a 'local' missing?"])
        #expect(found.filter { !$0.isWarning }.isEmpty)
    }

    @Test("translations are compared") func locales() throws {
        let found = try findings("", manifest: "{}", ["locales/en.json": #"{ "a": "{name}", "b": "" }"#, "locales/ko.json": #"{ "a": "{nmae}", "c": "" }"#])
        #expect(found.map(\.message) == [
            "'b' is missing, which locales/en.json has", "'a' does not say {name}", "'a' says {nmae}, which locales/en.json does not",
            "'c' is not in locales/en.json",
        ])
    }

    @Test("mistakes in the manifest are pointed at") func manifest() throws {
        let found = try findings("", manifest: "{\n  \"permissions\": {\n    \"chat\": [\"dorp\"] }\n}")
        #expect(found.map(\.line) == [3])
        #expect(found.first?.message.contains("names \"dorp\"") == true)
    }

    @Test("a test's own functions are known") func tests() throws {
        let found = try findings("", manifest: "{}", ["test.lua": "test('x', function(t) t:user('a'):joni(t:room()) roost.sleep(1) end)"])
        #expect(found.map(\.message) == ["a visitor has no 'joni'; did you mean 'join'?", "there is no 'roost': neither a local nor a global"])
    }

    @Test("the standard plugins have nothing to hide", arguments: try! PluginFiles.all(in: repository.path + "/Plugins").map(\.path))
    func standardPlugins(path: String) throws {
        let files = try #require(PluginFiles(path: path))
        let found = try PluginCheck(files: files, journal: { MemoryJournal() }).run()
        #expect(found.isEmpty, "\(found.map(\.text).joined(separator: "\n"))")
    }
}
