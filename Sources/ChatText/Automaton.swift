/// Finds all of many words in one pass (A. V. Aho, M. J. Corasick: Efficient string matching, 1975).
///
/// A state is the longest beginning of any word that ends where the text has been read to; state 0 is none. Following a
/// text takes at most two steps for each of its letters, however many words there are: each step down the tree of words
/// takes a letter, and each step back was paid for by one down.
struct Automaton: Sendable {
    /// Letters that are in some word are numbered from 1; all others are 0 and lead back to the start.
    private var symbols = ScalarMap()
    private var symbolCount: UInt32 = 0
    /// The edges of state s are those from `edges[s]` up to `edges[s + 1]`, in ascending order of their symbols.
    private var edges: [Int32] = []
    private var edgeSymbols: [UInt32] = []
    private var edgeTargets: [Int32] = []
    /// The edges of the start by symbol: almost every letter of an innocent text comes by here.
    private var starts: [Int32] = []
    /// For each state, the longest other state that is an end of it.
    private var fallbacks: [Int32] = []
    /// For each state the words that end in it, and the nearest state down the fallbacks where some do (0 for none).
    private var words: [[Int]] = []
    private var shorter: [Int32] = []

    /// `words` are in folded scalars. Empty ones are never found.
    init(words list: [[UInt32]]) {
        var children: [[(symbol: UInt32, state: Int32)]] = [[]]
        words = [[]]
        for (index, word) in list.enumerated() where !word.isEmpty {
            var state = 0
            for scalar in word {
                let symbol = number(scalar)
                if let child = children[state].first(where: { $0.symbol == symbol }) {
                    state = Int(child.state)
                } else {
                    children[state].append((symbol, Int32(children.count)))
                    state = children.count
                    children.append([])
                    words.append([])
                }
            }
            words[state].append(index)
        }
        layOut(children)
        linkFallbacks()
    }

    private mutating func number(_ scalar: UInt32) -> UInt32 {
        if symbols[scalar] == 0 {
            symbolCount += 1
            symbols[scalar] = symbolCount
        }
        return symbols[scalar]
    }

    private mutating func layOut(_ children: [[(symbol: UInt32, state: Int32)]]) {
        for state in children {
            edges.append(Int32(edgeSymbols.count))
            for child in state.sorted(by: { $0.symbol < $1.symbol }) {
                edgeSymbols.append(child.symbol)
                edgeTargets.append(child.state)
            }
        }
        edges.append(Int32(edgeSymbols.count))
        starts = Array(repeating: 0, count: Int(symbolCount) + 1)
        for child in children[0] { starts[Int(child.symbol)] = child.state }
        fallbacks = Array(repeating: 0, count: children.count)
        shorter = fallbacks
    }

    /// Breadth first, because the fallback of a state is found from those of shorter ones.
    private mutating func linkFallbacks() {
        var queue = starts.filter { $0 != 0 }
        var position = 0
        while position < queue.count {
            let state = Int(queue[position])
            position += 1
            for edge in Int(edges[state])..<Int(edges[state + 1]) {
                let child = Int(edgeTargets[edge])
                let fallback = next(after: Int(fallbacks[state]), symbol: edgeSymbols[edge])
                fallbacks[child] = Int32(fallback)
                shorter[child] = words[fallback].isEmpty ? shorter[fallback] : Int32(fallback)
                queue.append(Int32(child))
            }
        }
    }

    /// The state after one more letter.
    @inline(__always)
    func next(after state: Int, _ scalar: UInt32) -> Int {
        let symbol = symbols[scalar]
        return symbol == 0 ? 0 : next(after: state, symbol: symbol)
    }

    @inline(__always)
    private func next(after state: Int, symbol: UInt32) -> Int {
        var state = state
        while state != 0 {
            if let target = edge(of: state, symbol) { return target }
            state = Int(fallbacks[state])
        }
        return Int(starts[Int(symbol)])
    }

    private func edge(of state: Int, _ symbol: UInt32) -> Int? {
        var low = Int(edges[state])
        var high = Int(edges[state + 1])
        while low < high {
            let middle = (low + high) / 2
            if edgeSymbols[middle] < symbol { low = middle + 1 } else { high = middle }
        }
        return low < edges[state + 1] && edgeSymbols[low] == symbol ? Int(edgeTargets[low]) : nil
    }

    /// Calls `body` with the index of every word that ends in a state, longer ones first. Words that end in others
    /// ("bad" and "ad") make this more than one; how many is up to the words, not to the text.
    @inline(__always)
    func forEachWord(endingIn state: Int, _ body: (Int) -> Void) {
        var state = words[state].isEmpty ? Int(shorter[state]) : state
        while state != 0 {
            for word in words[state] { body(word) }
            state = Int(shorter[state])
        }
    }
}
