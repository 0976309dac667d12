import Crypto
import LuaHost

extension APITable {
    static let crypto: [APIFunction] = [
        APIFunction("roost.crypto.sha256_hex", ["text string"], returns: "string", "The SHA-256 of a string, in hexadecimal.") { call in
            .values([.string(hexadecimal(SHA256.hash(data: call.bytes(0))))])
        },
        APIFunction("roost.crypto.hmac_sha256", ["key string", "text string"], returns: "string", "The HMAC-SHA-256 of a string, in hexadecimal.") { call in
            let code = HMAC<SHA256>.authenticationCode(for: call.bytes(1), using: SymmetricKey(data: call.bytes(0)))
            return .values([.string(hexadecimal(code))])
        },
    ]
}
