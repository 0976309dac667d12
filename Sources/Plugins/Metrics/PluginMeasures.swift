/// What one plugin measures. Bounded: labels that are different for every message would fill the memory of whoever collects
/// them, and ours.
package struct PluginMeasures: Sendable {
    enum Kind: Sendable { case count, gauge, time }

    private struct Series: Hashable, Sendable {
        let name: String
        let labels: [Label]
    }

    struct Label: Hashable, Sendable {
        let name: String
        let value: String
    }

    static let mostSeries = 200
    static let mostLabels = 4
    /// Characters of a label's value.
    static let longestValue = 60

    private var kinds: [String: Kind] = [:]
    private var values: [Series: Double] = [:]
    private var times: [Series: Histogram] = [:]
    /// Values that were not taken because there are too many series.
    package private(set) var dropped = 0

    struct Mistake: Error {
        let message: String
    }

    /// Adds to a count, sets a gauge, or adds a time in seconds. False if there are too many series already.
    mutating func add(_ kind: Kind, _ name: String, _ value: Double, _ labels: [Label]) throws(Mistake) -> Bool {
        if let known = kinds[name], known != kind { throw Mistake(message: "'\(name)' is measured as a \(known) already") }
        let series = Series(name: name, labels: labels)
        guard values[series] != nil || times[series] != nil || values.count + times.count < Self.mostSeries else {
            dropped += 1
            return false
        }
        kinds[name] = kind
        switch kind {
        case .count: values[series, default: 0] += value
        case .gauge: values[series] = value
        case .time: times[series, default: Histogram()].add(value)
        }
        return true
    }

    /// - Parameter prefix: what the names begin with
    package func families(_ prefix: String) -> [MetricFamily] {
        kinds.sorted { $0.key < $1.key }.map { name, kind in
            let samples = (Array(values.keys) + Array(times.keys)).filter { $0.name == name }
                .map { series in
                    MetricFamily.Sample(series.labels.map { ($0.name, $0.value) }, values[series] ?? times[series]?.sum ?? 0, histogram: times[series])
                }
                .sorted { a, b in a.labels.map(\.value).lexicographicallyPrecedes(b.labels.map(\.value)) }
            return switch kind {
            case .count: MetricFamily(prefix + name, .counter, "Of the plugin.", samples)
            case .gauge: MetricFamily(prefix + name, .gauge, "Of the plugin.", samples)
            case .time: MetricFamily(prefix + name + "_seconds", .histogram, "Of the plugin.", samples)
            }
        }
    }
}
