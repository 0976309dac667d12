/// What is under way before somebody is told that all of it is done. Confined to the room loop.
final class Outstanding {
    private var count = 0
    private var then: (() -> Void)?

    func begin() { count += 1 }

    func end() {
        count -= 1
        answer()
    }

    /// Calls `then` once everything that was begun has ended.
    func wait(then: @escaping () -> Void) {
        self.then = then
        answer()
    }

    private func answer() {
        guard count == 0, let then else { return }
        self.then = nil
        then()
    }
}
