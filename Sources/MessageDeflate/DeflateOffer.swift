/// One `permessage-deflate` offer of a client (RFC 7692 §7.1), its parameters checked.
package struct DeflateOffer: Equatable, Sendable {
    /// The client wants each message compressed for itself (§7.1.1.1). Always granted.
    package private(set) var serverNoContextTakeover = false
    /// The client says that it compresses each message for itself (§7.1.1.2).
    package private(set) var clientNoContextTakeover = false
    /// The largest window the client can decompress with, 8 to 15 bits; nil if it named none (§7.1.2.1).
    package private(set) var serverMaxWindowBits: Int?
    /// Whether the answer may limit the client's window (§7.1.2.2). Roost never does: it decompresses with the largest.
    package private(set) var acceptsClientMaxWindowBits = false

    /// The offers in a request's `Sec-WebSocket-Extensions` values, the client's favourite first.
    ///
    /// Other extensions are left out. So is an offer with a parameter that is unknown, doubled or out of range: a server
    /// declines it and looks at the next one (RFC 7692 §7.1).
    package static func parse(headerValues: [String]) throws(ExtensionHeaderFailure) -> [DeflateOffer] {
        var offers: [DeflateOffer] = []
        for value in headerValues {
            for offered in try ExtensionParser.parse(value) where offered.name == "permessage-deflate" {
                if let offer = DeflateOffer(offered.parameters) { offers.append(offer) }
            }
        }
        return offers
    }

    private init?(_ parameters: [OfferedExtension.Parameter]) {
        var seen: Set<String> = []
        for parameter in parameters {
            guard seen.insert(parameter.name).inserted else { return nil }
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil): serverNoContextTakeover = true
            case ("client_no_context_takeover", nil): clientNoContextTakeover = true
            case ("server_max_window_bits", let value?):
                guard let bits = Self.windowBits(value) else { return nil }
                serverMaxWindowBits = bits
            case ("client_max_window_bits", nil): acceptsClientMaxWindowBits = true
            case ("client_max_window_bits", let value?):
                guard Self.windowBits(value) != nil else { return nil }
                acceptsClientMaxWindowBits = true
            default: return nil
            }
        }
    }

    /// §7.1.2: a decimal number from 8 to 15 without leading zeros. `Int` alone would take `+9`.
    private static func windowBits(_ text: String) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.first != "0", let bits = Int(text) else { return nil }
        return (8...15).contains(bits) ? bits : nil
    }
}

/// What the two sides have agreed on.
///
/// Neither side keeps its window from one message to the next. So a message compressed once is the same for all its
/// recipients, and a connection on which nothing comes needs no memory for zlib. The server may ask both of a client that has
/// offered neither: it needs no leave for its own part (§7.1.1.1), and the client must follow for its part (§7.1.1.2).
package struct DeflateAgreement: Equatable, Sendable {
    /// The window messages to this client are compressed with, 9 to 15 bits.
    package let windowBits: Int
    /// The answer's `Sec-WebSocket-Extensions`.
    package let responseHeader: String

    /// The first offer that can be met; nil if there is none, and messages go uncompressed.
    ///
    /// An offer of `server_max_window_bits=8` is declined. zlib has no such window for streams without header and would
    /// take 9 bits in secret, with distances a client that meant it cannot follow.
    ///
    /// - Parameter windowBits: the window the server would compress with, 9 to 15 bits. Clients that can follow it all get the
    ///   same bytes; one that names a smaller window gets that.
    package init?(_ offers: [DeflateOffer], windowBits preferred: Int = 15) {
        precondition(Deflater.windowSizes.contains(preferred), "a window of \(preferred) bits")
        guard let offer = offers.first(where: { $0.serverMaxWindowBits.map(Deflater.windowSizes.contains) ?? true }) else { return nil }
        var header = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        windowBits = min(preferred, offer.serverMaxWindowBits ?? preferred)
        // §7.1.2.1: an offer that names it is accepted by naming it, the same or smaller.
        if offer.serverMaxWindowBits != nil { header += "; server_max_window_bits=\(windowBits)" }
        responseHeader = header
    }
}
