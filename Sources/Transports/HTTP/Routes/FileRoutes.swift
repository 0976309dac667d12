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
        routes.get("**") { request, context in
            let path = context.parameters.getCatchAll().map { String($0).removingPercentEncoding ?? "" }
            if let file = try await file(path) { return file.response(to: request) }
            if request.headers[.accept]?.contains("text/html") == true, !request.prefersEnglish { return noRoute(request) }
            throw Refusal(.notFound, "There is nothing here.")
        }
    }

    /// In the words of the textbook's application.
    private func noRoute(_ request: Request) -> Response {
        let text = "\(request.method.rawValue) \(request.uri.path) 라우터가 없습니다.\n"
        return Response(
            status: .notFound, headers: [.contentType: "text/plain; charset=utf-8"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// A file of the folder; nil if there is none of that name.
    func file(_ path: [String]) async throws -> FileResponse? {
        guard let place = place(path), let name = path.last else { return nil }
        return try await NIOThreadPool.singleton.runIfActive { read(place, name) }
    }

    func exists(_ path: [String]) -> Bool { place(path).map(FileManager.default.fileExists) ?? false }

    private func place(_ path: [String]) -> String? {
        // Names that lead nowhere else: no hidden files, no way up, no other kinds of separators.
        let isPlain = path.allSatisfy { name in
            !name.isEmpty && !name.hasPrefix(".") && !name.contains { $0 == "/" || $0 == "\\" || $0 == "\0" }
        }
        return isPlain && !path.isEmpty ? ([folder] + path).joined(separator: "/") : nil
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
