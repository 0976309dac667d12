import Synchronization

/// Counts connections, in all and by address, so that nobody takes them all. Safe from every thread.
package final class Admission: Sendable {
    package enum Answer: Sendable { case welcome, tooMany, tooManyFromThere }

    private struct Counts {
        var all = 0
        var byAddress: [String: Int] = [:]

        mutating func release(_ address: String) {
            let left = byAddress[address, default: 1] - 1
            byAddress[address] = left == 0 ? nil : left
        }
    }

    private let most: Int
    private let mostPerAddress: Int
    private let counts = Mutex(Counts())

    package init(most: Int, mostPerAddress: Int) {
        self.most = most
        self.mostPerAddress = mostPerAddress
    }

    /// Counts a connection in, if there is room for it. Everyone let in must ``leave(_:isProxy:)``.
    /// - Parameter isProxy: it is a proxy's, and not counted against its address
    package func enter(_ address: String, isProxy: Bool = false) -> Answer {
        counts.withLock { counts in
            if counts.all >= most { return .tooMany }
            if isProxy {
                counts.all += 1
                return .welcome
            }
            if counts.byAddress[address, default: 0] >= mostPerAddress { return .tooManyFromThere }
            counts.all += 1
            counts.byAddress[address, default: 0] += 1
            return .welcome
        }
    }

    package func leave(_ address: String, isProxy: Bool = false) {
        counts.withLock { counts in
            counts.all -= 1
            if !isProxy { counts.release(address) }
        }
    }

    /// Counts what came by a proxy against the address that it came from. True if there is room for it; then it must
    /// ``leaveByProxy(_:)``.
    package func enterByProxy(_ address: String) -> Bool {
        counts.withLock { counts in
            if counts.byAddress[address, default: 0] >= mostPerAddress { return false }
            counts.byAddress[address, default: 0] += 1
            return true
        }
    }

    package func leaveByProxy(_ address: String) { counts.withLock { $0.release(address) } }

    package var count: Int { counts.withLock(\.all) }
}
