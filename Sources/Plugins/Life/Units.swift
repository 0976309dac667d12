import RoomEngine

/// The number of bytes in a text such as `256KiB`, `2MiB` or `512`.
package func bytes(in text: String) -> Int? {
    let units: [(String, Int)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)]
    for (unit, size) in units where text.hasSuffix(unit) {
        return Int(text.dropLast(unit.count)).flatMap { $0 >= 0 && $0 < 1 << 40 ? $0 * size : nil }
    }
    return Int(text)
}

/// The seconds in a text such as `90`, `10s`, `5m`, `2h`, `1d` or `1h30m`.
package func seconds(in text: String) -> Double? {
    if let plain = Double(text) { return plain.isFinite && plain >= 0 ? plain : nil }
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
    var total = 0.0
    var digits = ""
    for character in text {
        if character.isNumber || character == "." {
            digits.append(character)
        } else {
            guard let unit = units[character], let number = Double(digits) else { return nil }
            total += number * unit
            digits = ""
        }
    }
    return digits.isEmpty && !text.isEmpty ? total : nil
}

extension Retention {
    /// Of a text such as `30d`, `1000` (events), `30d 1000` or `forever`.
    package init?(_ text: String) {
        self = .forever
        if text == "forever" { return }
        let words = text.split(whereSeparator: { $0 == " " || $0 == "," })
        for word in words {
            if let count = Int64(word) {
                guard self.count == 0, count > 0 else { return nil }
                self.count = count
            } else {
                guard age == 0, let seconds = seconds(in: String(word)), seconds >= 1, seconds <= 1e10 else { return nil }
                age = Int64(seconds * 1_000)
            }
        }
        if words.isEmpty { return nil }
    }

    package var text: String {
        let parts = (age > 0 ? [words(forSeconds: Double(age) / 1_000)] : []) + (count > 0 ? ["\(count) events"] : [])
        return parts.isEmpty ? "forever" : parts.joined(separator: ", ")
    }
}

/// Seconds in words: `1h 30m`, `45s`.
package func words(forSeconds seconds: Double) -> String {
    var rest = Int(seconds.rounded())
    var parts: [String] = []
    for (unit, size) in [("d", 86_400), ("h", 3_600), ("m", 60)] where rest >= size {
        parts.append("\(rest / size)\(unit)")
        rest %= size
    }
    if rest > 0 || parts.isEmpty { parts.append("\(rest)s") }
    return parts.prefix(2).joined(separator: " ")
}
