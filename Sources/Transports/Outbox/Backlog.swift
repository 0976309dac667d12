import Synchronization

/// How many bytes the network loops have been handed that they have not written yet.
///
/// Rooms can say things faster than they go out: in a crowd that joins at once, each gets a list of all who are there. While
/// the backlog is full, the room loop takes nothing new, so that what there is to say waits as commands, which are small.
final class Backlog: Sendable {
    static let most = 16 << 20
    private let bytes = Atomic(0)

    var isFull: Bool { bytes.load(ordering: .relaxed) >= Self.most }

    func add(_ count: Int) { bytes.add(count, ordering: .relaxed) }

    /// Takes away what has been written.
    /// - Returns: whether the backlog was full until now
    func remove(_ count: Int) -> Bool {
        let (before, after) = bytes.subtract(count, ordering: .relaxed)
        return before >= Self.most && after < Self.most
    }
}
