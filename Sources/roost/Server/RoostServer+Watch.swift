import Foundation
import Logging
import Plugins
import RoomEngine
import Transports

extension RoostServer {
    /// Milliseconds between two looks at the plugins' files.
    static let watchInterval = Duration.milliseconds(50)

    /// Reloads plugins when they are saved, loads new ones, and unloads those that are removed.
    func watchPlugins() -> Task<Void, Never> {
        let folder = live.now.text("plugins")
        return Task { [self] in
            var watch = PluginWatch(folder: folder)
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.watchInterval)
                for change in watch.poll() { await follow(change) }
            }
        }
    }

    private func follow(_ change: PluginWatch.Change) async {
        switch change {
        case .saved(let files, let names):
            // Tests are for 'roost plugin test' and 'roost dev'.
            if names == ["test.lua"] { return }
            if await rooms.ask({ $0.plugins?.disabled.contains(files.id) ?? true }) { return }
            _ = await load(files)
        case .removed(let id):
            if await rooms.ask({ $0.plugins?.unload(id) ?? false }) { logger.info("\(id) is unloaded: its files are gone") }
        }
    }
}
