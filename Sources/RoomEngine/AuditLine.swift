/// Something that somebody did to others or to the server: a line of the audit log.
package struct AuditLine: Sendable, Equatable {
    /// Milliseconds since 1970.
    package var at: Int64
    /// An operator's name, a plugin's id, a person's id, or `server`.
    package var by: String
    /// Names people by their ids alone: names are erased with a person.
    package var what: String

    package init(at: Int64, by: String, what: String) {
        self.at = at
        self.by = by
        self.what = what
    }
}

extension Engine {
    /// A line for the audit log, to be stored together with what it is about.
    func audit(_ by: String, _ what: String) -> JournalWrite { .audit(AuditLine(at: now, by: by, what: what)) }

    func because(_ reason: String) -> String { reason.isEmpty ? "" : ": \(reason)" }
}
