import Foundation
import JSONText
import Logging
import Synchronization

/// Log lines on standard error: for people, or JSON for machines.
struct LineLogHandler: LogHandler {
    enum Format: String, Sendable { case text, json }

    /// Where lines go. The console, while it has a prompt on the screen, puts its own way in here.
    static let output = Mutex<@Sendable (String) -> Void>({ writeLine($0, to: .standardError) })

    let label: String
    let format: Format
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let line: String
        switch format {
        case .text:
            let extra = fields.map { " \($0.key)=\($0.value)" }.joined()
            line = "\(clockTime()) \(event.level.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0)) \(label): \(event.message)\(extra)"
        case .json:
            var json = JSONWriter()
            json.object { json in
                json.field("time", Date().timeIntervalSince1970)
                json.field("level", event.level.rawValue)
                json.field("label", label)
                json.field("message", "\(event.message)")
                for (key, value) in fields {
                    json.name(key)
                    json.string("\(value)")
                }
            }
            line = String(decoding: json.bytes, as: UTF8.self)
        }
        LogHistory.shared.add(line, level: event.level, plugin: fields.first { $0.key == "plugin" }.map { "\($0.value)" })
        let write = Self.output.withLock { $0 }
        write(line)
    }

    private func clockTime() -> String {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    }
}
