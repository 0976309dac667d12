import Foundation
import Plugins
import RoomEngine

/// One row per setting: its name on the command line (`--name`), in the environment (`ROOST_NAME`) and in the file (`name`).
struct Setting: Sendable {
    enum Kind: Sendable {
        case text
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        /// Bytes, e.g. `64KiB`.
        case size
        /// Seconds, e.g. `15s` or `10m`.
        case duration
        case choice([String])
        /// Several texts, separated by commas.
        case list
        /// A name of the IANA database; empty for the machine's.
        case timeZone
        /// How much of a room's past is kept, e.g. `30d` or `1000`.
        case retention
        case flag
    }

    let name: String
    let kind: Kind
    let standard: String
    let help: String
    /// A running server takes a new value over.
    let isLive: Bool

    init(_ name: String, _ kind: Kind, _ standard: String, _ help: String, isLive: Bool = false) {
        self.name = name
        self.kind = kind
        self.standard = standard
        self.help = help
        self.isLive = isLive
    }

    /// What is wrong with a value, as the end of a sentence, or nil.
    func problem(with value: String) -> String? {
        switch kind {
        case .text, .list: nil
        case .retention: Retention(value) == nil ? "must be forever, an age such as 30d, a number of events such as 10000, or both" : nil
        case .timeZone:
            value.isEmpty || value == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(value) ? nil : "must be a time zone such as Asia/Seoul or UTC"
        case .integer(let range):
            Int(value).map(range.contains) == true ? nil : "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): Double(value).map(range.contains) == true ? nil : "must be a number from \(range.lowerBound) to \(range.upperBound)"
        case .size: bytes(in: value) == nil ? "must be a size such as 64KiB" : nil
        case .duration: seconds(in: value) == nil ? "must be a time such as 15s or 10m" : nil
        case .choice(let values): values.contains(value) ? nil : "must be one of \(values.joined(separator: ", "))"
        case .flag: ["true", "false"].contains(value) ? nil : "must be true or false"
        }
    }
}

enum SettingsTable {
    static let rows: [Setting] = [
        Setting("host", .text, "127.0.0.1", "Address to listen on."),
        Setting("port", .integer(0...65_535), "8005", "Port to listen on; 0 picks a free one."),
        Setting("data", .text, "./data", "Folder for what is kept."),
        Setting("plugins", .text, "./Plugins", "Folder of plugins."),
        Setting("watch", .flag, "false", "Whether plugins are reloaded when their files are saved."),
        Setting("public", .text, "./Public", "Folder of the browser client."),
        Setting("tls-cert", .text, "", "File with the certificate (PEM); with tls-key, everything is encrypted."),
        Setting("tls-key", .text, "", "File with the certificate's private key (PEM)."),
        Setting("origins", .list, "", "Origins, other than its own, whose pages may use the server."),
        Setting("trusted-proxy", .list, "", "Proxies whose word is taken for where a request is from: addresses, ranges, loopback, uniquelocal."),
        Setting("proxy-header", .choice(["x-forwarded", "forwarded"]), "x-forwarded", "The header that those proxies write."),
        Setting("metrics-from", .list, "loopback", "Who may read /metrics: addresses, ranges, loopback, uniquelocal; or any, for everyone."),
        Setting("plugin-http-private", .flag, "false", "Whether plugins' requests may go to private addresses: to this machine and its network."),
        Setting("language", .text, "en", "The server's language, for what has no reader in particular."),
        Setting("time-zone", .timeZone, "", "The time zone of plugins' times of day, e.g. Asia/Seoul; the machine's if nothing is said."),
        Setting("history", .choice(["keep", "none"]), "keep", "Whether anything is kept over a restart."),
        Setting("durability", .choice(["normal", "full"]), "normal", "full: acknowledged messages survive a power cut too."),
        Setting("retention", .retention, "forever", "How much of rooms' past is kept: an age such as 30d, a number of events, or both."),
        Setting("audit-kept", .duration, "90d", "How long lines of the audit log are kept."),
        Setting("traces-kept", .duration, "7d", "How long it is known why a message was stopped, held or changed; 0 for not over a restart."),
        Setting("log-level", .choice(["debug", "info", "warning", "error"]), "info", "The least important lines that are logged."),
        Setting("log-format", .choice(["text", "json"]), "text", "How log lines look."),
        Setting("disabled-plugins", .list, "", "Plugins that are not loaded."),
        Setting("loops", .integer(0...64), "0", "Network threads; 0 for one per core."),

        Setting("text-limit", .integer(1...65_536), "4000", "Characters of a message."),
        Setting("message-limit", .size, "64KiB", "A WebSocket message."),
        Setting("body-limit", .size, "64KiB", "A request's body, uploads apart."),
        Setting("header-limit", .size, "16KiB", "A request's header."),
        Setting("burst", .integer(1...100_000), "10", "Messages a person may send at once."),
        Setting("rate", .number(0...1e6), "5", "Messages a person may send per second after that; 0 for no limit."),
        Setting("edit-window", .duration, "1d", "How long a person may change what they wrote; 0s for not at all."),
        Setting("reactions", .integer(1...1_000), "20", "Different emoji under one message."),
        Setting("reactions-per-person", .integer(1...1_000), "5", "Different emoji of one person under one message."),
        Setting("connections", .integer(1...1_000_000), "20000", "Connections."),
        Setting("connections-per-address", .integer(1...1_000_000), "100", "Connections from one address."),
        Setting("unsent-limit", .size, "1MiB", "What may wait unsent for one connection before it is closed."),
        Setting("largest-room", .integer(2...1_000_000), "10000", "The most that a room's maximum can be."),
        Setting("rooms", .integer(1...1_000_000), "10000", "Rooms."),
        Setting("ping", .duration, "25s", "Silence before a connection is asked whether it is there."),
        Setting("pong", .duration, "20s", "How long it may take to answer."),
        Setting("header-time", .duration, "10s", "How long a request's header may take to come."),
        Setting("body-time", .duration, "30s", "How long its body may take."),
        Setting("upload-time", .duration, "2m", "How long an upload may take."),
        Setting("idle-time", .duration, "60s", "How long a connection is kept between requests."),
        Setting("flag-threshold", .number(0...1_000), "1", "The score of plugins' flags from which on a message waits for a moderator.", isLive: true),
        Setting("resume-grace", .duration, "15s", "How long a person whose connections are gone keeps their seat."),
        Setting("room-grace", .duration, "10m", "How long an empty room that people made is kept."),
        Setting("kicked-for", .duration, "1m", "How long a kicked person stays out."),
        Setting("password-attempts", .integer(1...1_000), "5", "Password attempts a minute per person and address."),
    ]

    static let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })
}
