import CryptoExtras
import Crypto
import Foundation
import NIOCore
import NIOPosix
import RoomEngine

/// Room passwords, hashed with scrypt (RFC 7914) on a thread of their own: each takes 16 MiB and some 50 ms on purpose, so
/// only so many may wait.
package final class ScryptPasswords: Passwords {
    private static let rounds = 16_384, blockSize = 8, parallelism = 1, length = 32

    private let rooms: RoomLoop
    private let pool: NIOThreadPool
    private var waiting = 0
    private let mostWaiting = 64

    /// Confined to `rooms`' loop.
    package init(rooms: RoomLoop, pool: NIOThreadPool) {
        self.rooms = rooms
        self.pool = pool
    }

    package func hash(_ password: String, _ token: UInt64) {
        run({ Self.hash(password) }) { $0.hashed(token, $1 ?? nil) }
    }

    package func verify(_ password: String, against hash: String, _ token: UInt64) {
        run({ Self.isRight(password, hash) }) { $0.verified(token, $1 ?? false) }
    }

    /// Calls `work` on the pool's thread, and `done` with the result, or nil if too many wait, on the room loop.
    private func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result, _ done: @escaping @Sendable (Engine, Result?) -> Void) {
        if waiting >= mostWaiting {
            return rooms.enter { done($0, nil) }
        }
        waiting += 1
        let bound = NIOLoopBound(self, eventLoop: rooms.loop)
        pool.submit { [rooms] state in
            let result = state == .active ? work() : nil
            rooms.enter { engine in
                bound.value.waiting -= 1
                done(engine, result)
            }
        }
    }

    /// `$scrypt$ln=14,r=8,p=1$salt$hash`, both in base 64.
    static func hash(_ password: String) -> String? {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        guard let key = derive(password, salt) else { return nil }
        return "$scrypt$ln=14,r=\(blockSize),p=\(parallelism)$\(salt.base64EncodedString())$\(key.base64EncodedString())"
    }

    static func isRight(_ password: String, _ hash: String) -> Bool {
        let parts = hash.split(separator: "$")
        guard parts.count == 4, parts[0] == "scrypt", let salt = Data(base64Encoded: String(parts[2])),
            let expected = Data(base64Encoded: String(parts[3])), let key = derive(password, salt), key.count == expected.count
        else { return false }
        // In constant time: every byte is looked at, whatever the first ones say.
        return zip(key, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func derive(_ password: String, _ salt: Data) -> Data? {
        let key = try? KDF.Scrypt.deriveKey(
            from: Data(password.utf8), salt: salt, outputByteCount: length, rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        return key?.withUnsafeBytes { Data($0) }
    }
}
