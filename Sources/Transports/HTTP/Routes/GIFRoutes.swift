import HTTPTypes
import Hummingbird
import JSONText
import NIOCore
import NIOHTTP1
import RoomEngine

/// Uploading GIFs into a room, and serving them.
struct GIFRoutes {
    let rooms: RoomLoop
    let store: GIFStore
    /// The rooms in which a file is shown.
    let shownIn: @Sendable (String) async -> [RoomID]

    func add(to routes: RouterGroup<RoostContext>) {
        routes.post("room/:id/gif") { request, context in try await upload(request, context) }
        routes.get("gif/:name") { request, context in try await serve(request, context) }
        routes.head("gif/:name") { request, context in try await serve(request, context) }
    }

    private func upload(_ request: Request, _ context: RoostContext) async throws -> Response {
        let visitor = try context.person()
        let id = try room(context)
        // Before the body is read: whoever is not in the room need not send it.
        let isMember = await rooms.ask { $0.rooms[id]?.members[visitor.person.id] != nil }
        guard isMember else { throw Refusal(.notMember, "Join the room first.") }
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await context.channel.writeAndFlush(HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .continue)))
        }

        let (upload, fields) = try await receive(request)
        let command: Command
        let gif: GIF
        do {
            let cid = try checked(fields["cid"] ?? request.uri.queryParameters["cid"].map(String.init))
            let caption = fields["caption"] ?? request.uri.queryParameters["caption"].map(String.init)
            gif = try await upload.finish()
            command = .gif(.init(room: id, gif: gif, caption: caption.flatMap { $0.isEmpty ? nil : $0 }, cid: cid))
        } catch {
            await upload.cancel()
            throw error
        }
        let answer = await rooms.perform(command, for: visitor.person, address: visitor.address, locale: visitor.locale)
        await store.settled(gif.digest, isShown: { await !shownIn(gif.digest).isEmpty })
        if case .refused(_, let refusal) = answer { throw refusal }
        return jsonResponse(.created) { $0.message(answer) }
    }

    /// Reads the whole body. What has come of the file waits to be finished, or cancelled.
    private func receive(_ request: Request) async throws -> (Upload, fields: [String: String]) {
        let kind = request.headers[.contentType] ?? ""
        if kind.hasPrefix("image/gif") {
            let upload = try await store.begin()
            do {
                for try await bytes in request.body { try await upload.take(bytes) }
                return (upload, [:])
            } catch {
                await upload.cancel()
                throw error
            }
        }
        guard let boundary = MultipartReader.boundary(ofContentType: kind) else {
            throw Refusal(.badRequest, "Send the file as image/gif, or as the field 'gif' of multipart/form-data.")
        }
        return try await receive(request, boundary: boundary)
    }

    private func receive(_ request: Request, boundary: String) async throws -> (Upload, fields: [String: String]) {
        var reader = MultipartReader(boundary: boundary)
        var fields: [String: String] = [:]
        var upload: Upload?
        var current: String?
        do {
            for try await bytes in request.body {
                for part in try reader.read(bytes) {
                    switch part {
                    case .begin(let name):
                        current = name
                        if name != "gif" {
                            fields[name] = ""
                        } else if upload == nil {
                            upload = try await store.begin()
                        } else {
                            throw Refusal(.badRequest, "Send one file at a time.", field: "gif")
                        }
                    case .bytes(let bytes):
                        if current == "gif" {
                            try await upload?.take(bytes)
                        } else if let current {
                            fields[current, default: ""] += String(buffer: bytes)
                            if fields[current]!.utf8.count > 16_384 { throw Refusal(.tooLong, "The field '\(current)' is too long.", field: current) }
                        }
                    case .end: current = nil
                    }
                }
            }
            guard reader.isComplete else { throw Refusal(.badRequest, "The upload was cut short.") }
            guard let upload else { throw Refusal(.badRequest, "The field 'gif' is missing.", field: "gif") }
            return (upload, fields)
        } catch {
            await upload?.cancel()
            throw error
        }
    }

    /// Serves a file to somebody who may see a room it is in.
    private func serve(_ request: Request, _ context: RoostContext) async throws -> Response {
        let name = try context.parameters.require("name")
        guard let file = GIFStore.FileName(name) else { throw Refusal(.notFound, "There is no such file.") }
        let person = try context.person().person.id
        let shown = await shownIn(file.digest)
        let maySee = await rooms.ask { engine in
            shown.contains { id in
                guard let room = engine.rooms[id] else { return false }
                return room.record.passwordHash == nil || room.members[person] != nil
            }
        }
        guard maySee, let bytes = try await store.read(file) else { throw Refusal(.notFound, "There is no such file.") }
        let headers: HTTPFields = [.cacheControl: "private, max-age=31536000, immutable", .contentDisposition: "inline"]
        return FileResponse(bytes: bytes, contentType: "image/gif", tag: name, headers: headers).response(to: request)
    }
}
