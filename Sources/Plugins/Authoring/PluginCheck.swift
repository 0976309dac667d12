import Foundation
import LuaHost
import LuaSyntax
import RoomEngine

/// Finds mistakes in a plugin before anybody meets them: in its manifest, its translations and its code, and by loading it
/// in a world of its own.
package struct PluginCheck {
    /// What it cannot see, for `--help`.
    package static let limits = """
        It knows what something is only where the code says so in the same file: a handler's event, and what comes of it by \
        fields, methods, locals that are assigned once, and calls of local functions. It says nothing about values that come \
        out of tables, modules or functions of other files, and it does not follow conditions. Tests find the rest.
        """

    private let files: PluginFiles
    private let makeJournal: () -> any TestJournal

    package init(files: PluginFiles, journal: @escaping () -> any TestJournal) {
        self.files = files
        makeJournal = journal
    }

    /// Everything that was found, by file and line.
    package func run() throws -> [Finding] {
        let json = files.json
        let manifest: Manifest
        do throws(Manifest.Problem) {
            manifest = try files.manifest()
        } catch {
            return [about(error, in: json)]
        }
        var findings: [Finding] = []
        var locales: [String: [String: String]] = [:]
        do throws(Manifest.Problem) {
            locales = try files.locales()
            findings += LocaleCheck(files: files, locales: locales).run()
        } catch {
            findings.append(SourceText(file: "\(files.root)/\(files.id)/locales", text: "").finding(line: 1, error.description))
        }

        let sources = try files.sources()
        var chunks: [(SourceText, Chunk)] = []
        for source in sources {
            if let problem = try SandboxFacts.problem(compiling: source.text) {
                findings.append(source.finding(line: problem.line, problem.message))
                continue
            }
            do throws(SyntaxError) {
                chunks.append((source, try Parser.parse(source.text)))
            } catch {
                // Lua takes it, so it is this parser that is wrong.
                findings.append(source.finding(error.offset, "cannot be checked: \(error.message)", isWarning: true))
            }
        }
        let compiles = chunks.count == sources.count
        let (found, use) = try check(chunks, manifest, locales)
        findings += found
        if compiles {
            findings += loading(sources, manifest).filter { problem in !findings.contains { $0.file == problem.file && $0.line == problem.line } }
            if let json { findings += unused(use, manifest, json) }
        }
        return findings.sorted { ($0.file, $0.line, $0.column ?? -1, $0.message) < ($1.file, $1.line, $1.column ?? -1, $1.message) }
    }

    // MARK: Code

    private func check(_ chunks: [(SourceText, Chunk)], _ manifest: Manifest, _ locales: [String: [String: String]]) throws -> ([Finding], PermissionUse) {
        var ownGlobals: Set<String> = []
        for (_, chunk) in chunks {
            chunk.main.visit({ _, _ in }, assigned: { if case .global(let name) = $0.kind { ownGlobals.insert(name) } })
        }
        let facts = try SandboxFacts()
        var findings: [Finding] = [], use = PermissionUse()
        for (source, chunk) in chunks {
            let isTest = source.file == "\(files.root)/\(files.id)/test.lua"
            let check = FileCheck(source, manifest: manifest, locales: locales, facts: facts, ownGlobals: ownGlobals, isTest: isTest)
            check.run(chunk)
            findings += check.findings
            if !isTest { use.merge(check.use) }
        }
        return (findings, use)
    }

    /// What happens when it is loaded.
    private func loading(_ sources: [SourceText], _ manifest: Manifest) -> [Finding] {
        let world = TestWorld(journal: makeJournal(), seed: 1) { log in
            .init(folder: files.root, log: { _, _, line in log(line) })
        }
        guard case .failure(let problem) = world.host.load(files) else { return [] }
        // Lua cuts long names: "...in/init.lua".
        let name = problem.file ?? ""
        let source = sources.first { $0.file == name || name.hasPrefix("...") && $0.file.hasSuffix(name.dropFirst(3)) }
            ?? SourceText(file: problem.file ?? "\(files.root)/\(files.id)", text: "")
        let place = problem.line.map { "\(name):\($0): " } ?? ""
        let message = problem.message.hasPrefix(place) ? String(problem.message.dropFirst(place.count)) : problem.message
        return [source.finding(line: problem.line ?? 1, message)]
    }

    // MARK: Manifest

    /// A mistake in the manifest, at the last key or name that its description quotes and that stands there.
    private func about(_ problem: Manifest.Problem, in json: SourceText?) -> Finding {
        let json = json ?? SourceText(file: "\(files.root)/\(files.id)/plugin.json", text: "")
        let quoted = problem.description.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
        let keys = quoted.flatMap { $0.element.split(separator: ".").map(String.init) }
        guard let key = keys.prefix(4).last(where: { json.text.contains("\"\($0)\"") }) else { return json.finding(line: 1, problem.description) }
        return json.finding(quoted: key, problem.description)
    }

    /// What the manifest asks for and the code does not use.
    private func unused(_ use: PermissionUse, _ manifest: Manifest, _ json: SourceText) -> [Finding] {
        var perhaps = use.perhaps
        for row in use.hookedRows {
            for verdict in use.verdicts { perhaps.formUnion(APITable.permissions(for: verdict, of: EventTable.rows[row].kind)) }
            // Its text is there for those who may read it.
            if EventTable.rows[row].kind == .whisper { perhaps.insert(.whisperRead) }
        }
        var findings: [Finding] = []
        if json.text.contains("\"permissions\"") {
            for permission in manifest.permissions.subtracting(use.used).subtracting(perhaps).sorted(by: { $0.rawValue < $1.rawValue }) {
                let parts = permission.rawValue.split(separator: ".").map(String.init)
                let message = "the permission \(permission.rawValue) (to \(permission.inWords)) is not used"
                findings.append(json.finding(quoted: parts.last ?? "", after: parts.count > 1 ? parts[0] : "permissions", message, isWarning: true))
            }
            if manifest.store > 0, !use.usesStore { findings.append(json.finding(quoted: "store", "the store is not used", isWarning: true)) }
        }
        if let hooks = manifest.hooks, !use.hooksOthers {
            for name in hooks where EventTable.index(named: name).map({ !use.hookedRows.contains($0) }) ?? false {
                findings.append(json.finding(quoted: name, after: "hooks", "no handler for '\(name)' is registered", isWarning: true))
            }
        }
        return findings
    }
}

extension PluginFiles {
    /// `plugin.json`, if there is one.
    fileprivate var json: SourceText? {
        guard isFolder, let data = FileManager.default.contents(atPath: "\(path)/plugin.json") else { return nil }
        return SourceText(file: "\(root)/\(id)/plugin.json", text: String(decoding: data, as: UTF8.self))
    }

    /// All of its Lua, in order.
    fileprivate func sources() throws -> [SourceText] {
        guard isFolder else {
            return [SourceText(file: "\(root)/\(id).lua", text: String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self))]
        }
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".lua") && !$0.split(separator: "/").contains { $0.hasPrefix(".") } }.sorted().map { name in
            SourceText(file: "\(root)/\(id)/\(name)", text: String(decoding: FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data(), as: UTF8.self))
        }
    }
}
