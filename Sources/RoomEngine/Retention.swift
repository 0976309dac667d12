/// How much of a room's past is kept. What is older, or what more than so many events came after, goes for good.
package struct Retention: Sendable, Equatable {
    /// Milliseconds; 0 for any age.
    package var age: Int64
    /// Events; 0 for any number.
    package var count: Int64

    package static let forever = Retention()

    package init(age: Int64 = 0, count: Int64 = 0) {
        self.age = age
        self.count = count
    }
}

/// What the journal knows of how much is kept of a room.
package struct Keeping: Sendable, Equatable {
    /// Nil for the server's.
    package var retention: Retention?
    /// The number of the last event that has been removed; 0 if none has.
    package var horizon: Int64

    package init(retention: Retention? = nil, horizon: Int64 = 0) {
        self.retention = retention
        self.horizon = horizon
    }
}
