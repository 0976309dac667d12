import Foundation
import Journal
import JSONText
import RoomEngine
import Transports

/// What is kept of a room or a person, as lines of JSON (docs/keeping.md).
extension DataArchive {
    /// Events that are read at a time.
    private static let page = 500

    func export(room: RoomInfo, to path: String) async throws -> String {
        let file = try ExportFile(path)
        return try await file.write {
            file.line { json in
                json.object { json in
                    json.field("type", "room")
                    json.name("room")
                    json.room(room)
                }
            }
            var last: Int64 = 0
            while true {
                let events = try await journal.events(of: room.id, after: last, limit: Self.page)
                guard let end = events.last else { break }
                for event in events { file.line { $0.message(.event(event, epoch: "")) } }
                last = end.seq
                try file.flush()
            }
            return "Exported \(room.id) to \(file.path)"
        }
    }

    func export(person: PersonID, to path: String) async throws -> String {
        let file = try ExportFile(path)
        return try await file.write {
            for row in try await journal.personalRows(of: person) {
                file.line { json in
                    json.object { json in
                        json.field("type", "row")
                        json.field("table", row.table)
                        json.name("row")
                        json.object { json in for (name, value) in zip(row.columns, row.values) { json.column(name, value) } }
                    }
                }
            }
            var place: (room: RoomID, seq: Int64)?
            var shown: Set<String> = []
            while true {
                let events = try await journal.events(by: person, after: place, limit: Self.page)
                guard let end = events.last else { break }
                for event in events {
                    file.line { $0.message(.event(event, epoch: "")) }
                    if case .gif(_, let gif, _) = event.body { shown.insert(gif.digest) }
                }
                place = (end.room, end.seq)
                try file.flush()
            }
            for digest in shown.sorted() {
                guard let data = FileManager.default.contents(atPath: "\(folder)/\(Self.files)/\(digest).gif") else { continue }
                file.line { json in
                    json.object { json in
                        json.field("type", "file")
                        json.field("name", digest + ".gif")
                        json.field("base64", data.base64EncodedString())
                    }
                }
                try file.flush()
            }
            return "Exported everything about \(person) to \(file.path)"
        }
    }
}

/// A file of lines that is whole at its end or not there.
private final class ExportFile {
    let path: String
    private let handle: FileHandle
    private var bytes: [UInt8] = []
    private var lines = 0

    /// - Parameter path: must not be there
    init(_ path: String) throws {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
        let descriptor = open(self.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0 {
            if errno == EEXIST { throw DataArchive.Problem("\(self.path) is there already, and was left as it is. Choose another name.") }
            throw DataArchive.Problem("\(self.path) cannot be written: \(String(cString: strerror(errno))).")
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    func line(_ write: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        write(&json)
        bytes += json.bytes
        bytes.append(0x0A)
        lines += 1
    }

    func flush() throws {
        try handle.write(contentsOf: Data(bytes))
        bytes = []
    }

    /// Writes all of it; the last line says how many there were before it. If that fails, the file goes.
    func write(_ body: () async throws -> String) async throws -> String {
        do {
            let said = try await body()
            let count = lines
            line { json in
                json.object { json in
                    json.field("type", "end")
                    json.field("lines", count)
                }
            }
            try flush()
            try handle.synchronize()
            return "\(said): \(count) lines."
        } catch {
            unlink(path)
            throw DataArchive.Problem("The export failed, and nothing is left of it: \(DataArchive.describe(error))")
        }
    }
}

extension JSONWriter {
    fileprivate mutating func column(_ column: String, _ value: RowValue) {
        name(column)
        switch value {
        case .null: null()
        case .integer(let number): integer(number)
        case .real(let number): self.number(number)
        case .text(let text): string(text)
        }
    }
}
