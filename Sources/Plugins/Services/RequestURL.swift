import Foundation

/// An `http` or `https` address, taken apart and checked.
///
/// Programs differ in how they read odd addresses, and whoever connects must not see another host than whoever checks. So
/// only plain ones are taken: a host of ASCII letters, digits, hyphens and dots or an IPv6 address in brackets, and no name or
/// password before it (RFC 3986 §3.2).
package struct RequestURL: Sendable, Equatable, CustomStringConvertible {
    package let isSecure: Bool
    /// In small letters; of an IPv6 address without brackets.
    package let host: String
    package let port: Int
    /// Path and query, from the slash on.
    package let target: String

    package init?(_ text: String) {
        guard text.utf8.count <= 2_000, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }),
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), scheme == "https" || scheme == "http",
            parts.user == nil, parts.password == nil, let encoded = parts.percentEncodedHost?.lowercased(), let host = Self.host(encoded)
        else { return nil }
        isSecure = scheme == "https"
        self.host = host
        port = parts.port ?? (isSecure ? 443 : 80)
        guard (1...65_535).contains(port) else { return nil }
        let path = parts.percentEncodedPath
        target = (path.hasPrefix("/") ? path : "/" + path) + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    }

    private static func host(_ text: String) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let address = text.dropFirst().dropLast()
            let isAddress = address.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x3A || $0 == 0x2E }
            return isAddress && !address.isEmpty ? String(address) : nil
        }
        let isName = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2E }
        return isName && (1...253).contains(text.utf8.count) && !text.hasPrefix(".") ? text : nil
    }

    /// The address that this one's answer leads to, if it is one of these.
    package func resolving(_ location: String) -> RequestURL? {
        guard let base = URL(string: description), let url = URL(string: location, relativeTo: base) else { return nil }
        return RequestURL(url.absoluteString)
    }

    package func isSameOrigin(as other: RequestURL) -> Bool { isSecure == other.isSecure && host == other.host && port == other.port }

    /// With a port only where it is not the usual one.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    package var description: String { "\(isSecure ? "https" : "http")://\(authority)\(target)" }
}

/// A host that a manifest names: `api.example.com`, `*.example.org` for any name below it, `host:8080`. Encrypted, unless the
/// manifest says `http://host`.
package struct AllowedHost: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    private let isSecure: Bool
    private let host: String
    private let isSuffix: Bool
    private let port: Int

    package init?(_ text: String) {
        var rest = text.lowercased()
        isSecure = !rest.hasPrefix("http://")
        for scheme in ["http://", "https://"] where rest.hasPrefix(scheme) { rest = String(rest.dropFirst(scheme.count)) }
        isSuffix = rest.hasPrefix("*.")
        if isSuffix { rest = String(rest.dropFirst(2)) }
        // Nobody is to be allowed all of .com by a slip of the pen.
        guard !rest.contains("/"), let url = RequestURL("\(isSecure ? "https" : "http")://\(rest)/"), !isSuffix || url.host.contains(".") else {
            return nil
        }
        (host, port) = (url.host, url.port)
        description = text
    }

    package func allows(_ url: RequestURL) -> Bool {
        guard url.isSecure == isSecure, url.port == port else { return false }
        return isSuffix ? url.host.hasSuffix("." + host) : url.host == host
    }
}
