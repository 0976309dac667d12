/// The candidate that somebody who wrote `name` most likely meant: at most two slips away, and less than half of it.
package func nearest(_ name: String, in candidates: some Sequence<String>) -> String? {
    var best: (distance: Int, text: String)?
    for candidate in candidates {
        let distance = distance(Array(name.lowercased()), Array(candidate.lowercased()))
        guard distance <= 2, distance * 2 < max(name.count, candidate.count) else { continue }
        if best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
    }
    return best?.text
}

/// How many letters must be changed, added, left out or swapped with their neighbour (Damerau's optimal alignment).
private func distance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var cost = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
            row.append(cost)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
