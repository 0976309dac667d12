import RoomEngine
import Synchronization

/// People who have been erased: their cookies are nobody's any more. Safe from every thread.
package final class ErasedPeople: Sendable {
    private let people: Mutex<Set<PersonID>>

    package init(_ people: Set<PersonID> = []) { self.people = Mutex(people) }

    package func insert(_ person: PersonID) { people.withLock { _ = $0.insert(person) } }

    /// - Parameter person: asked for only if there is anybody
    func contains(_ person: () -> PersonID) -> Bool {
        if people.withLock({ $0.isEmpty }) { return false }
        let wanted = person()
        return people.withLock { $0.contains(wanted) }
    }
}
