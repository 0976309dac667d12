/// Why a version is loaded.
enum LoadReason: Sendable {
    case start
    /// In place of a version, whose account it was.
    case reload(Account)
    /// While the version in the folder waits for a grant.
    case meanwhile
    /// To what was in use before.
    case rollback(Generation)
    /// Beside the one in use, to try something in.
    case copy

    /// What it asks for was granted when it was loaded first.
    var wasGranted: Bool {
        switch self {
        case .rollback, .copy: true
        case .start, .meanwhile, .reload: false
        }
    }

    var isCopy: Bool { if case .copy = self { true } else { false } }

    /// What life events call it.
    var name: String {
        switch self {
        case .start, .meanwhile: "load"
        case .reload: "reload"
        case .rollback: "rollback"
        case .copy: "copy"
        }
    }
}
