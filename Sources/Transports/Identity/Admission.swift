import Synchronization

/// Counts connections, in all and by address, so that nobody takes them all. Safe from every thread.
package final class Admission: Sendable {
    package enum Answer: Sendable { case welcome, tooMany, tooManyFromThere }

    private struct Counts {
        var all = 0
        var byAddress: [String: Int] = [:]
    }

    private let most: Int
    private let mostPerAddress: Int
    private let counts = Mutex(Counts())

    package init(most: Int, mostPerAddress: Int) {
        self.most = most
        self.mostPerAddress = mostPerAddress
    }

    /// Counts a connection in, if there is room for it. Everyone let in must ``leave(_:)``.
    package func enter(_ address: String) -> Answer {
        counts.withLock { counts in
            if counts.all >= most { return .tooMany }
            if counts.byAddress[address, default: 0] >= mostPerAddress { return .tooManyFromThere }
            counts.all += 1
            counts.byAddress[address, default: 0] += 1
            return .welcome
        }
    }

    package func leave(_ address: String) {
        counts.withLock { counts in
            counts.all -= 1
            let left = counts.byAddress[address, default: 1] - 1
            counts.byAddress[address] = left == 0 ? nil : left
        }
    }

    package var count: Int { counts.withLock(\.all) }
}
