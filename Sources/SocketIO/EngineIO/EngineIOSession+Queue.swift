/// What waits for the client, and how it gets it.
extension EngineIOSession {
    mutating func enqueue(_ frames: [EngineIOFrame]) {
        for frame in frames {
            queue.append(frame)
            queuedBytes += frame.byteCount
        }
    }

    /// Sends what waits as far as the transport takes it, and ends a closing session when nothing is left.
    mutating func flushQueue() {
        switch (state, transport) {
        case (.closed, _): return
        case (_, .webSocket(let webSocket)):
            for frame in queue { actions.append(.sendWebSocket(webSocket, frame)) }
            queue = []
            queuedBytes = 0
            if state != .open { end(.forcedClose) }
        case (_, .polling): flushToPoll()
        }
    }

    /// While a probed WebSocket waits to be taken, messages wait for it: a poll gets a `noop`, for the client to let go of polling.
    private mutating func flushToPoll() {
        guard let poll else { return }
        if let upgrade, upgrade.isProbed { return answerPoll(poll, [EngineIOPacket.plain(.noop).frame]) }
        if state == .open {
            if !queue.isEmpty { answerPoll(poll, takeBatch(limit: settings.maxPayload)) }
            return
        }
        let close = EngineIOPacket.plain(.close).frame
        var batch = takeBatch(limit: settings.maxPayload - 1 - close.byteCount)
        let isLast = queue.isEmpty
        if isLast { batch.append(close) }
        answerPoll(poll, batch)
        if isLast { end(.forcedClose) }
    }

    /// The first frames of the queue that fit into one body, but at least one.
    private mutating func takeBatch(limit: Int) -> [EngineIOFrame] {
        var size = 0
        var count = 0
        for frame in queue {
            size += EngineIOPayload.size(of: frame) + (count > 0 ? 1 : 0)
            if count > 0, size > limit { break }
            count += 1
        }
        let batch = Array(queue.prefix(count))
        queue.removeFirst(count)
        for frame in batch { queuedBytes -= frame.byteCount }
        return batch
    }

    mutating func answerPoll(_ poll: EngineIOConnectionID, _ frames: [EngineIOFrame]) {
        self.poll = nil
        actions.append(.answerPoll(poll, EngineIOPayload.encode(frames)))
    }
}
