import Crypto
import Foundation
import RoomEngine

/// Who somebody is: a signed cookie with a random token.
///
/// The token is secret. The public id and the colour seed are made from it with the server's key, so that neither gives
/// away anything of the token or of the other, and nothing need be stored of people who only look.
package struct Identity: Sendable {
    package static let cookie = "roost"

    private let key: SymmetricKey
    private let erased: ErasedPeople

    /// - Parameters:
    ///   - secret: at least 32 random bytes, the same at every start
    ///   - erased: whose cookies do not count any more
    package init(secret: Data, erased: ErasedPeople = ErasedPeople()) {
        key = SymmetricKey(data: secret)
        self.erased = erased
    }

    /// A token that has just been made up.
    package func newToken() -> String { Self.encode(SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }) }

    /// The cookie's value for a token.
    package func sign(_ token: String) -> String { "\(token).\(signature(of: token))" }

    /// The token of a cookie's value, if it was signed here and its person has not been erased.
    package func verify(_ value: String) -> String? {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 22 else { return nil }
        let token = String(parts[0])
        let expected = Data(signature(of: token).utf8)
        // Compared in constant time.
        let isRight = HMAC<SHA256>.authenticationCode(for: expected, using: key) == HMAC<SHA256>.authenticationCode(for: Data(parts[1].utf8), using: key)
        guard isRight, !erased.contains({ person(token, at: 0).id }) else { return nil }
        return token
    }

    /// The person that a token makes, as they are at first.
    package func person(_ token: String, at now: Int64) -> PersonRecord {
        let id = text(mac("id", token), length: 10)
        let seed = text(mac("color", token), length: 16)
        return PersonRecord(id: PersonID("u_" + id), name: "Guest " + id.prefix(4).uppercased(), colorSeed: seed, createdAt: now)
    }

    private func signature(of token: String) -> String { Self.encode(mac("cookie", token).prefix(16)) }

    private func mac(_ purpose: String, _ token: String) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data("\(purpose):\(token)".utf8), using: key))
    }

    /// Base 64 for addresses (RFC 4648 §5), without padding.
    static func encode(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private func text(_ bytes: Data, length: Int) -> String {
        let alphabet = Array("0123456789bcdfghjkmnpqrstvwxyz")
        return String(bytes.prefix(length).map { alphabet[Int($0) % alphabet.count] })
    }
}
