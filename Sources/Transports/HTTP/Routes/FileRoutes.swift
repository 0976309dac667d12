import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import RoomEngine

/// The browser client's files.
struct FileRoutes {
    let folder: String

    /// The last routes: what is none of the others is a file, or there is nothing.
    func add(to routes: Router<RoostContext>) {
        let known = routes.routes.map { ($0.path.description.split(separator: "/").map(String.init), $0.method.rawValue) }
        for method in [HTTPRequest.Method.put, .post, .delete, .patch, .options, .trace, .connect] {
            routes.on("**", method: method) { request, _ in
                // RFC 9110 §15.5.6: which methods there are for what was asked for.
                let allowed = known.filter { matches(request.uri.path, route: $0.0) }.map(\.1)
                guard !allowed.isEmpty else { throw Refusal(.notFound, "There is nothing here.") }
                var response = errorResponse(Refusal(.badRequest, "\(request.method.rawValue) is not possible here."), request)
                response.status = method == .options ? .noContent : .methodNotAllowed
                response.headers[.allow] = Set(allowed + (allowed.contains("GET") ? ["HEAD"] : [])).sorted().joined(separator: ", ")
                return response
            }
        }
        routes.get("**") { request, context in
            let path = context.parameters.getCatchAll()
            guard let file = try await file(path.map(String.init)) else { throw Refusal(.notFound, "There is nothing here.") }
            return file.response(to: request)
        }
    }

    /// A file of the folder; nil if there is none of that name.
    func file(_ path: [String]) async throws -> FileResponse? {
        // Names that lead nowhere else: no hidden files, no way up, no other kinds of separators.
        let isPlain = path.allSatisfy { name in
            !name.isEmpty && !name.hasPrefix(".") && !name.contains { $0 == "/" || $0 == "\\" || $0 == "\0" }
        }
        guard isPlain, let name = path.last else { return nil }
        let place = ([folder] + path).joined(separator: "/")
        return try await NIOThreadPool.singleton.runIfActive { read(place, name) }
    }

    private func read(_ place: String, _ name: String) -> FileResponse? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: place), attributes[.type] as? FileAttributeType == .typeRegular,
            let changed = attributes[.modificationDate] as? Date, let data = FileManager.default.contents(atPath: place)
        else { return nil }
        let type = name.split(separator: ".").last.flatMap { MediaType.getMediaType(forExtension: String($0)) }
        let tag = String(Int(changed.timeIntervalSince1970 * 1_000), radix: 16) + "-" + String(data.count, radix: 16)
        return FileResponse(
            bytes: ByteBuffer(bytes: data), contentType: contentType(type), tag: tag, lastModified: Int(changed.timeIntervalSince1970),
            headers: [.cacheControl: "no-cache"])
    }

    private func contentType(_ type: MediaType?) -> String {
        guard let type else { return "application/octet-stream" }
        let isText = type.type == .text || type.subType == "javascript" || type.subType == "json"
        return "\(type.type)/\(type.subType)" + (isText ? "; charset=utf-8" : "")
    }
}

/// Whether a request's path is one that a route such as `room/:id/chat` is for.
private func matches(_ path: String, route: [String]) -> Bool {
    let parts = path.split(separator: "/")
    return parts.count == route.count && zip(parts, route).allSatisfy { part, name in name.hasPrefix(":") || part == name }
}
