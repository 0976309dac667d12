import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import Plugins
import ProxyAddress
import Synchronization

/// Sends plugins' HTTP requests.
///
/// Every address on the way is checked in the same step: whether the plugin may go there by name, then, after resolving,
/// whether each of the host's addresses is public; and the connection goes to an address that was checked, with the host's name
/// in `Host` and TLS. So a name that resolves differently the next time gains nothing (DNS rebinding). Redirects are followed
/// here and checked like the first address. No cookies are kept, no proxy of the environment is used, no connection is shared.
package struct RequestSender: Sendable {
    private let group: any EventLoopGroup
    private let resolver: any AddressResolver
    /// Whether an address may be connected to.
    private let isPublic: @Sendable (IPAddress) -> Bool

    /// How many of a host's addresses are tried before it counts as unreachable.
    private static let mostAddresses = 3
    private static let connectTime = TimeAmount.seconds(5)

    /// - Parameter allowsPrivate: whether hosts with addresses that are not on the public Internet are reached too
    package init(on group: any EventLoopGroup, resolver: any AddressResolver, allowsPrivate: Bool) {
        let addresses = PublicAddresses()
        self.init(on: group, resolver: resolver, isPublic: { allowsPrivate || addresses.contains($0) })
    }

    init(on group: any EventLoopGroup, resolver: any AddressResolver, isPublic: @escaping @Sendable (IPAddress) -> Bool) {
        self.group = group
        self.resolver = resolver
        self.isPublic = isPublic
    }

    /// The response, or why there is none. Answers within the request's seconds, even if the resolver is stuck.
    package func send(_ request: OutgoingRequest) async -> OutgoingResult {
        let work = Task { () -> OutgoingResult in
            do throws(OutgoingFailure) {
                return .success(try await follow(request))
            } catch {
                return .failure(error)
            }
        }
        return await withCheckedContinuation { continuation in
            let answer = Answer(continuation)
            let limit = Task {
                try await Task.sleep(for: .seconds(request.seconds))
                work.cancel()
                answer.give(.failure(OutgoingFailure(late: request)))
            }
            Task {
                answer.give(await work.value)
                limit.cancel()
            }
        }
    }

    /// The first answer that is given.
    private final class Answer: Sendable {
        private let continuation: Mutex<CheckedContinuation<OutgoingResult, Never>?>

        init(_ continuation: CheckedContinuation<OutgoingResult, Never>) { self.continuation = Mutex(continuation) }

        func give(_ result: OutgoingResult) {
            continuation.withLock { continuation in
                continuation?.resume(returning: result)
                continuation = nil
            }
        }
    }

    /// Sends it, and again wherever the answers lead.
    private func follow(_ request: OutgoingRequest) async throws(OutgoingFailure) -> OutgoingResponse {
        var request = request
        for _ in 0...OutgoingRequest.mostRedirects {
            let response = try await sendOnce(request)
            guard (301...303).contains(response.status) || response.status == 307 || response.status == 308,
                let location = response.headers["location"]
            else { return response }
            guard let next = request.url.resolving(location) else { throw OutgoingFailure("\(request.url.host) leads to an address that is none of http or https") }
            if !next.isSameOrigin(as: request.url) {
                request.headers.removeAll { ["authorization", "cookie"].contains($0.name.lowercased()) }
            }
            // RFC 9110 §15.4: what was sent is not sent again, unless the status says so.
            if response.status < 307, request.method != "GET", request.method != "HEAD" {
                (request.method, request.body) = ("GET", [])
                request.headers.removeAll { $0.name.lowercased() == "content-type" }
            }
            request.url = next
        }
        throw OutgoingFailure("more than \(OutgoingRequest.mostRedirects) redirects")
    }

    private func sendOnce(_ request: OutgoingRequest) async throws(OutgoingFailure) -> OutgoingResponse {
        guard request.allows(request.url) else { throw OutgoingFailure("the plugin may not go to \(request.url.authority)") }
        let addresses = try await addresses(of: request.url.host)
        var last = OutgoingFailure("\(request.url.host) cannot be reached")
        for address in addresses.prefix(Self.mostAddresses) {
            do {
                return try await send(request, to: address)
            } catch {
                if let failure = error as? OutgoingFailure { throw failure }
                if error is CancellationError { throw OutgoingFailure("cancelled") }
                last = OutgoingFailure("\(request.url.host): \(Self.words(for: error))")
                // Only what was not sent yet may be sent to another address.
                guard Self.isUnsent(error) else { throw last }
            }
        }
        throw last
    }

    /// The addresses of a host, all of them checked.
    private func addresses(of host: String) async throws(OutgoingFailure) -> [IPAddress] {
        let addresses: [IPAddress]
        if let address = IPAddress(host) {
            addresses = [address]
        } else {
            do {
                addresses = try await resolver.addresses(of: host)
            } catch {
                throw OutgoingFailure("\(host) cannot be resolved")
            }
        }
        if addresses.isEmpty { throw OutgoingFailure("\(host) has no address") }
        if !addresses.allSatisfy(isPublic) { throw OutgoingFailure("\(host) has a private address") }
        return addresses
    }

    private func send(_ request: OutgoingRequest, to address: IPAddress) async throws -> OutgoingResponse {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: Self.connectTime), decompression: .enabled(limit: .size(request.mostBytes)))
        configuration.httpVersion = .http1Only
        let name = request.url.host.contains(":") ? "[\(request.url.host)]" : request.url.host
        configuration.dnsOverride = [name: address.description]
        configuration.connectionPool.retryConnectionEstablishment = false
        // A client of its own for each request: nothing is shared between plugins, and no connection outlives the check.
        let client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        do {
            let response = try await exchange(request, client)
            try await client.shutdown()
            return response
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func exchange(_ request: OutgoingRequest, _ client: HTTPClient) async throws -> OutgoingResponse {
        var outgoing = HTTPClientRequest(url: request.url.description)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        outgoing.headers.replaceOrAdd(name: "Host", value: request.url.authority)
        if !outgoing.headers.contains(name: "User-Agent") { outgoing.headers.add(name: "User-Agent", value: "Roost") }
        if !request.body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }
        let deadline = NIODeadline.now() + .milliseconds(Int64(request.seconds * 1_000))
        let response = try await client.execute(outgoing, deadline: deadline)
        var headers: [String: String] = [:]
        for (name, value) in response.headers {
            let name = name.lowercased()
            headers[name] = headers[name].map { "\($0), \(value)" } ?? value
        }
        let body: ByteBuffer
        do {
            body = try await response.body.collect(upTo: request.mostBytes)
        } catch is NIOTooManyBytesError {
            throw OutgoingFailure("the answer is larger than \(request.mostBytes) bytes")
        }
        return OutgoingResponse(status: Int(response.status.code), headers: headers, body: Array(body.readableBytesView))
    }

    // MARK: Errors

    private static func isUnsent(_ error: any Error) -> Bool {
        error is NIOConnectionError || error is IOError || (error as? HTTPClientError) == .connectTimeout
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: error.shortDescription
        case is NIOConnectionError, is IOError: "cannot be reached"
        default: "\(error)".contains("ecompression") ? "the answer cannot be unpacked, or is too large when it is" : "the connection failed"
        }
    }
}
