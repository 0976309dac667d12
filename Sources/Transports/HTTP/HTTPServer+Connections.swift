import JSONText
import NIOCore
import NIOHTTP1
import NIOSSL
import RoomEngine

/// Connections as they come in.
extension HTTPServer {
    /// Builds a connection's pipeline, on its loop.
    static func prepare(
        _ channel: any Channel, _ network: NetworkLoop, _ services: HTTPServices, _ admission: Admission, _ settings: HTTPSettings,
        _ certificates: Certificates?
    ) throws {
        // An IPv4 client of an IPv6 socket is the same client (RFC 4291 §2.5.5.2).
        let socketAddress = channel.remoteAddress?.ipAddress ?? "local"
        let isMapped = socketAddress.hasPrefix("::ffff:") && socketAddress.contains(".")
        let address = isMapped ? String(socketAddress.dropFirst("::ffff:".count)) : socketAddress
        // What a proxy brings is from many addresses.
        let isProxy = services.trusts(address)
        switch admission.enter(address, isProxy: isProxy) {
        case .welcome: channel.closeFuture.whenComplete { _ in admission.leave(address, isProxy: isProxy) }
        case .tooMany: return turnAway(channel, "503 Service Unavailable", "The server is full.")
        case .tooManyFromThere: return turnAway(channel, "429 Too Many Requests", "Too many connections from your address.")
        }
        if let certificates { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificates.context)) }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = settings.headerLimit
        limits.maxHeaderListSize = settings.headerLimit
        limits.maxHeaderFieldCount = 100
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        let encoder = HTTPResponseEncoder()
        let pipelining = HTTPServerPipelineHandler()
        let inflow = Inflow()
        let connection = HTTPConnection(
            network: network, services: services, address: address, inflow: inflow, codecs: [inflow, pipelining, encoder, decoder])
        try channel.pipeline.syncOperations.addHandlers(inflow, decoder, encoder, pipelining, connection)
    }

    private static func turnAway(_ channel: any Channel, _ status: String, _ text: String) {
        var json = JSONWriter()
        json.message(.refused(nil, Refusal(.unavailable, text)))
        let head = "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(json.bytes.count)\r\nConnection: close\r\n\r\n"
        var bytes = ByteBuffer(string: head)
        bytes.writeBytes(json.bytes)
        channel.writeAndFlush(bytes).whenComplete { _ in channel.close(promise: nil) }
    }
}
