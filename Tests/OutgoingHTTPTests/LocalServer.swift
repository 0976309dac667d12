import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on this machine, for one test.
final class LocalServer: Sendable {
    enum Answer: Sendable {
        case whole(Int, [(String, String)] = [], String = "")
        /// A body without end.
        case endless
        /// The head, and then nothing more.
        case silence
    }

    struct Seen: Sendable, Equatable {
        var method: String
        var uri: String
        var headers: [String: String]
        var body: String
    }

    let port: Int
    private let channel: any Channel
    private let asked: Requests

    /// What was asked so far.
    var requests: [Seen] { asked.all.withLock { $0 } }

    /// - Parameter answer: by path
    static func start(_ answer: @escaping @Sendable (String) -> Answer) async throws -> LocalServer {
        let asked = Requests()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(answer: answer, asked: asked))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return LocalServer(channel, asked)
    }

    private init(_ channel: any Channel, _ asked: Requests) {
        self.channel = channel
        self.asked = asked
        port = channel.localAddress?.port ?? 0
    }

    func stop() async throws { try await channel.close() }

    private final class Requests: Sendable {
        let all = Mutex<[Seen]>([])
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: @Sendable (String) -> Answer
        private let asked: Requests
        private var request: Seen?

        init(answer: @escaping @Sendable (String) -> Answer, asked: Requests) {
            self.answer = answer
            self.asked = asked
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { "\($0), \($1)" })
                request = Seen(method: head.method.rawValue, uri: head.uri, headers: headers, body: "")
            case .body(let part): request?.body += String(buffer: part)
            case .end:
                guard let request else { return }
                asked.all.withLock { $0.append(request) }
                send(answer(request.uri), context)
            }
        }

        private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
            switch answer {
            case .whole(let status, let fields, let body):
                var headers = HTTPHeaders(fields)
                headers.replaceOrAdd(name: "Content-Length", value: "\(body.utf8.count)")
                head(status, headers, context)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .endless:
                head(200, ["Transfer-Encoding": "chunked"], context)
                more(context)
            case .silence:
                head(200, ["Content-Length": "10"], context)
                context.flush()
            }
        }

        private func head(_ status: Int, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
            context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers))), promise: nil)
        }

        private func more(_ context: ChannelHandlerContext) {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let part = ByteBuffer(repeating: 0x61, count: 65_536)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(part)))).whenSuccess { bound.value.0.more(bound.value.1) }
        }
    }
}
