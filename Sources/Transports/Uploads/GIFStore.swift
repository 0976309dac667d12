import Crypto
import Foundation
import GIFInspection
import NIOCore
import RoomEngine

/// The folder of GIFs that rooms show: each file once, under its SHA-256, with a still picture beside it.
///
/// A file is there from the moment its upload is whole. It is kept if a message shows it, and removed with the last one
/// that did; what a crash leaves behind is removed at the next start. The actor runs on a thread of its own, so that disks
/// and pictures keep nobody waiting.
package actor GIFStore {
    /// `<digest>.gif` or `<digest>-still.gif`
    struct FileName: Sendable {
        let digest: String
        let text: String

        init?(_ text: String) {
            guard text.hasSuffix(".gif") else { return nil }
            let digest = text.dropLast(text.hasSuffix("-still.gif") ? 10 : 4)
            guard digest.count == 64, digest.allSatisfy(\.isHexDigit) else { return nil }
            self.digest = String(digest)
            self.text = text
        }
    }

    private let folder: String
    private let loop: any EventLoop
    private let limits: GIFLimits
    /// Uploads that are not known to be shown or refused yet, by digest.
    private var unsettled: [String: Int] = [:]
    private var count = 0
    /// While the files are copied: those that nothing shows any more and that have not been removed yet.
    private var postponed: Set<String>?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - folder: made if it is not there
    ///   - loop: a thread for files alone
    package init(folder: String, on loop: any EventLoop, limits: GIFLimits = GIFLimits()) throws {
        self.folder = folder
        self.loop = loop
        self.limits = limits
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Removes what is not among `shown`: unfinished uploads and files whose message was never stored.
    package func clean(keeping shown: Set<String>) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            if let file = FileName(name), shown.contains(file.digest) { continue }
            remove(name)
        }
    }

    /// Nothing shows these any more.
    package func removeUnused(_ digests: [String]) {
        for digest in digests where unsettled[digest] == nil { remove(digest: digest) }
    }

    /// Copies what `digests` asks for into a folder that is made for it. Nothing is removed from before `digests` is called
    /// until everything is copied.
    /// - Returns: how many files, and their bytes
    package nonisolated func copy(to target: String, _ digests: @Sendable () throws -> Set<String>) async throws -> (files: Int, bytes: Int) {
        try await postponeRemoval()
        let result = Result {
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            var bytes = 0
            let digests = try digests()
            for name in digests.sorted().flatMap({ [$0 + ".gif", $0 + "-still.gif"] }) {
                let path = "\(target)/\(name)"
                try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: path)
                bytes += (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
            }
            return (digests.count, bytes)
        }
        await removePostponed()
        return try result.get()
    }

    private func postponeRemoval() throws {
        if postponed != nil { throw Refusal(.unavailable, "The files are being copied already. Try again when that is done.") }
        postponed = []
    }

    private func removePostponed() {
        let digests = postponed ?? []
        postponed = nil
        removeUnused(Array(digests))
    }

    func begin() throws -> Upload {
        count += 1
        return try Upload(path: "\(folder)/upload-\(count).tmp", store: self, loop: loop, limits: limits)
    }

    /// An upload is whole: it gets its name.
    fileprivate func adopt(_ temporary: String, digest: String, still: [UInt8]) throws {
        let path = "\(folder)/\(digest)"
        unsettled[digest, default: 0] += 1
        postponed?.remove(digest)
        if access(path + ".gif", F_OK) == 0 {
            unlink(temporary)
            return
        }
        try Data(still).write(to: URL(fileURLWithPath: path + "-still.gif"))
        guard rename(temporary, path + ".gif") == 0 else { throw Refusal(.unavailable, "The server cannot store this now.", retryAfter: 5) }
    }

    /// What an upload was for has been decided. If nothing shows it, it goes.
    func settled(_ digest: String, isShown: () async -> Bool) async {
        let isShown = await isShown()
        unsettled[digest, default: 1] -= 1
        guard unsettled[digest] == 0 else { return }
        unsettled[digest] = nil
        if !isShown { remove(digest: digest) }
    }

    func read(_ file: FileName) throws -> ByteBuffer? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(file.text)") else { return nil }
        return ByteBuffer(bytes: data)
    }

    /// A part of a GIF; nil if it is not there.
    package func read(_ digest: String, _ range: Range<Int>) -> [UInt8]? {
        guard let file = FileName(digest + ".gif"), let handle = FileHandle(forReadingAtPath: "\(folder)/\(file.text)") else { return nil }
        do {
            try handle.seek(toOffset: UInt64(range.lowerBound))
            return try handle.read(upToCount: range.count).map { Array($0) } ?? []
        } catch {
            return nil
        }
    }

    private func remove(digest: String) {
        if postponed != nil {
            postponed?.insert(digest)
            return
        }
        remove(digest + ".gif")
        remove(digest + "-still.gif")
    }

    private func remove(_ name: String) { unlink("\(folder)/\(name)") }
}

/// One file on its way in: checked block by block as it comes, and written beside the others.
actor Upload {
    private let path: String
    private let store: GIFStore
    private let loop: any EventLoop
    private let descriptor: CInt
    private var inspector: GIFInspector
    private var hash = SHA256()
    private var isOpen = true

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    fileprivate init(path: String, store: GIFStore, loop: any EventLoop, limits: GIFLimits) throws {
        self.path = path
        self.store = store
        self.loop = loop
        inspector = GIFInspector(limits: limits)
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw Refusal(.unavailable, "The server cannot store this now.", retryAfter: 5) }
    }

    func take(_ bytes: ByteBuffer) throws {
        guard isOpen else { return }
        try bytes.withUnsafeReadableBytes { bytes in
            do throws(GIFError) {
                try inspector.consume(bytes)
            } catch {
                throw refusal(error)
            }
            hash.update(bufferPointer: bytes)
            var rest = bytes
            while !rest.isEmpty {
                let written = write(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw Refusal(.unavailable, "The server cannot store this now.", retryAfter: 5) }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }

    /// The whole file has come.
    func finish() async throws -> GIF {
        let facts: GIFFacts
        do throws(GIFError) {
            facts = try inspector.finish()
        } catch {
            throw refusal(error)
        }
        let still = try still(facts)
        close()
        let digest = hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        try await store.adopt(path, digest: digest, still: still)
        return GIF(
            digest: digest, bytes: facts.bytes, width: facts.width, height: facts.height, frames: facts.frames, seconds: facts.seconds,
            flashesPerSecond: facts.flashesPerSecond)
    }

    /// The upload came to nothing.
    func cancel() {
        guard isOpen else { return }
        close()
        unlink(path)
    }

    private func close() {
        isOpen = false
        _ = Foundation.close(descriptor)
    }

    private func still(_ facts: GIFFacts) throws -> [UInt8] {
        guard let file = FileManager.default.contents(atPath: path), let still = facts.still.assemble(from: file) else {
            throw Refusal(.unavailable, "The upload cannot be read back.", retryAfter: 5)
        }
        return still
    }

    private func refusal(_ error: GIFError) -> Refusal {
        if case .overLimit = error { return Refusal(.tooLong, "\(error)", field: "gif") }
        return Refusal(.badRequest, "\(error)", field: "gif")
    }
}
