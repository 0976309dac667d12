/// Where a request has come from, as far as that is known for sure.
package struct ClientOrigin: Equatable, Sendable {
    /// An address in its canonical form (RFC 5952), or `unix`; if the connection's other end had no readable name, that name.
    package let address: String
    /// Whether the client has sent the request over TLS.
    package let isSecure: Bool

    package init(address: String, isSecure: Bool) {
        self.address = address
        self.isSecure = isSecure
    }
}

/// What proxies have added to a request: the values of its headers, in order, one for each line.
package struct ForwardingHeaders: Sendable {
    package var forwardedFor: [String]
    package var forwardedProto: [String]
    package var forwarded: [String]

    /// - Parameters:
    ///   - forwardedFor: X-Forwarded-For
    ///   - forwardedProto: X-Forwarded-Proto
    ///   - forwarded: Forwarded (RFC 7239)
    package init(forwardedFor: [String] = [], forwardedProto: [String] = [], forwarded: [String] = []) {
        self.forwardedFor = forwardedFor
        self.forwardedProto = forwardedProto
        self.forwarded = forwarded
    }
}

/// Finds out who a request is really from when it has come through proxies, as npm's proxy-addr does.
///
/// Every proxy appends the address it was called from. So the list is read from its end, beginning with the connection itself,
/// for as long as each one that speaks is trusted. The first that is not is the client: what stands before it, it has made up.
///
/// The administrator says which header the proxies write. A proxy that writes one of them lets the other pass as the client has
/// sent it, so there is no safe way to guess.
package struct ClientFinder: Sendable {
    package enum Header: String, Sendable, CaseIterable {
        /// X-Forwarded-For and X-Forwarded-Proto.
        case xForwarded = "x-forwarded"
        /// Forwarded (RFC 7239).
        case forwarded
    }

    private let header: Header
    private let proxies: TrustedProxies

    package init(header: Header, proxies: TrustedProxies) {
        self.header = header
        self.proxies = proxies
    }

    /// Whether the other end of a connection is a proxy that is believed.
    package func trusts(_ peer: String) -> Bool { Hop(peer).map(proxies.trusts) ?? false }

    /// Who has sent a request.
    ///
    /// Where a trusted proxy gives no address (`unknown`, a hidden name, nonsense), the search ends with that proxy's own: better
    /// an address too few than one that somebody has invented. (proxy-addr would answer with the nonsense.)
    ///
    /// - Parameters:
    ///   - peer: the other end of the connection: an address, with or without a port, or `unix`
    ///   - isSecure: whether the connection itself is TLS; that counts if no proxy says better
    package func origin(peer: String, isSecure: Bool, headers: ForwardingHeaders) -> ClientOrigin {
        guard var hop = Hop(peer) else { return ClientOrigin(address: peer, isSecure: isSecure) }
        var isSecure = isSecure
        for report in reports(headers) {
            guard proxies.trusts(hop) else { break }
            // Only trusted proxies get this far; the outermost one has seen how the client connects.
            if let scheme = report.scheme { isSecure = scheme == "https" || scheme == "wss" }
            guard let node = report.node, let next = Hop(node) else { break }
            hop = next
        }
        return ClientOrigin(address: hop.description, isSecure: isSecure)
    }

    private struct Report {
        let node: String?
        let scheme: String?
    }

    /// What each proxy says, the nearest first.
    private func reports(_ headers: ForwardingHeaders) -> AnySequence<Report> {
        switch header {
        case .forwarded:
            return AnySequence(
                ListFromTheRight(headers.forwarded, quotes: true).lazy.map {
                    let element = ForwardedElement($0)
                    return Report(node: element?.node, scheme: element?.scheme)
                })
        case .xForwarded:
            // Often only one proxy writes the scheme: then the first report has it, and the others say nothing of it.
            var nodes = ListFromTheRight(headers.forwardedFor, quotes: false)
            var schemes = ListFromTheRight(headers.forwardedProto, quotes: false)
            return AnySequence {
                AnyIterator {
                    let (node, scheme) = (nodes.next(), schemes.next())
                    if node == nil && scheme == nil { return nil }
                    return Report(node: node.map(String.init), scheme: scheme?.lowercased())
                }
            }
        }
    }
}
