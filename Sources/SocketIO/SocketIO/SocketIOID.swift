/// The public id of a client in a namespace: what the client knows as `socket.id`, and others may be told.
package enum SocketIOID {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// 20 characters of base64url, 120 random bits: the form of the reference implementation's ids. Good for an Engine.IO
    /// session's `sid` and for a `pid` too, which are secrets: the generator has to be a cryptographic one.
    package static func make(using generator: inout some RandomNumberGenerator) -> String {
        let characters = (0..<20).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return String(decoding: characters, as: UTF8.self)
    }
}
