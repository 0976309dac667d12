import RoomEngine

/// Annotations of the plugin API for the Lua language server (LuaLS), made from the API table and the event table.
package enum TypesFile {
    package static var text: String {
        var lines = [
            "---@meta roost", "", "-- The plugin API, for editors. Written by 'roost plugin types'; changes here are lost.", "",
            "---What a handler answers, made by roost.drop, roost.modify …", "---@class verdict", "",
        ]
        for (name, summary, fields) in EventDescription.records {
            lines += describe(name, summary, fields.map { ($0.name, $0.type, $0.summary) })
        }
        lines += describe("event", "What every event has.", EventRow.commonFields.map { field($0, EventDescription.common[$0]) })
        lines += ["local _event = {}"] + APITable.functions.filter { $0.receiver == .event }.flatMap { function($0, on: "_event") }
        for row in EventTable.rows {
            let own = row.allFields.filter { row.description.fields[$0] != nil || !EventRow.commonFields.contains($0) }
            lines += describe(eventClass(row.typeName), row.description.summary, own.map { field($0, row.description(of: $0)) }, parent: "event")
        }
        for kind in Kind.allCases where kind != .event && kind != .verdict { lines += handle(kind) }
        for (path, options) in APITable.options.sorted(by: { $0.key < $1.key }) {
            lines += describe(optionsClass(path), "Options of \(path).", options.map { ($0.name + "?", $0.type, $0.summary) })
        }
        lines += roost() + tests()
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Classes

    private static func describe(_ name: String, _ summary: String, _ fields: [(String, String, String)], parent: String? = nil) -> [String] {
        ["---\(summary)", "---@class \(name)\(parent.map { ": \($0)" } ?? "")"] + fields.map { "---@field \($0) \($1) \($2)" } + [""]
    }

    private static func field(_ name: String, _ field: EventDescription.Field?) -> (String, String, String) {
        (name, field?.type ?? "any", field?.summary ?? "")
    }

    private static func handle(_ kind: Kind) -> [String] {
        let attributes = (APITable.attributes[kind] ?? [:]).values.sorted { $0.name < $1.name }
        let functions = APITable.functions.filter { $0.receiver == kind }
        var lines = describe(kind.name, summary(kind), attributes.map { ($0.name, $0.type, $0.summary) })
        lines.removeLast()
        if kind == .config || kind == .service { lines.append("---@field [string] any") }
        if let call = functions.first(where: { $0.shortName == "__call" }) {
            let arguments = call.arguments.map { argument in
                argument.isRest ? "...: any"
                    : "\(argument.name)\(argument.type == "any" ? "?" : ""): \(argument.type == "function" ? "fun()" : argument.type)"
            }.joined(separator: ", ")
            lines.append("---@overload fun(\(arguments)): \(call.returns)")
        }
        let methods = functions.filter { !$0.shortName.hasPrefix("__") }
        return lines + (methods.isEmpty ? [] : ["local _\(kind.name) = {}"]) + methods.flatMap { function($0, on: "_\(kind.name)") } + [""]
    }

    private static func summary(_ kind: Kind) -> String {
        switch kind {
        case .event: "Something that happens."
        case .user: "A person. Nothing is known of them once they are gone: methods then return nil, \"gone\"."
        case .room: "A room."
        case .hook: "A handler that has been registered."
        case .timer: "A timer: call it with the function it is to call."
        case .verdict: "What a handler answers."
        case .store: "What the plugin keeps over restarts."
        case .matcher: "Finds any of many words."
        case .iterator: "What a `for` loop goes through."
        case .config: "The plugin's settings, as its manifest describes them."
        case .users: "People to go through, one after the other."
        case .regex: "A regular expression."
        case .response: "What another server has answered."
        case .service: "What another plugin provides: its functions, called with a dot."
        case .serviceFunction: "A function of another plugin."
        case .console: "The call of a console command."
        }
    }

    static func eventClass(_ name: String) -> String { name.hasPrefix("/") ? "\(name.dropFirst())_call" : "\(name)_event" }
    private static func optionsClass(_ path: String) -> String {
        "\(path.hasPrefix("roost.") ? String(path.dropFirst(6)) : path)_options".replacing(":", with: "_").replacing(".", with: "_")
    }

    // MARK: Functions

    private static func function(_ function: APIFunction, on table: String) -> [String] {
        signature(
            summary: function.summary + (function.permission.map { " Needs `\($0.rawValue)`." } ?? ""), arguments: function.arguments,
            returns: function.returns, name: "\(table)\(function.receiver == nil ? "." : ":")\(function.shortName)", path: function.path)
    }

    private static func signature(
        summary: String, arguments: [APIFunction.Argument], returns: String, name: String, path: String, overloads: [String] = []
    ) -> [String] {
        var lines = ["---\(summary)"]
        for argument in arguments {
            let type = argument.type == "table" && APITable.options[path] != nil ? optionsClass(path)
                : argument.type == "string|table" && APITable.options[path] != nil ? "string|\(optionsClass(path))" : argument.type
            lines.append("---@param \(argument.name)\(argument.isOptional ? "?" : "") \(type == "function" ? "fun(...): any" : type)")
        }
        if returns != "nil" { lines += returns.split(separator: ",").map { "---@return \($0.drop { $0 == " " })" } }
        return lines + overloads + ["function \(name)(\(arguments.map(\.name).joined(separator: ", "))) end", ""]
    }

    private static func roost() -> [String] {
        var lines = ["---@class roost", "---@field store store The plugin's own store.", "---@field config config The plugin's settings.",
            "---@field keep table Carried over a reload, as data.", "roost = {}", ""]
        var tables: Set<String> = []
        for each in APITable.functions where each.receiver == nil {
            let table = String(each.path.dropLast(each.shortName.count + 1))
            if table != "roost", tables.insert(table).inserted { lines += ["---@class \(table)"] + call(of: table) + ["\(table) = {}", ""] }
            if APITable.functions.contains(where: { $0.path.hasPrefix(each.path + ".") }) { continue }
            lines += signature(
                summary: each.summary, arguments: each.arguments, returns: each.returns, name: each.path, path: each.path,
                overloads: overloads(each))
        }
        return lines
    }

    /// Of a table that is also a function: what it takes.
    private static func call(of table: String) -> [String] {
        guard let function = APITable.functions.first(where: { $0.path == table }) else { return [] }
        let arguments = function.arguments.map { "\($0.name)\($0.isOptional ? "?" : ""): \($0.type)" }.joined(separator: ", ")
        return ["---@overload fun(\(arguments)): \(function.returns) # \(function.summary)"]
    }

    /// What a handler gets, by the name of its event.
    private static func overloads(_ function: APIFunction) -> [String] {
        switch function.path {
        case "roost.on", "roost.before", "roost.after", "roost.observe":
            EventTable.rows.filter { !$0.phases.isEmpty }.filter { row in
                function.path == "roost.before" ? row.canBeVetoed : function.path == "roost.after" ? row.phases.contains(.after)
                    : function.path == "roost.observe" ? row.phases.contains(.observe) : true
            }.map { row in
                let result = ["roost.on", "roost.before"].contains(function.path) && row.canBeVetoed ? ": verdict?" : ""
                return "---@overload fun(event: \"\(row.shownName)\", handler: (fun(e: \(eventClass(row.kind.name)))\(result)), "
                    + "options?: \(optionsClass(function.path))): hook"
            }
        case "roost.command":
            ["---@overload fun(name: string, options: command_options, action: fun(c: \(eventClass("/command"))))"]
        default: []
        }
    }

    // MARK: Tests

    private static func tests() -> [String] {
        var lines: [String] = []
        for kind in ["t", "visitor", "test_room", "expectation"] {
            let fields = (TestSignature.attributes[kind] ?? []).map { "---@field \($0.name) \($0.type)" }
            lines += ["---In a test.lua.", "---@class \(kind)"] + fields + ["local _\(kind) = {}", ""]
            for each in TestSignature.all where each.path.hasPrefix(kind + ":") {
                lines += signature(
                    summary: each.summary, arguments: each.arguments, returns: each.returns, name: "_" + each.path, path: each.path)
            }
        }
        let test = TestSignature.all[0]
        return lines
            + signature(
                summary: test.summary, arguments: test.arguments, returns: test.returns, name: test.path, path: test.path,
                overloads: ["---@overload fun(name: string, body: fun(t: t))", "---@overload fun(name: string, options: table, body: fun(t: t))"])
    }
}
