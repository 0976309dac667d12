import Foundation
import JSONText
import LuaHost
import RoomEngine

extension APITable {
    static let http: [APIFunction] = [
        APIFunction(
            "roost.http.get", ["url string", "options table?"], returns: "response?, string?", permission: .http,
            "Asks another server, one that the manifest names. Waits. Nil and why if there is no answer."
        ) { call in
            try send("GET", call, body: [], options: 1)
        },
        APIFunction(
            "roost.http.post", ["url string", "body any", "options table?"], returns: "response?, string?", permission: .http,
            "Sends a body to another server: a string as it is, a table as JSON. Waits. Nil and why if there is no answer."
        ) { call in
            if call[1].typeName == "string" { return try send("POST", call, body: call.bytes(1), options: 2) }
            guard case .table = call[1] else { throw LuaHostError("a body is a string, or a table that is sent as JSON, not a \(call[1].typeName)") }
            return try send("POST", call, body: Array(try JSONValue(call[1]).text.utf8), contentType: "application/json", options: 2)
        },
        APIFunction("response:json", returns: "any, string?", "The value of a body that is JSON; nil and why if it is none.") { call in
            guard let response = call.object.flatMap({ call.plugin.responses.read($0.a) }) else { return .values(LuaValue.gone) }
            guard let value = try? JSONValue(parsing: response.body) else { return .values([.nil, .string("not JSON")]) }
            return .values([LuaValue(value)])
        },
    ]

    static let responseAttributes: [APIAttribute] = [
        APIAttribute(.response, "status", "integer", "The HTTP status, e.g. 200.") { plugin, object in
            plugin.responses.read(object.a).map { .int(Int64($0.status)) } ?? .nil
        },
        APIAttribute(.response, "headers", "table<string, string>", "The header, by names in small letters.") { plugin, object in
            guard let headers = plugin.responses.read(object.a)?.headers else { return .nil }
            return .table(LuaTable(pairs: headers.sorted { $0.key < $1.key }.map { .init(key: .string($0.key), value: .string($0.value)) }))
        },
        APIAttribute(.response, "body", "string", "The body, unpacked.") { plugin, object in
            guard let body = plugin.responses.read(object.a)?.body else { return .nil }
            return String(validating: body, as: UTF8.self).map(LuaValue.string) ?? .bytes(body)
        },
    ]

    /// What can be said about any request is checked here, at the line that makes it. What only shows on the way is `nil, err`.
    private static func send(_ method: String, _ call: APICall, body: [UInt8], contentType: String? = nil, options index: Int) throws -> LuaAnswer {
        let text = try call.string(0)
        guard let url = RequestURL(text) else { throw LuaHostError("'\(text.prefix(100))' is no plain http or https address") }
        let plugin = call.plugin
        let options = try call.options(index)
        var request = OutgoingRequest(method: method, url: url, body: body, hosts: plugin.hosts)
        guard request.allows(url) else {
            if plugin.manifest.hosts.contains(where: { $0.allows(url) }) {
                throw LuaHostError("an operator has taken \(url.authority) from this plugin: 'plugin grant \(plugin.id) http:…' gives it back")
            }
            throw LuaHostError("the manifest does not name \(url.isSecure ? "" : "http://")\(url.authority): add it to \"http\" in plugin.json's permissions")
        }
        request.seconds = try options.number("timeout") ?? request.seconds
        guard request.seconds > 0, request.seconds <= OutgoingRequest.mostSeconds else {
            throw LuaHostError("'timeout' is in seconds, up to \(Int(OutgoingRequest.mostSeconds))")
        }
        if let bytes = try options.integer("max_bytes") {
            guard (1...Int64(OutgoingRequest.mostBytes)).contains(bytes) else { throw LuaHostError("'max_bytes' is from 1 to \(OutgoingRequest.mostBytes)") }
            request.mostBytes = Int(bytes)
        }
        request.headers = try headers(options)
        if let contentType, !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            request.headers.append(("Content-Type", contentType))
        }
        guard let run = plugin.run else { return .nothing }
        if let shadow = plugin.shadow, method != "GET" {
            shadow.note(run.event, run.event?.kind.name ?? "timer", at: call.engine.clock.now.wall, would: "send a \(method) to \(url.authority)", nil)
            return .values([.nil, .string("not sent: this plugin looks on only")])
        }
        if case .load = run.purpose { throw LuaHostError("a plugin cannot wait while it is loaded: use roost.timer") }
        guard plugin.requests < Plugin.mostRequests else { return .values([.nil, .string("too many requests at once (\(Plugin.mostRequests))")]) }
        let requests = call.host.surroundings.requests
        run.wait = { resume in
            plugin.requests += 1
            requests.send(request) { result in
                plugin.requests -= 1
                switch result {
                case .success(let response): resume(.success([Kind.response.handle(plugin.responses.keep(response, as: plugin.nextNumber()))]))
                case .failure(let failure): resume(.success([.nil, .string(failure.message)]))
                }
            }
        }
        return .wait
    }

    /// Those of the sender itself are not for plugins (RFC 9110 §7, RFC 9112 §6).
    private static let reserved: Set<String> = [
        "host", "content-length", "connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect", "proxy-authorization",
        "proxy-connection", "accept-encoding",
    ]

    private static func headers(_ options: Options) throws(LuaHostError) -> [(name: String, value: String)] {
        guard let table = try options.value("headers", "table", \.table) else { return [] }
        var headers: [(name: String, value: String)] = []
        for pair in table.pairs {
            guard let name = pair.key.string, let value = pair.value.string ?? pair.value.integer.map({ "\($0)" }) else {
                throw LuaHostError("'headers' is a table of texts by their names")
            }
            // RFC 9110 §5.1 and §5.5: what is no token, or has a line's end in it, could become another header.
            let isToken = !name.isEmpty && name.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
            }
            guard isToken, name.utf8.count <= 100, value.utf8.count <= 8_192, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw LuaHostError("'\(name.prefix(40))' with that value is no header")
            }
            if reserved.contains(name.lowercased()) { throw LuaHostError("the header '\(name)' is the server's own") }
            headers.append((name, value))
        }
        return headers.sorted { $0.name < $1.name }
    }
}

/// The responses that a plugin holds, by number: a few, and up to some megabytes, for a plugin's memory does not count them. Those
/// that are too old are gone.
struct KeptResponses {
    private var responses: [(number: UInt64, response: OutgoingResponse)] = []
    private var bytes = 0

    private static let most = 64
    private static let mostBytes = 8 << 20

    mutating func keep(_ response: OutgoingResponse, as number: UInt64) -> UInt64 {
        responses.append((number, response))
        bytes += response.body.count
        while responses.count > Self.most || bytes > Self.mostBytes { bytes -= responses.removeFirst().response.body.count }
        return number
    }

    func read(_ number: UInt64) -> OutgoingResponse? { responses.last { $0.number == number }?.response }

    mutating func release(_ number: UInt64) {
        guard let index = responses.firstIndex(where: { $0.number == number }) else { return }
        bytes -= responses.remove(at: index).response.body.count
    }
}
