import Dispatch
import Foundation
import Plugins
import RoomEngine

/// A folder with a file for each plugin: the sources of its last version that was granted what it asks for.
///
/// Written on a queue of its own, since rooms must not wait for a disk; a version that is missed because the server dies within
/// these milliseconds is one that the next start does not fall back on.
final class SourceFolder: GrantedSources, Sendable {
    private let path: String
    private let complain: @Sendable (String) -> Void
    private let queue = DispatchQueue(label: "roost.plugin-sources")

    /// - Parameter complain: is told what cannot be written
    init(path: String, complain: @escaping @Sendable (String) -> Void) {
        self.path = path
        self.complain = complain
    }

    func keep(_ archive: Data, of id: PluginID) {
        queue.async { [self] in
            let file = file(of: id)
            if FileManager.default.contents(atPath: file) == archive { return }
            do {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try archive.write(to: URL(fileURLWithPath: file), options: .atomic)
            } catch {
                complain("The sources of the plugin \(id) cannot be kept in \(path): \(error)")
            }
        }
    }

    func archive(of id: PluginID) -> Data? { queue.sync { FileManager.default.contents(atPath: file(of: id)) } }

    func keepOnly(_ ids: Set<PluginID>) {
        queue.async { [self] in
            let kept = Set(ids.map { $0.text + ".json" })
            for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where !kept.contains(name) {
                try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
            }
        }
    }

    private func file(of id: PluginID) -> String { "\(path)/\(id.text).json" }
}
