import RoomEngine

/// The reference of the plugin API in Markdown, made from the API table, the event table and the permissions.
package enum ReferencePage {
    package static var text: String {
        """
        # The plugin API

        Every event, function, permission and manifest key. Written by `roost plugin docs` from the tables that the server itself
        uses; [plugins.md](plugins.md) is the guide to it.

        ## Events

        Every event has the fields \(listed(EventRow.commonFields.map(code))). What is marked with a question mark
        may be nil. The phase in bold is the one that `roost.on` uses if none is named.

        \(events)

        ## Functions

        Arguments with a question mark may be left out. A function whose permission a plugin does not have is an error.

        \(functions)

        ## Options

        Any other option is an error.

        \(options)

        ## Records

        Plain tables that fields and functions hand out.

        \(records)

        ## Tests

        In a `test.lua`, run by `roost plugin test`.

        \(tests)

        ## Permissions

        In `plugin.json`, by group: `"permissions": { "chat": ["drop"], "store": "1MiB" }`. A plugin without a manifest, or whose
        manifest does not say, gets those marked as everyday, and 256 KiB of store.

        \(permissions)

        ## The manifest

        `plugin.json` in the plugin's folder. Every key may be left out; an unknown one is an error.

        \(manifest)

        """
    }

    // MARK: Parts

    private static var events: String {
        EventTable.rows.map { row in
            let heading = row.phases.isEmpty ? "### The call of a slash command" : "### `\(row.shownName)`"
            var lines = [heading, "", row.description.summary, ""]
            if !row.phases.isEmpty {
                let phases = row.phases.map { $0 == row.defaultPhase ? "**\($0)**" : "\($0)" }
                lines.append("Phases: \(phases.joined(separator: ", ")).")
                let verdicts = VerdictKind.allCases.filter(row.verdicts.contains).map { verdict in
                    let permissions = APITable.permissions(for: verdict, of: row.kind).map { "`\($0.rawValue)`" }.joined(separator: " and ")
                    let permission = permissions.isEmpty ? "" : " (needs \(permissions))"
                    return "`\(verdict)`\(permission)"
                }
                lines += ["Verdicts: \(verdicts.isEmpty ? "none" : verdicts.joined(separator: ", ")).", ""]
            }
            let fields = row.fields.map { [code($0), code(row.description(of: $0).type), row.description(of: $0).summary] }
            return (lines + [table(["Field", "Type", ""], fields)]).joined(separator: "\n")
        }.joined(separator: "\n\n") + "\n\n### Fields of every event\n\n"
            + table(["Field", "Type", ""], EventRow.commonFields.map { name in
                let field = EventDescription.common[name] ?? .init("any", "")
                return [code(name), code(field.type), field.summary]
            })
    }

    private static var functions: String {
        let groups: [(String, [APIFunction])] = [
            ("Registering", APITable.registering), ("Verdicts", APITable.verdicts), ("Events", APITable.events), ("People", APITable.users),
            ("Rooms", APITable.rooms), ("Commands", APITable.commands + APITable.console), ("Time and chance", APITable.time + APITable.scheduling),
            ("Storing", APITable.storing + APITable.iterators), ("Text", APITable.text + APITable.regexes), ("Requests", APITable.http),
            ("Between plugins", APITable.between), ("Measures and alarms", APITable.measuring), ("Colours", APITable.colors),
            ("JSON", APITable.json), ("Hashes", APITable.crypto),
            ("Translations", APITable.settings), ("Log", APITable.logging),
        ]
        let known = groups.flatMap { $0.1.map(\.path) }
        let others = APITable.functions.filter { !known.contains($0.path) }
        return (groups + (others.isEmpty ? [] : [("Others", others)])).map { title, functions in
            let rows = functions.map { [code(signature($0)), code($0.returns), $0.permission.map { code($0.rawValue) } ?? "", $0.summary] }
            var lines = ["### \(title)", "", table(["Function", "Returns", "Permission", ""], rows)]
            for kind in Kind.allCases where functions.contains(where: { $0.receiver == kind }) {
                let attributes = (APITable.attributes[kind] ?? [:]).values.sorted { $0.name < $1.name }
                if attributes.isEmpty { continue }
                lines += ["", "A \(kind) has:", "", table(["Field", "Type", ""], attributes.map { [code($0.name), code($0.type), $0.summary] })]
            }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n\n") + "\n\nBeside them there are `roost.store` (the plugin's store), `roost.config` (its settings) and `roost.keep` (a table "
            + "carried over a\nreload, as data)."
    }

    private static func signature(_ function: APIFunction) -> String {
        let arguments = function.arguments.map { $0.name + ($0.isOptional ? "?" : "") }.joined(separator: ", ")
        switch function.shortName {
        case "__call" where function.receiver == .iterator: return "for … in iterator"
        case "__call": return "\(function.receiver?.name ?? "timer")(\(arguments))"
        case "__close": return "local x <close> = timer"
        default: return "\(function.path)(\(arguments))"
        }
    }

    private static var options: String {
        let groups = Dictionary(grouping: APITable.options.keys.sorted()) { path in
            (APITable.options[path] ?? []).map { $0.name + $0.summary }.joined()
        }.values.sorted { $0[0] < $1[0] }
        return groups.map { paths in
            let rows = (APITable.options[paths[0]] ?? []).map { option in
                [code(option.name), code(option.type), option.summary + (option.permission.map { " Needs `\($0.rawValue)`." } ?? "")]
            }
            return "### \(paths.map(code).joined(separator: ", "))\n\n" + table(["Option", "Type", ""], rows)
        }.joined(separator: "\n\n")
    }

    private static var records: String {
        EventDescription.records.map { record in
            "### `\(record.name)`\n\n\(record.summary)\n\n" + table(["Field", "Type", ""], record.fields.map { [code($0.name), code($0.type), $0.summary] })
        }.joined(separator: "\n\n")
    }

    private static var tests: String {
        table(["Function", "Returns", ""], TestSignature.all.map { each in
            let arguments = each.arguments.map { $0.name + ($0.isOptional ? "?" : "") }.joined(separator: ", ")
            return [code("\(each.path)(\(arguments))"), code(each.returns), each.summary]
        }) + "\n\nA visitor has " + attributes("visitor") + "; a room of a test has " + attributes("test_room") + "."
    }

    private static func attributes(_ kind: String) -> String { listed((TestSignature.attributes[kind] ?? []).map { code($0.name) }) }

    private static var permissions: String {
        table(["Permission", "A plugin may", "Everyday"], Permission.allCases.map { permission in
            [code(permission.rawValue), permission.inWords, Permission.everyday.contains(permission) ? "yes" : ""]
        } + [[code("store"), "keep so much, e.g. `\"1MiB\"`", "256 KiB"]])
    }

    private static var manifest: String {
        table(["Key", "Value", ""], ManifestKey.all.map { [code($0.name), $0.value, $0.summary] })
    }

    // MARK: Markdown

    private static func code(_ text: String) -> String { "`\(text.replacing("|", with: "\\|"))`" }

    private static func listed(_ items: [String]) -> String {
        items.count < 2 ? items.joined() : items.dropLast().joined(separator: ", ") + " and " + (items.last ?? "")
    }

    private static func table(_ headings: [String], _ rows: [[String]]) -> String {
        let lines = ["| " + headings.joined(separator: " | ") + " |", "|" + headings.map { _ in "---|" }.joined()]
        return (lines + rows.map { "| " + $0.joined(separator: " | ") + " |" }).joined(separator: "\n")
    }
}
