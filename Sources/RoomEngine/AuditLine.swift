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
