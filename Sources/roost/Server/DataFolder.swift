import Crypto
import Foundation
import JSONText
import Plugins
import RoomEngine

/// The folder of everything that is kept. One server at a time has it.
final class DataFolder: Sendable {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    let path: String
    private let lock: CInt

    /// Makes the folder if it is not there, and takes it.
    init(path: String) throws(Problem) {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Problem(description: "cannot make the data folder \(path): \(String(cString: strerror(errno)))")
        }
        lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw Problem(description: "cannot write in the data folder \(path): \(String(cString: strerror(errno)))") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw Problem(description: "another server is using the data folder \(path)") }
    }

    /// Plugins that an operator has disabled.
    var disabledPlugins: Set<PluginID> {
        let text = (try? String(contentsOfFile: path + "/disabled-plugins", encoding: .utf8)) ?? ""
        return Set(text.split(separator: "\n").map { PluginID(String($0)) })
    }

    func setDisabled(_ plugin: PluginID, _ isDisabled: Bool) throws {
        var disabled = disabledPlugins
        if isDisabled { disabled.insert(plugin) } else { disabled.remove(plugin) }
        let text = disabled.map(\.text).sorted().joined(separator: "\n")
        try text.write(toFile: path + "/disabled-plugins", atomically: true, encoding: .utf8)
    }

    /// The values of plugins' settings that operators have set, by plugin.
    func pluginSettings() throws(Problem) -> [PluginID: [String: JSONValue]] {
        guard let data = FileManager.default.contents(atPath: settingsFile) else { return [:] }
        guard let root = try? JSONValue(parsing: data).object else {
            throw Problem(description: "\(settingsFile) is damaged: mend or remove it; it holds what 'plugin config' has set")
        }
        return Dictionary(uniqueKeysWithValues: root.map { (PluginID($0), $1.object ?? [:]) })
    }

    func keep(_ settings: [PluginID: [String: JSONValue]]) throws {
        let root = Dictionary(uniqueKeysWithValues: settings.filter { !$0.value.isEmpty }.map { ($0.key.text, JSONValue.object($0.value)) })
        try (JSONValue.object(root).text + "\n").write(toFile: settingsFile, atomically: true, encoding: .utf8)
    }

    private var settingsFile: String { path + "/plugin-settings.json" }

    /// What operators have decided about plugins.
    func operatorChoices() throws(Problem) -> OperatorChoices {
        guard let data = FileManager.default.contents(atPath: choicesFile) else { return OperatorChoices() }
        do {
            return try OperatorChoices(data: data)
        } catch {
            throw Problem(description: "\(choicesFile) is damaged: mend or remove it; it holds what plugins were granted and denied")
        }
    }

    func keep(_ choices: OperatorChoices) throws {
        let url = URL(fileURLWithPath: choicesFile)
        try choices.data.write(to: url, options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: choicesFile)
    }

    private var choicesFile: String { path + "/plugin-choices.json" }

    /// The key that cookies are signed with; made at the first start.
    func secret() throws(Problem) -> Data {
        let file = path + "/secret"
        if let secret = FileManager.default.contents(atPath: file) {
            guard secret.count >= 32 else { throw Problem(description: "\(file) is damaged: remove it, and everyone becomes somebody new") }
            return secret
        }
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        guard FileManager.default.createFile(atPath: file, contents: secret, attributes: [.posixPermissions: 0o600]) else {
            throw Problem(description: "cannot write \(file)")
        }
        return secret
    }
}
