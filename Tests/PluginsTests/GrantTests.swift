import RoomEngine
import Testing

@testable import Plugins

@Suite("What operators grant and take")
struct GrantTests {
    private let muting = """
        roost.on("chat", function(e) e.user:mute{ seconds = 1 } end)
        """

    private func manifest(_ permissions: String) -> String { "{ \"permissions\": { \(permissions) } }" }

    /// A plugin whose first version may mute, and then one that wants to kick too.
    private func update() throws -> (PluginFolder, TestWorld, Kept) {
        let folder = try PluginFolder()
        let kept = Kept()
        try folder.write("subject/plugin.json", manifest("\"user\": [\"mute\"]"))
        try folder.write("subject/init.lua", "roost.on('chat', function(e) roost.log.info('one') end)")
        let world = folder.world(kept: kept)
        try world.host.loadAll()
        try folder.write("subject/plugin.json", manifest("\"user\": [\"mute\", \"kick\"]"))
        try folder.write("subject/init.lua", "roost.on('chat', function(e) roost.log.info('two') end)")
        return (folder, world, kept)
    }

    @Test("what is in the folder for the first time has what it asks for, and the console says so in words") func first() throws {
        let (_, world, kept) = try update()
        #expect(world.host.plugins["subject"]?.may(.userMute) == true)
        #expect(kept.choices["subject"].granted == ["user.mute"])
        #expect(world.log.contains { $0.contains("may mute people") })
    }

    @Test("an update that asks for more waits, and the old version goes on") func heldBack() throws {
        let (folder, world, _) = try update()
        guard case .failure(let problem) = world.host.load(try folder.files("subject")) else { throw Unexpected("it was taken") }
        #expect(problem.ungranted == ["user.kick"])
        #expect(problem.text.contains("kick people out of rooms"))
        #expect(problem.text.contains("plugin grant subject"))
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        #expect(world.log.last == "subject@g1 info: one")
    }

    @Test("with the grant it takes over") func granted() throws {
        let (folder, world, kept) = try update()
        _ = world.host.load(try folder.files("subject"))
        #expect(throws: OperatorProblem.self) { try world.host.grant("subject", "user.kik") }
        guard case .loaded(let plugin) = try world.host.grant("subject", "user.kick") else { throw Unexpected("not loaded") }
        #expect(plugin.may(.userKick))
        #expect(kept.choices["subject"].granted == ["user.mute", "user.kick"])
        #expect(world.log.contains { $0.contains("new: it may kick people out of rooms") })
        #expect(world.host.refused.isEmpty)
    }

    @Test("one grant of several leaves it waiting for the others, 'all' does not") func several() throws {
        let (folder, world, _) = try update()
        try folder.write("subject/plugin.json", manifest("\"user\": [\"mute\", \"kick\", \"ban\"]"))
        _ = world.host.load(try folder.files("subject"))
        guard case .stillMissing(["user.ban"]) = try world.host.grant("subject", "user.kick") else { throw Unexpected("it does not wait") }
        guard case .loaded = try world.host.grant("subject", "all") else { throw Unexpected("not loaded") }
    }

    @Test("a grant outlasts a restart, and so does waiting for one") func restarts() throws {
        let (folder, world, kept) = try update()
        _ = world.host.load(try folder.files("subject"))
        let again = folder.world(kept: kept)
        try again.host.loadAll()
        #expect(again.host.refused["subject"]?.ungranted == ["user.kick"])
        _ = try again.host.grant("subject", "all")
        let third = folder.world(kept: kept)
        try third.host.loadAll()
        #expect(third.host.plugins["subject"]?.may(.userKick) == true)
    }

    @Test("after a restart the version that was granted runs while the update waits, and a grant ends that") func meanwhile() throws {
        let (folder, world, kept) = try update()
        _ = world.host.load(try folder.files("subject"))
        let again = folder.world(kept: kept)
        try again.host.loadAll()
        let (ann, _) = try again.couple()
        again.say("hi", ann)
        #expect(again.log.last == "subject@g2 info: one")
        #expect(again.host.refused["subject"]?.ungranted == ["user.kick"])
        guard case .loaded(let plugin) = try again.host.grant("subject", "all") else { throw Unexpected("not loaded") }
        again.say("hi", ann)
        #expect(again.log.last == "subject@g\(plugin.generation) info: two")
        #expect(again.host.refused.isEmpty)
    }

    @Test("an update that came while the server was down waits as well") func offline() throws {
        let (folder, _, kept) = try update()
        let again = folder.world(kept: kept)
        try again.host.loadAll()
        #expect(again.host.plugins["subject"]?.may(.userMute) == true)
        #expect(again.host.plugins["subject"]?.may(.userKick) == false)
        #expect(again.host.refused["subject"]?.ungranted == ["user.kick"])
    }

    @Test("what was kept gets no more than was granted, and what is gone from the folder is forgotten") func keptIsBound() throws {
        let (folder, _, kept) = try update()
        // Somebody has written in the data folder.
        kept.keep(try #require(try folder.files("subject").archive()), of: "subject")
        let again = folder.world(kept: kept)
        try again.host.loadAll()
        #expect(again.host.plugins.isEmpty)
        #expect(again.host.refused["subject"]?.ungranted == ["user.kick"])
        let empty = try PluginFolder()
        try empty.world(kept: kept).host.loadAll()
        #expect(kept.sources.isEmpty)
    }

    @Test("what is taken fails with an error that says so, over versions and restarts, until it is granted again") func revoked() throws {
        let folder = try PluginFolder()
        let kept = Kept()
        try folder.write("subject/plugin.json", manifest("\"user\": [\"mute\"]"))
        try folder.write("subject/init.lua", muting)
        let world = folder.world(kept: kept)
        try world.host.loadAll()
        try world.host.revoke("subject", "user.mute")
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        let problem = try #require(world.host.plugins["subject"]?.problems.last)
        #expect(problem.message.contains("'user:mute' needs the permission user.mute, which an operator has taken"))
        _ = try world.host.load(folder.files("subject")).get()
        #expect(world.host.plugins["subject"]?.may(.userMute) == false)
        let again = folder.world(kept: kept)
        try again.host.loadAll()
        #expect(again.host.plugins["subject"]?.may(.userMute) == false)
        guard case .given = try again.host.grant("subject", "user.mute") else { throw Unexpected("not given") }
        #expect(again.host.plugins["subject"]?.may(.userMute) == true)
    }

    @Test("powers that are risky together are pointed out") func risks() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", manifest("\"room\": [\"transfer\"], \"user\": [\"kick\"]"))
        try folder.write("subject/init.lua", "")
        let world = folder.world()
        try world.host.loadAll()
        #expect(world.log.contains { $0.contains("careful: it can take rooms over") })
        #expect(RiskyCombination.found(in: ["chat.drop"]).isEmpty)
    }

    @Test("every power that the table of risks names exists") func table() {
        let known = Set(Permission.allCases.map(\.rawValue)).union(["http"])
        for risk in RiskyCombination.all { #expect(risk.powers.isSubset(of: known), "\(risk.powers.subtracting(known))") }
    }

    @Test("what cannot be kept is not granted") func unkept() throws {
        let (folder, world, kept) = try update()
        _ = world.host.load(try folder.files("subject"))
        kept.isBroken = true
        #expect(throws: Kept.Broken.self) { try world.host.grant("subject", "all") }
        #expect(world.host.plugins["subject"]?.may(.userKick) == false)
    }
}
