import Foundation

/// Writes the first files of a plugin.
package struct NewPlugin {
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    package enum Template: String, CaseIterable, Sendable {
        case empty, moderation, command, bot
    }

    package static let typesFile = ".types/roost.lua"

    let template: Template
    let name: String
    /// The folder that the plugin's own goes into.
    let folder: String

    package init(template: String, name: String, folder: String) throws(Problem) {
        let templates = Template.allCases.map(\.rawValue)
        guard let known = Template(rawValue: template) else {
            let hint = nearest(template, in: templates).map { "; did you mean '\($0)'?" } ?? "; there are: \(templates.joined(separator: ", "))"
            throw Problem(description: "there is no template '\(template)'\(hint)")
        }
        guard PluginFiles.isID(name) else {
            throw Problem(description: "'\(name)' is no name for a plugin: small letters, digits, '-' and '_', at most 40")
        }
        for taken in [name, name + ".lua"] where FileManager.default.fileExists(atPath: "\(folder)/\(taken)") {
            throw Problem(description: "\(folder)/\(taken) is there already")
        }
        self.template = known
        self.name = name
        self.folder = folder
    }

    /// The files it wrote, as paths.
    package func write() throws -> [String] {
        // The types stand once beside all plugins; a plugin elsewhere gets its own copy.
        let hasTypes = FileManager.default.fileExists(atPath: "\(folder)/\(Self.typesFile)")
        var files = template.files.map { ("\(name)/\($0)", $1.replacing("NAME", with: name)) }
        files.append(("\(name)/.luarc.json", Self.editorSettings(types: hasTypes ? "../.types" : ".types")))
        if !hasTypes { files.append(("\(name)/\(Self.typesFile)", TypesFile.text)) }
        for (file, text) in files {
            let path = URL(fileURLWithPath: "\(folder)/\(file)")
            try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: path, atomically: true, encoding: .utf8)
        }
        return files.map { "\(folder)/\($0.0)" }
    }

    /// Settings of the Lua language server: what the sandbox has, and where the types are.
    package static func editorSettings(types: String) -> String {
        """
        {
          "runtime.version": "Lua 5.4",
          "runtime.builtin": { "io": "disable", "package": "disable", "debug": "disable" },
          "runtime.path": ["?.lua"],
          "workspace.library": ["\(types)"],
          "workspace.checkThirdParty": false
        }

        """
    }
}
