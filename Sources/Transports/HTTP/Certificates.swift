import Foundation
import Logging
import NIOSSL
import Synchronization

/// The server's certificate, read again when its files change, so that a renewal needs no restart.
///
/// TLS 1.2 at least (RFC 9325). Connections that are open keep what they began with. Safe from every thread.
package final class Certificates: Sendable {
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
        package init(description: String) { self.description = description }
    }

    private struct State {
        var context: NIOSSLContext
        var changed: [Date?]
    }

    private let certificate: String
    private let key: String
    private let state: Mutex<State>

    /// - Parameters:
    ///   - certificate: a PEM file with the certificate and those that vouch for it
    ///   - key: a PEM file with its private key
    package init(certificate: String, key: String) throws(Problem) {
        self.certificate = certificate
        self.key = key
        state = Mutex(State(context: try Self.read(certificate, key), changed: Self.changed(certificate, key)))
    }

    var context: NIOSSLContext { state.withLock(\.context) }

    /// Takes up files that have changed. What cannot be used is logged, and the certificate stays the one it was.
    package func refresh(_ logger: Logger) {
        let changed = Self.changed(certificate, key)
        guard state.withLock({ $0.changed != changed }) else { return }
        do {
            let context = try Self.read(certificate, key)
            state.withLock { $0 = State(context: context, changed: changed) }
            logger.info("The certificate \(certificate) has changed and is in use.")
        } catch {
            state.withLock { $0.changed = changed }
            logger.error("The changed certificate cannot be used, the old one stays: \(error)")
        }
    }

    private static func changed(_ files: String...) -> [Date?] {
        files.map { try? FileManager.default.attributesOfItem(atPath: $0)[.modificationDate] as? Date }
    }

    private static func read(_ certificate: String, _ key: String) throws(Problem) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            let files = FileManager.default
            for file in [certificate, key] where !files.isReadableFile(atPath: file) { throw Problem(description: "cannot read \(file)") }
            throw Problem(description: "\(certificate) and \(key) are no certificate and its key: \(error)")
        }
    }
}
