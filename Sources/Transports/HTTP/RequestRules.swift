import NIOHTTP1
import RoomEngine

/// What a request's head must keep to beyond what the parser checks, so that nobody on its way can read it differently.
enum RequestRules {
    /// Why a request is refused, and with which status.
    static func problem(_ head: HTTPRequestHead) -> (HTTPResponseStatus, Refusal)? {
        if let text = targetProblem(head) ?? hostProblem(head) { return (.badRequest, Refusal(.badRequest, text)) }
        return codingProblem(head) ?? methodProblem(head)
    }

    /// RFC 9112 §3.2: the forms of a request's target.
    private static func targetProblem(_ head: HTTPRequestHead) -> String? {
        if head.method == .CONNECT || head.method == .OPTIONS && head.uri == "*" { return nil }
        guard head.uri.hasPrefix("/"), !head.uri.contains("#") else { return "The request's target is not an address." }
        return nil
    }

    /// RFC 9112 §3.2.2: of a target in absolute form the authority counts, and not Host.
    static func withoutAbsoluteForm(_ head: HTTPRequestHead) -> HTTPRequestHead {
        let parts = head.uri.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, ["http:", "https:"].contains(parts[0].lowercased()), parts[1].isEmpty, head.headers["host"].count == 1 else { return head }
        var plain = head
        plain.headers.replaceOrAdd(name: "Host", value: String(parts[2]))
        plain.uri = "/" + (parts.count > 3 ? String(parts[3]) : "")
        return plain
    }

    /// RFC 9112 §3.2: exactly one Host, and a host it must be (RFC 3986 §3.2.2).
    private static func hostProblem(_ head: HTTPRequestHead) -> String? {
        let hosts = head.headers["host"]
        if hosts.isEmpty { return head.version == .http1_1 ? "A request has exactly one Host header." : nil }
        guard hosts.count == 1, isHost(hosts[0]) else { return "A request has exactly one Host header, which names a host." }
        return nil
    }

    private static func isHost(_ text: String) -> Bool {
        var name = text[...]
        var port = Substring()
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return false }
            name = text[..<end].dropFirst()
            port = text[text.index(after: end)...]
            guard name.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return false }
        } else if let colon = text.firstIndex(of: ":") {
            name = text[..<colon]
            port = text[colon...]
        }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-._~%!$&'()*+;=:".utf8.contains(byte)
            }
        }
        return isName && (port.isEmpty || port.hasPrefix(":") && port.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) })
    }

    /// RFC 9112 §6.1: only `chunked` is understood, and only in HTTP/1.1.
    private static func codingProblem(_ head: HTTPRequestHead) -> (HTTPResponseStatus, Refusal)? {
        let codings = head.headers["transfer-encoding"]
        if codings.isEmpty { return nil }
        if head.version != .http1_1 || codings.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
            return (.badRequest, Refusal(.badRequest, "The body's length is not clear."))
        }
        if codings.count == 1, codings[0].lowercased().filter({ !$0.isWhitespace }) == "chunked" { return nil }
        return (.notImplemented, Refusal(.badRequest, "The only transfer coding understood is chunked."))
    }

    /// RFC 9110 §9.1. CONNECT is for proxies; after it nothing is parsed.
    private static func methodProblem(_ head: HTTPRequestHead) -> (HTTPResponseStatus, Refusal)? {
        switch head.method {
        case .GET, .HEAD, .POST, .PUT, .DELETE, .PATCH, .OPTIONS, .TRACE: nil
        default: (.notImplemented, Refusal(.badRequest, "The method \(head.method.rawValue) is not known here."))
        }
    }
}
