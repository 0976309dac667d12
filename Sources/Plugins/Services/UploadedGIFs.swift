/// The files of GIFs that were uploaded. Confined to the room loop.
package protocol UploadedGIFs: AnyObject {
    /// Reads a part of a file and calls `then`, once, on the room loop; with nil if the file is not there any more.
    func read(_ digest: String, _ range: Range<Int>, then: @escaping ([UInt8]?) -> Void)
}

/// A server that keeps none.
package final class NoGIFs: UploadedGIFs {
    package init() {}

    package func read(_ digest: String, _ range: Range<Int>, then: @escaping ([UInt8]?) -> Void) { then(nil) }
}
