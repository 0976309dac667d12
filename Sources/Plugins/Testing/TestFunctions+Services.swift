import JSONText
import LuaHost
import RoomEngine

/// What tests can do about what plugins use beside rooms: requests, the console, measures.
extension TestFunctions {
    static let services: [Row] = [
        // t:http(url, { status =, body =, headers =, error =, after = }) answers every request to that address from now on
        Row(path: "t:http") { script, arguments in
            guard arguments.count > 1, let text = arguments[1].string, let url = RequestURL(text) else { throw LuaHostError("t:http(url, answer)") }
            let answer = arguments.count > 2 ? arguments[2].table ?? LuaTable() : LuaTable()
            var response = OutgoingResponse(status: Int(answer["status"].integer ?? 200), body: Array((answer["body"].string ?? "").utf8))
            if let value = answer["json"].table { response.body = Array(try JSONValue(.table(value)).text.utf8) }
            for pair in answer["headers"].table?.pairs ?? [] { response.headers[(pair.key.string ?? "").lowercased()] = pair.value.display }
            let result: OutgoingResult = answer["error"].string.map { .failure(OutgoingFailure($0)) } ?? .success(response)
            try script.running().requests.answers[url.description] = .init(result: result, seconds: answer["after"].double ?? 0)
            return []
        },
        // t:requests() → a list of { method =, url =, body =, headers = }
        Row(path: "t:requests") { script, _ in
            let sent = try script.running().requests.sent.map { request in
                LuaValue.table(LuaTable([
                    "method": .string(request.method), "url": .string(request.url.description), "body": .string(String(decoding: request.body, as: UTF8.self)),
                    "headers": .table(LuaTable(pairs: request.headers.map { .init(key: .string($0.name.lowercased()), value: .string($0.value)) })),
                ]))
            }
            return [.table(LuaTable(array: sent))]
        },
        // t:console(line) → what the plugin's console command says, a line each, tables with tabs
        Row(path: "t:console") { script, arguments in
            guard let line = arguments.last?.string else { throw LuaHostError("t:console(line)") }
            return [.string(try script.running().console(line))]
        },
        // t:metric(name, labels) → the value of what the plugin has measured
        Row(path: "t:metric") { script, arguments in
            guard arguments.count > 1, let name = arguments[1].string else { throw LuaHostError("t:metric(name, labels)") }
            let pairs: [LuaTable.Pair] = arguments.count > 2 ? arguments[2].table?.pairs ?? [] : []
            let labels = Set(pairs.map { "\($0.key.display)=\($0.value.display)" })
            let families = try script.running().host.measures.values.flatMap { $0.families("") }
            let samples = families.filter { $0.name == name || $0.name == name + "_seconds" }.flatMap(\.samples)
            let sample = samples.first { sample in Set(sample.labels.map { "\($0.name)=\($0.value)" }) == labels }
            return [sample.map { LuaValue.number($0.value) } ?? .nil]
        },
    ]
}
