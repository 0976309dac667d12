import CLineEditor
import Dispatch
import Foundation
import Synchronization

/// Reads command lines from a terminal on a thread of its own, with editing, history and completion.
///
/// There is one terminal, so there is one of these at a time.
package final class Terminal: Sendable {
    package struct Session: Sendable {
        /// Carries a line out. The prompt comes back when it returns.
        package var run: @Sendable (String) async -> Void
        /// What stands before the next line.
        package var prompt: @Sendable () -> String
        /// Candidates for the last word of the line.
        package var complete: @Sendable (String) async -> [String]

        package init(
            run: @escaping @Sendable (String) async -> Void, prompt: @escaping @Sendable () -> String,
            complete: @escaping @Sendable (String) async -> [String]
        ) {
            self.run = run
            self.prompt = prompt
            self.complete = complete
        }
    }

    private let session: Session
    private let running = Mutex<Task<Void, Never>?>(nil)

    package init(_ session: Session) { self.session = session }

    /// Shows a text, above the line being typed.
    package static func show(_ text: String) { roost_edit_print(text + "\n") }

    /// Ends the reading.
    package static func stop() { roost_edit_stop() }

    /// Reads lines until the input ends. Blocks its thread.
    package func readLines(history: String?) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = roost_edit_lines(
            session.prompt(), history,
            { context, line in Unmanaged<Terminal>.fromOpaque(context!).takeUnretainedValue().take(String(cString: line!)) },
            { context, line in
                strdup(Unmanaged<Terminal>.fromOpaque(context!).takeUnretainedValue().candidates(String(cString: line!)))
            }, context)
    }

    /// Ends the command that is running, if one is. False if none was.
    package func interrupt() -> Bool {
        running.withLock { task in
            task?.cancel()
            return task != nil
        }
    }

    private func take(_ line: String) {
        let done = DispatchSemaphore(value: 0)
        let task = Task { [session] in
            await session.run(line)
            done.signal()
        }
        running.withLock { $0 = task }
        done.wait()
        running.withLock { $0 = nil }
        roost_edit_prompt(session.prompt())
    }

    private func candidates(_ line: String) -> String {
        let done = DispatchSemaphore(value: 0)
        let found = Found()
        Task { [session] in
            let candidates = await session.complete(line)
            found.candidates.withLock { $0 = candidates }
            done.signal()
        }
        done.wait()
        return found.candidates.withLock { $0.joined(separator: "\n") }
    }

    /// What a task has found for the thread that waits for it.
    private final class Found: Sendable {
        let candidates = Mutex<[String]>([])
    }
}
