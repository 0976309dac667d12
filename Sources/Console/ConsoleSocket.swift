import Foundation
import JSONText
import NIOCore
import NIOPosix

/// The local socket by which `roost console` reaches a running server. The socket is its owner's alone.
///
/// A line of JSON each way. The client: `{"run": "…", "json": false, "by": "…"}` or `{"complete": "…"}`. The server:
/// `{"out": "…"}` for each line of output, then `{"status": 0}`; or `{"candidates": "…"}`, separated by line feeds. A client
/// that goes away ends the command it has asked for.
package struct ConsoleSocket: Sendable {
    private let channel: any Channel

    /// Listens at `path`, in place of a socket that a server which died has left there.
    package static func listen(at path: String, on group: any EventLoopGroup, _ interpreter: ConsoleInterpreter) async throws -> ConsoleSocket {
        let old = umask(0o177)
        defer { umask(old) }
        let server = try await ServerBootstrap(group: group)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(LineDecoder()))
                    return try NIOAsyncChannel<String, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        Task {
            try? await server.executeThenClose { clients in
                await withDiscardingTaskGroup { group in
                    do {
                        for try await client in clients { group.addTask { await serve(client, interpreter) } }
                    } catch {
                        // The socket is closed: the server ends.
                    }
                }
            }
        }
        return ConsoleSocket(channel: server.channel)
    }

    package func close() async { try? await channel.close() }

    private static func serve(_ client: NIOAsyncChannel<String, ByteBuffer>, _ interpreter: ConsoleInterpreter) async {
        try? await client.executeThenClose { lines, out in
            for try await line in lines {
                guard let request = try? JSONValue(parsing: Data(line.utf8)) else { return }
                if let typed = request["complete"]?.string {
                    let candidates = await interpreter.complete(typed).joined(separator: "\n")
                    try await out.write(ByteBuffer(string: JSONLine.object([("candidates", candidates)]) + "\n"))
                } else if let command = request["run"]?.string {
                    let (output, sink) = AsyncStream.makeStream(of: String.self)
                    let isJSON = request["json"]?.bool ?? false
                    let by = request["by"]?.string ?? "somebody"
                    let task = Task {
                        let status = await interpreter.run(command, by: by, isJSON: isJSON) { sink.yield(JSONLine.object([("out", $0)])) }
                        sink.yield(JSONLine.object([("status", "\(status)")]))
                        sink.finish()
                    }
                    client.channel.closeFuture.whenComplete { _ in task.cancel() }
                    for await line in output { try await out.write(ByteBuffer(string: line + "\n")) }
                }
            }
        }
    }
}

/// Text up to each line feed.
private struct LineDecoder: ByteToMessageDecoder {
    typealias InboundOut = String

    struct TooLong: Error {}

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let end = buffer.readableBytesView.firstIndex(of: 0x0A) else {
            if buffer.readableBytes > 65_536 { throw TooLong() }
            return .needMoreData
        }
        let line = buffer.readString(length: end - buffer.readerIndex) ?? ""
        buffer.moveReaderIndex(forwardBy: 1)
        context.fireChannelRead(wrapInboundOut(line))
        return .continue
    }
}

/// The other end of a ``ConsoleSocket``. Calls block their thread.
package final class ConsoleClient: Sendable {
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    private let handle: FileHandle

    package init(path: String) throws(Problem) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Problem(description: "the path \(path) is too long for a socket")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard connected == 0 else {
            let reason = String(cString: strerror(errno))
            Glibc.close(descriptor)
            throw Problem(description: "no server answers at \(path): \(reason)")
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Has a command carried out. `output` gets its lines; the result is its exit status.
    package func run(_ command: String, isJSON: Bool, by: String, output: (String) -> Void) throws(Problem) -> Int32 {
        var json = JSONWriter()
        json.object {
            $0.field("run", command)
            $0.field("json", isJSON)
            $0.field("by", by)
        }
        send(json)
        while let answer = try receive() {
            if let line = answer["out"]?.string { output(line) }
            if let status = answer["status"]?.string { return Int32(status) ?? 1 }
        }
        throw Problem(description: "the server has ended")
    }

    package func complete(_ line: String) throws(Problem) -> [String] {
        var json = JSONWriter()
        json.object { $0.field("complete", line) }
        send(json)
        return try receive()?["candidates"]?.string?.split(separator: "\n").map(String.init) ?? []
    }

    private func send(_ json: JSONWriter) { handle.write(Data(json.bytes + [0x0A])) }

    private func receive() throws(Problem) -> JSONValue? {
        var line = Data()
        while true {
            let byte = handle.readData(ofLength: 1)
            if byte.isEmpty { return nil }
            if byte[byte.startIndex] == 0x0A { break }
            line += byte
        }
        do {
            return try JSONValue(parsing: line)
        } catch {
            throw Problem(description: "the server's answer is not understood")
        }
    }
}
