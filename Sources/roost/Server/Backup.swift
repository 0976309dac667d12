import Console
import Foundation
import Journal
import Plugins
import RoomEngine
import Transports

/// What is kept in a data folder, for the console.
struct DataArchive: Archive {
    let journal: SQLiteJournal
    let gifs: GIFStore
    let folder: String
    let rooms: RoomLoop
    let erasedPeople: ErasedPeople

    func audit(by: String?, what: String?, since: Int64, limit: Int) async throws -> [AuditLine] {
        try await journal.audit(by: by, what: what, since: since, limit: limit)
    }

    func trace(_ id: String) async throws -> Trace? {
        var document: String?
        if id.first == "t", let serial = UInt64(id.dropFirst()) {
            document = try await journal.trace(serial: serial)
        } else if let colon = id.lastIndex(of: ":"), let seq = Int64(id[id.index(after: colon)...]) {
            document = try await journal.trace(of: seq, in: RoomID(String(id[..<colon])))
        }
        return document.flatMap { Trace(document: $0) }
    }

    // MARK: Backup

    /// What a data folder has for a running server alone.
    static let passing: Set<String> = ["lock", "console.sock", "console_history"]
    static let database = "roost.sqlite"
    static let files = "files"

    /// A backup is a data folder of its own. It is made beside its place and gets its name when it is whole.
    func backUp(to path: String) async throws -> String {
        let target = URL(fileURLWithPath: path).standardizedFileURL.path
        let source = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        if (target + "/").hasPrefix(source + "/") { throw Problem("\(target) is in the data folder itself. Choose another place.") }
        if access(target, F_OK) == 0 { throw Problem("\(target) is there already, and was left as it is. Choose another name.") }
        let unfinished = target + ".unfinished"
        if access(unfinished, F_OK) == 0 {
            throw Problem("\(unfinished) is there: another backup is writing it, or one was broken off. Remove it if no backup is under way.")
        }
        let start = ContinuousClock.now
        let copied: (files: Int, bytes: Int)
        do {
            try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            copied = try await fill(unfinished)
            try DiskSync.file(unfinished)
            guard rename(unfinished, target) == 0 else { throw Problem(String(cString: strerror(errno))) }
            try DiskSync.file((target as NSString).deletingLastPathComponent)
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw Problem("The backup was not made, and nothing is left of it: \(Self.describe(error))")
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return "Backed up to \(target): \((copied.bytes + size(target + "/" + Self.database)) >> 10) KiB with \(copied.files) GIFs in \(Int(seconds * 1_000)) ms."
    }

    private func fill(_ target: String) async throws -> (files: Int, bytes: Int) {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where !Self.passing.contains(name) && !name.hasPrefix(Self.database) && name != Self.files {
            try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(target)/\(name)")
        }
        let database = "\(target)/\(Self.database)"
        let copied = try await gifs.copy(to: "\(target)/\(Self.files)") {
            try journal.copy(to: database)
            return try SQLiteJournal.files(of: database)
        }
        for case let name as String in FileManager.default.enumerator(atPath: target) ?? .init() { try DiskSync.file("\(target)/\(name)") }
        return copied
    }

    private func size(_ path: String) -> Int { (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0 }

    static func describe(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let underlying, underlying.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(underlying.code))) }
        return error is Problem || error is JournalProblem || !(error is CocoaError) ? "\(error)" : error.localizedDescription
    }

    /// Why something was not done, for the operator.
    struct Problem: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}
