import Foundation
import RoomEngine

/// Notices when plugins' files are saved, by looking at them again and again.
///
/// A change is reported when it has been the same for two looks: editors write more than once, and programs more than one
/// file.
package struct PluginWatch {
    package enum Change: Equatable, Sendable {
        /// New, or with other contents; the names are of files in its folder.
        case saved(PluginFiles, files: [String])
        case removed(PluginID)
    }

    private struct Stamp: Equatable {
        var size: Int
        var modified: Int64
        var number: UInt64
    }

    private struct Look: Equatable {
        var files: PluginFiles
        var stamps: [String: Stamp]
    }

    /// A folder of plugins; nil if only `paths` are looked at.
    private let folder: String?
    private let paths: [String]
    private var reported: [PluginID: Look]
    private var last: [PluginID: Look]

    /// - Parameter folder: every plugin in it is looked at, new ones too
    package init(folder: String) { self.init(folder, []) }

    /// - Parameter plugins: these alone are looked at
    package init(plugins: [PluginFiles]) { self.init(nil, plugins.map(\.path)) }

    private init(_ folder: String?, _ paths: [String]) {
        self.folder = folder
        self.paths = paths
        reported = Self.look(folder, paths)
        last = reported
    }

    /// What has changed since the last report.
    package mutating func poll() -> [Change] {
        let now = Self.look(folder, paths)
        defer { last = now }
        var changes: [Change] = []
        for (id, look) in now where look == last[id] && look != reported[id] {
            let before = reported[id]?.stamps ?? [:]
            let names = Set(look.stamps.keys).union(before.keys).filter { look.stamps[$0] != before[$0] }
            reported[id] = look
            changes.append(.saved(look.files, files: names.sorted()))
        }
        for id in reported.keys where now[id] == nil && last[id] == nil {
            reported[id] = nil
            changes.append(.removed(id))
        }
        return changes.sorted { $0.id.text < $1.id.text }
    }

    private static func look(_ folder: String?, _ paths: [String]) -> [PluginID: Look] {
        let plugins = paths.compactMap(PluginFiles.init(path:)) + (folder.flatMap { try? PluginFiles.all(in: $0) } ?? [])
        return Dictionary(plugins.map { ($0.id, Look(files: $0, stamps: stamps($0))) }, uniquingKeysWith: { first, _ in first })
    }

    private static func stamps(_ files: PluginFiles) -> [String: Stamp] {
        guard files.isFolder else { return stamp(files.path).map { ["": $0] } ?? [:] }
        var stamps: [String: Stamp] = [:]
        let names = FileManager.default.enumerator(atPath: files.path)?.compactMap { $0 as? String } ?? []
        for name in names where name.hasSuffix(".lua") || name.hasSuffix(".json") {
            if name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) { continue }
            stamps[name] = stamp("\(files.path)/\(name)")
        }
        return stamps
    }

    private static func stamp(_ path: String) -> Stamp? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return Stamp(
            size: Int(facts.st_size), modified: Int64(facts.st_mtim.tv_sec) * 1_000_000_000 + Int64(facts.st_mtim.tv_nsec), number: UInt64(facts.st_ino))
    }
}

extension PluginWatch.Change {
    package var id: PluginID {
        switch self {
        case .saved(let files, _): files.id
        case .removed(let id): id
        }
    }
}
