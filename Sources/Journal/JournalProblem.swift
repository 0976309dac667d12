/// Why a database is not opened. Nothing of it has been changed.
package enum JournalProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The system does not let us: missing rights, say.
    case closed(String)
    case empty
    /// The database is gone, and what was to be added to it is still there.
    case missing
    case noDatabase
    /// A database of something else.
    case foreign
    /// It has been used by a version that knows these changes of its tables, which this one does not.
    case newer([String])
    case damaged([String])

    package var description: String {
        switch self {
        case .closed(let why): why
        case .empty: "it is empty, which no database of Roost is: something has cut it off. \(Self.advice)"
        case .missing: "its log (-wal) is there and the database itself is not: something has removed it. \(Self.advice)"
        case .noDatabase: "it is no SQLite database, or its beginning was overwritten. \(Self.advice)"
        case .foreign: "it is a database of another program. Choose another data folder"
        case .newer(let changes):
            "it was used by a newer version of Roost (\(changes.joined(separator: "; "))). Use that version, or put back a backup from before"
        case .damaged(let found): "it is damaged: \(found.joined(separator: "; ")). \(Self.advice)"
        }
    }

    private static let advice = "Put back a backup (roost journal restore), or move it away to start with nothing"
}
