import HummingbirdCore
import NIOCore

/// A request's body on its way from the connection to whoever reads it, which may be slower: then the connection is not
/// read for a while.
///
/// All methods are called on the connection's loop.
final class BodyStream {
    private typealias Producer = NIOThrowingAsyncSequenceProducer<
        ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Delegate
    >

    private final class Delegate: NIOAsyncSequenceProducerDelegate, Sendable {
        private let channel: any Channel
        init(channel: any Channel) { self.channel = channel }
        func produceMore() { read(true) }
        func didTerminate() { read(true) }
        private func read(_ on: Bool) { channel.setOption(.autoRead, value: on).whenFailure { _ in } }
    }

    private let source: Producer.Source
    private let channel: any Channel
    private let limit: Int
    private var count = 0
    let requestBody: RequestBody

    /// - Parameter limit: bytes after which the reader gets an error
    init(channel: any Channel, limit: Int) {
        let strategy = NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark(lowWatermark: 2, highWatermark: 8)
        let sequence = Producer.makeSequence(
            elementType: ByteBuffer.self, failureType: (any Error).self, backPressureStrategy: strategy, finishOnDeinit: true,
            delegate: Delegate(channel: channel))
        source = sequence.source
        requestBody = RequestBody(asyncSequence: sequence.sequence)
        self.channel = channel
        self.limit = limit
    }

    func yield(_ bytes: ByteBuffer) {
        count += bytes.readableBytes
        if count > limit { return fail(BodyTooLarge(limit: limit)) }
        if case .stopProducing = source.yield(bytes) { channel.setOption(.autoRead, value: false).whenFailure { _ in } }
    }

    func finish() { source.finish() }
    func fail(_ error: any Error) { source.finish(error) }
}

/// A body went beyond `limit` bytes.
struct BodyTooLarge: Error {
    let limit: Int
}
