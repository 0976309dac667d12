import Crypto

/// What is in the GIFs of a test. One that was shown without saying so has no file.
final class GivenGIFs: UploadedGIFs {
    private var files: [String: [UInt8]] = [:]

    /// Keeps a file, and returns its digest.
    func add(_ content: [UInt8]?) -> String {
        guard let content else { return String(repeating: "0", count: 64) }
        let digest = hexadecimal(SHA256.hash(data: content))
        files[digest] = content
        return digest
    }

    func read(_ digest: String, _ range: Range<Int>, then: @escaping ([UInt8]?) -> Void) {
        then(files[digest].map { Array($0[range.clamped(to: 0..<$0.count)]) })
    }
}
