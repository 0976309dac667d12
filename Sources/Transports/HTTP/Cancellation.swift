/// What is to be done when the connection of a request that waits is gone. That may be before the request has begun to wait:
/// what is to be done is done then, as soon as it is known. Confined to its loop.
final class Cancellation {
    private var isCancelled = false
    private var action: (() -> Void)?

    func cancel() {
        isCancelled = true
        action?()
        action = nil
    }

    func whenCancelled(_ action: @escaping () -> Void) {
        if isCancelled { return action() }
        self.action = action
    }
}
