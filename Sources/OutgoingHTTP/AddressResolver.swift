import Glibc
import NIOPosix
import ProxyAddress

/// Finds the addresses of a host.
package protocol AddressResolver: Sendable {
    /// In the order in which they are to be tried; none if there are none.
    func addresses(of host: String) async throws -> [IPAddress]
}

/// The system's resolver, which blocks: on threads of its own.
package struct SystemResolver: AddressResolver {
    private let pool: NIOThreadPool

    package init(on pool: NIOThreadPool) { self.pool = pool }

    package func addresses(of host: String) async throws -> [IPAddress] {
        try await pool.runIfActive { Self.lookUp(host) }
    }

    private static func lookUp(_ host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var entry = list
        while let info = entry?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(info.ai_addr, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0,
                let address = IPAddress(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            {
                found.append(address)
            }
            entry = info.ai_next
        }
        return found
    }
}
