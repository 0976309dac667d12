/// One `permessage-deflate` offer of a client (RFC 7692 §7.1), its parameters checked.
package struct DeflateOffer: Equatable, Sendable {
    package var serverNoContextTakeover = false
    package var clientNoContextTakeover = false
    /// The largest window the client can inflate with, in bits; nil if it did not say.
    package var serverMaxWindowBits: Int?
    /// Whether the client lets the server limit its window.
    package var acceptsClientMaxWindowBits = false

    /// The offers in the values of a request's `Sec-WebSocket-Extensions` headers, in the client's order. Other extensions,
    /// and offers with a parameter that is unknown, doubled or out of range, are left out (§7.1: they are declined).
    package static func offers(in values: [String]) -> [DeflateOffer] {
        values.flatMap { ExtensionHeader.parse($0) ?? [] }.filter { $0.name == "permessage-deflate" }.compactMap { DeflateOffer($0.parameters) }
    }

    private init?(_ parameters: [(name: String, value: String?)]) {
        var seen: Set<String> = []
        for (name, value) in parameters {
            guard seen.insert(name).inserted else { return nil }
            switch (name, value) {
            case ("server_no_context_takeover", nil): serverNoContextTakeover = true
            case ("client_no_context_takeover", nil): clientNoContextTakeover = true
            case ("server_max_window_bits", let value?):
                guard let bits = Self.bits(value) else { return nil }
                serverMaxWindowBits = bits
            case ("client_max_window_bits", nil): acceptsClientMaxWindowBits = true
            case ("client_max_window_bits", let value?):
                guard Self.bits(value) != nil else { return nil }
                acceptsClientMaxWindowBits = true
            default: return nil
            }
        }
    }

    /// §7.1.2: 8 to 15, without leading zeros.
    private static func bits(_ text: String) -> Int? {
        guard text.first != "0", text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(text) else { return nil }
        return (8...15).contains(bits) ? bits : nil
    }
}

/// What the two sides have agreed on.
///
/// Neither side keeps its window between messages: so a message compressed once is the same for all recipients, and a
/// connection costs no memory while nothing comes.
package struct DeflateAgreement: Equatable, Sendable {
    /// The window messages to this client are compressed with, in bits.
    package let windowBits: Int
    /// The answer's `Sec-WebSocket-Extensions`.
    package let header: String

    /// The first offer that can be met; nil if there is none.
    package init?(_ offers: [DeflateOffer]) {
        for offer in offers {
            // zlib has no raw deflate with a window of 256 bytes.
            if offer.serverMaxWindowBits == 8 { continue }
            var header = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
            if let bits = offer.serverMaxWindowBits { header += "; server_max_window_bits=\(bits)" }
            windowBits = offer.serverMaxWindowBits ?? 15
            self.header = header
            return
        }
        return nil
    }
}
