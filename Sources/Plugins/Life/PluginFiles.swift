import Foundation
import LuaHost
import RoomEngine

/// Where a plugin's files are: a folder with `plugin.json` and code, or a single `.lua` file.
package struct PluginFiles: Sendable, Equatable {
    package let id: PluginID
    /// The folder, or the file.
    package let path: String
    package let isFolder: Bool
    /// How messages call the folder that plugins are in, e.g. `Plugins`.
    package let root: String
    /// What was in the files, by their path within the plugin, when a version was made of them. Nil: they are read as they
    /// are now.
    private(set) var contents: [String: Data]?

    /// The plugins in a folder, in the order in which they are loaded: by id.
    package static func all(in folder: String) throws -> [PluginFiles] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { find($0, in: folder) }
    }

    /// The plugin with that id in a folder.
    package static func named(_ id: String, in folder: String) -> PluginFiles? { find(id, in: folder) ?? find(id + ".lua", in: folder) }

    /// A folder of its own or a single file, wherever it is.
    package init?(path: String) {
        let url = URL(fileURLWithPath: path)
        guard let found = Self.find(url.lastPathComponent, in: url.deletingLastPathComponent().path) else { return nil }
        self = found
    }

    init(id: PluginID, path: String, isFolder: Bool, root: String, contents: [String: Data]? = nil) {
        self.id = id
        self.path = path
        self.isFolder = isFolder
        self.root = root
        self.contents = contents
    }

    private static func find(_ name: String, in folder: String) -> PluginFiles? {
        let path = "\(folder)/\(name)"
        let root = URL(fileURLWithPath: folder).lastPathComponent
        var isFolder: ObjCBool = false
        guard !name.hasPrefix("."), FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
        if isFolder.boolValue {
            let isPlugin = ["plugin.json", "init.lua"].contains { FileManager.default.fileExists(atPath: "\(path)/\($0)") }
            return isPlugin && isID(name) ? PluginFiles(id: PluginID(name), path: path, isFolder: true, root: root) : nil
        }
        guard name.hasSuffix(".lua"), isID(String(name.dropLast(4))) else { return nil }
        return PluginFiles(id: PluginID(String(name.dropLast(4))), path: path, isFolder: false, root: root)
    }

    /// Ids are file names that need no quoting anywhere.
    static func isID(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count) && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F }
    }

    /// The same files, held in memory: a version goes on meaning what was in them when it was loaded, whatever becomes of them.
    package func snapshot() -> PluginFiles {
        if contents != nil { return self }
        var snapshot = self
        var contents: [String: Data] = [:]
        for name in isFolder ? Self.names(below: path) : [""] { contents[name] = data(name) }
        snapshot.contents = contents
        return snapshot
    }

    /// The files of a plugin's folder that matter: Lua and JSON, without hidden ones.
    private static func names(below path: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            (name.hasSuffix(".lua") || name.hasSuffix(".json")) && !name.split(separator: "/").contains { $0.hasPrefix(".") }
        }
    }

    /// A file by its path within the plugin; empty for a plugin that is a single file.
    private func data(_ name: String) -> Data? {
        if let contents { return contents[name] }
        return FileManager.default.contents(atPath: name.isEmpty ? path : "\(path)/\(name)")
    }

    /// Whether the plugin has such a file.
    package func has(_ name: String) -> Bool { contents.map { $0[name] != nil } ?? FileManager.default.fileExists(atPath: "\(path)/\(name)") }

    package func manifest() throws(Manifest.Problem) -> Manifest {
        guard isFolder, let json = data("plugin.json") else { return Manifest(id: id) }
        return try Manifest(id: id, json: json)
    }

    /// The main file's text, and how messages call it.
    package func entry(_ manifest: Manifest) throws(LuaHostError) -> (text: String, chunkName: String) {
        if !isFolder { return (try read(""), "\(root)/\(id).lua") }
        return (try read(manifest.entry), "\(root)/\(id)/\(manifest.entry)")
    }

    /// A file of the plugin's folder, and how messages call it.
    func read(file: String) throws(LuaHostError) -> (text: String, chunkName: String) {
        (try read(file), "\(root)/\(id)/\(file)")
    }

    /// A module for `require`: a file of the plugin's own folder, `a.b` being `a/b.lua`.
    func module(_ name: String) throws(LuaHostError) -> (text: String, chunkName: String) {
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E: true
            default: false
            }
        }
        guard isFolder, isName, !name.hasPrefix("."), !name.contains("..") else {
            throw LuaHostError("module '\(name)' not found: a module is a file of the plugin's own folder, named without '.lua'")
        }
        let file = name.replacing(".", with: "/") + ".lua"
        guard has(file) else {
            throw LuaHostError("module '\(name)' not found: there is no \(root)/\(id)/\(file)")
        }
        return (try read(file), "\(root)/\(id)/\(file)")
    }

    /// A line of a source file, by the name that messages call it.
    func line(_ number: Int, of chunkName: String) -> String? {
        // Lua shortens long names to their end: `…ins/guard/init.lua`.
        let end = chunkName.ranges(of: "/\(id)/").last.map { String(chunkName[$0.upperBound...]) }
        let file = isFolder ? end ?? chunkName : ""
        guard let text = try? read(file) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.contains(number - 1) ? String(lines[number - 1]) : nil
    }

    /// The translations beside the code, by language tag.
    package func locales() throws(Manifest.Problem) -> [String: [String: String]] {
        guard isFolder else { return [:] }
        let names = contents.map { $0.keys.filter { $0.hasPrefix("locales/") }.map { String($0.dropFirst(8)) } }
            ?? (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/locales")) ?? []
        var result: [String: [String: String]] = [:]
        for name in names.sorted() where name.hasSuffix(".json") && !name.contains("/") {
            guard let data = data("locales/\(name)") else { continue }
            let texts: [String: String]
            do {
                texts = try JSONDecoder().decode([String: String].self, from: data)
            } catch {
                throw Manifest.Problem(description: "locales/\(name) must be an object of texts: \(error)")
            }
            for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
                do throws(TextTemplate.Malformed) {
                    _ = try TextTemplate(text)
                } catch {
                    throw Manifest.Problem(description: "locales/\(name): \"\(key)\" \(error.message)")
                }
            }
            result[String(name.dropLast(5))] = texts
        }
        return result
    }

    private func read(_ name: String) throws(LuaHostError) -> String {
        let place = name.isEmpty ? path : "\(path)/\(name)"
        guard let data = data(name) else { throw LuaHostError("cannot read \(place)") }
        guard let text = String(validating: data, as: UTF8.self) else { throw LuaHostError("\(place) is not UTF-8 text") }
        return text
    }
}
