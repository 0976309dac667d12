/// The text in which measures are handed out (OpenMetrics 1.0).
package enum OpenMetrics {
    package static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    package static func text(_ families: [MetricFamily]) -> String {
        var text = ""
        for family in families {
            text += "# TYPE \(family.name) \(family.kind.rawValue)\n# HELP \(family.name) \(escaped(family.help))\n"
            for line in lines(family) { text += "\(line.name) \(line.value)\n" }
        }
        return text + "# EOF\n"
    }

    /// What a family comes to, sample by sample, with names and labels as they are written.
    package static func lines(_ family: MetricFamily) -> [(name: String, value: String)] {
        family.samples.flatMap { sample in
            guard let histogram = sample.histogram else {
                return [(family.name + (family.kind == .counter ? "_total" : "") + labels(sample.labels), number(sample.value))]
            }
            var lines: [(name: String, value: String)] = []
            var count = 0
            for (bucket, bound) in zip(histogram.counts, Histogram.bounds.map(number) + ["+Inf"]) {
                count += bucket
                lines.append(("\(family.name)_bucket" + labels(sample.labels + [("le", bound)]), "\(count)"))
            }
            return lines + [
                ("\(family.name)_count" + labels(sample.labels), "\(count)"), ("\(family.name)_sum" + labels(sample.labels), number(histogram.sum)),
            ]
        }
    }

    private static func labels(_ labels: [(name: String, value: String)]) -> String {
        labels.isEmpty ? "" : "{" + labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\"", with: "\\\"")
    }

    private static func number(_ value: Double) -> String { Int64(exactly: value).map { "\($0)" } ?? "\(value)" }
}
