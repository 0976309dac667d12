import Foundation
import Journal
import LuaHost
import Plugins
import RoomEngine
import Transports

extension RoostServer {
    /// Loads a plugin, or puts a new version of it in use between two messages. One whose manifest says so must pass its own
    /// tests before it takes over; they run beside the rooms.
    func load(_ files: PluginFiles) async -> Result<LoadedPlugin, PluginProblem> {
        let files = files.snapshot()
        if let problem = await failedTest(of: files) {
            await rooms.ask { $0.plugins?.refuse(problem) }
            return .failure(problem)
        }
        return await rooms.ask { engine in
            guard let host = engine.plugins else { return .failure(PluginProblem(plugin: files.id, message: "this server has no plugins")) }
            return host.load(files).map(LoadedPlugin.init)
        }
    }

    /// Runs a plugin's tests, apart from the server's rooms and beside them.
    func test(_ files: PluginFiles) async -> Result<[PluginTester.Outcome], PluginProblem> {
        await Task.detached {
            do throws(LuaHostError) {
                return .success(try PluginTester(files: files, journal: { MemoryJournal() }).run())
            } catch {
                return .failure(PluginProblem(plugin: files.id, message: error.message))
            }
        }.value
    }

    /// What is wrong with a version that has to pass its tests before it takes over from one that runs.
    private func failedTest(of files: PluginFiles) async -> PluginProblem? {
        guard let manifest = try? files.manifest(), manifest.testsBeforeReload, files.has("test.lua"),
            await rooms.ask({ $0.plugins?.plugins[files.id] != nil })
        else { return nil }
        switch await test(files) {
        case .failure(let problem): return problem
        case .success(let outcomes):
            guard let failed = outcomes.first(where: { $0.failure != nil }), let failure = failed.failure else { return nil }
            return PluginProblem(plugin: files.id, message: "its test \"\(failed.name)\" fails: \(failure)")
        }
    }
}
