/// A measure with everything that was measured of it: what `/metrics` and the console show (OpenMetrics 1.0, "MetricFamily").
package struct MetricFamily: Sendable, Equatable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package struct Sample: Sendable, Equatable {
        /// In the order in which they are shown.
        package var labels: [(name: String, value: String)]
        package var value: Double
        /// Of a histogram; its `value` is the sum.
        package var histogram: Histogram?

        package init(_ labels: [(name: String, value: String)] = [], _ value: Double, histogram: Histogram? = nil) {
            self.labels = labels
            self.value = value
            self.histogram = histogram
        }

        package static func == (a: Self, b: Self) -> Bool {
            a.value == b.value && a.histogram == b.histogram && a.labels.elementsEqual(b.labels, by: ==)
        }
    }

    /// Without `_total`, which a counter's samples get.
    package var name: String
    package var kind: Kind
    package var help: String
    package var samples: [Sample]

    package init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// Of one value without labels.
    package init(_ name: String, _ kind: Kind, _ help: String, _ value: Double) { self.init(name, kind, help, [Sample([], value)]) }
}

/// How many values were at most so large, for times in seconds.
package struct Histogram: Sendable, Equatable {
    package static let bounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]

    /// Values in each bucket alone, the last of which is for those above every bound.
    package private(set) var counts = Array(repeating: 0, count: bounds.count + 1)
    package private(set) var sum = 0.0
    package var count: Int { counts.reduce(0, +) }

    package init() {}

    package mutating func add(_ value: Double) {
        counts[Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count] += 1
        sum += value
    }
}
