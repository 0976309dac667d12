import Foundation
import ProxyAddress

/// How often the fuzz tests try: ROOST_FUZZ.
let fuzzCount = ProcessInfo.processInfo.environment["ROOST_FUZZ"].flatMap { Int($0) } ?? 20_000

/// The same numbers every time (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// What X-Forwarded-For makes of a connection.
func client(_ peer: String, _ forwardedFor: String..., trusting list: [String]) throws -> String {
    let finder = ClientFinder(header: .xForwarded, proxies: try TrustedProxies(list))
    return finder.origin(peer: peer, isSecure: false, headers: ForwardingHeaders(forwardedFor: forwardedFor)).address
}

/// What Forwarded makes of a connection.
func forwardedClient(_ peer: String, _ forwarded: String..., trusting list: [String]) throws -> ClientOrigin {
    let finder = ClientFinder(header: .forwarded, proxies: try TrustedProxies(list))
    return finder.origin(peer: peer, isSecure: false, headers: ForwardingHeaders(forwarded: forwarded))
}
