import Foundation
import LuaHost
import RoomEngine

/// The files of the versions that were granted what they ask for, one version of each plugin. While an update waits for a grant,
/// a server that starts has nothing but the update in its folder: it runs these meanwhile.
package protocol GrantedSources {
    /// Keeps a version's files, as ``PluginFiles/archive()`` writes them, in place of those of the version before.
    func keep(_ archive: Data, of id: PluginID)
    func archive(of id: PluginID) -> Data?
    /// Forgets those of all other plugins.
    func keepOnly(_ ids: Set<PluginID>)
}

extension PluginFiles {
    private struct Archive: Codable {
        var isFolder: Bool
        var files: [String: Data]
    }

    /// The largest plugin whose files are kept, in bytes as they are stored.
    static let largestArchive = 8 << 20

    /// The files as they were when the version was loaded; nil if they are too large to be kept.
    func archive() throws -> Data? {
        let data = try JSONEncoder().encode(Archive(isFolder: isFolder, files: snapshot().contents ?? [:]))
        return data.count <= Self.largestArchive ? data : nil
    }

    /// What ``archive()`` has written, as a version of the plugin that these are the files of now.
    func version(archived data: Data) throws -> PluginFiles {
        let archive = try JSONDecoder().decode(Archive.self, from: data)
        return PluginFiles(id: id, path: path, isFolder: archive.isFolder, root: root, contents: archive.files)
    }
}

extension PluginHost {
    /// Keeps what is in use, in case that it has to wait with the next version over a restart.
    func keepSources(of plugin: Plugin) {
        guard let sources = surroundings.sources, !surroundings.grantsEverything else { return }
        do {
            guard let archive = try plugin.files.archive() else {
                return log(plugin, .warn, "its files take more than \(PluginFiles.largestArchive >> 20) MiB: if an update asks for more, no version runs after a restart until it is granted")
            }
            sources.keep(archive, of: plugin.id)
        } catch {
            log(plugin, .error, "its files cannot be kept: \(error)")
        }
    }

    /// A version waits for a grant and none is in use: the one that has what it asks for runs meanwhile.
    func runGranted(_ files: PluginFiles, until problem: PluginProblem) {
        guard let archive = surroundings.sources?.archive(of: files.id) else { return }
        do {
            let plugin = try load(files.version(archived: archive), .meanwhile).get()
            log(plugin, .warn, "\(plugin.version) is the version from before: it runs until the new one is granted what it asks for")
        } catch let error as PluginProblem {
            log(files.id, .error, "the version from before does not run either: \(error.message)")
        } catch {
            log(files.id, .error, "the version from before cannot be read: \(error)")
        }
        refused[files.id] = problem
    }
}
