extension ChatText {
    /// An address in a message that a person can follow.
    package struct Link: Sendable, Equatable {
        /// The address as it was written; without "http://" if it was written without.
        package var url: String
        /// The host it leads to, in lower case, without user, port and a dot at its end. Not put into Punycode.
        package var host: String
    }

    /// The links in a text, in order: after `http://` or `https://` anything, else names of hosts that begin with
    /// `www.` or end in a top-level domain that links commonly have (see `TopLevelDomain`). E-mail addresses and other
    /// schemes are none.
    ///
    /// Punctuation at the end, closing brackets that were not opened in the link, and Korean or Chinese that goes on
    /// right behind a host ("naver.com에서") are not part of it. Takes time in the length of the text.
    package static func links(in text: String) -> [Link] {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }) else { return [] }
        var finder = LinkFinder(text: Array(text.unicodeScalars))
        return finder.links()
    }
}

/// Reads a text from left to right. Whatever is looked at is then either in a link or passed, so that no part of the
/// text is read more than a few times.
private struct LinkFinder {
    let text: [Unicode.Scalar]
    var position = 0

    mutating func links() -> [ChatText.Link] {
        var links: [ChatText.Link] = []
        while position < text.count {
            if let address = addressAfterScheme() {
                if let link = fullLink(address: address) { links.append(link) }
            } else if text[position].isInHost {
                if let link = bareLink() { links.append(link) }
            } else {
                position += 1
            }
        }
        return links
    }

    // MARK: With a scheme

    /// Where the address begins if "http://" or "https://" is here.
    private func addressAfterScheme() -> Int? {
        guard text[position] == "h" || text[position] == "H" else { return nil }
        if position > 0, text[position - 1].isASCIILetterOrDigit { return nil }
        return end(of: "http://") ?? end(of: "https://")
    }

    private func end(of scheme: StaticString) -> Int? {
        guard position + scheme.utf8CodeUnitCount <= text.count else { return nil }
        for offset in 0..<scheme.utf8CodeUnitCount {
            // Makes "H" the same as "h"; ":" and "/" have that bit already.
            guard text[position + offset].value | 0x20 == scheme.utf8Start[offset] else { return nil }
        }
        return position + scheme.utf8CodeUnitCount
    }

    private mutating func fullLink(address: Int) -> ChatText.Link? {
        let start = position
        position = address
        let authorityEnd = text[address...].firstIndex { $0.endsLink || $0.beginsPath } ?? text.count
        // What stands before "@" is a user's name, however much it looks like a host: http://bank.com@evil.com
        let host = text[address..<authorityEnd].lastIndex(of: "@").map { $0 + 1 } ?? address
        let hostEnd = endOfHost(from: host, to: authorityEnd)
        guard hostEnd > host, text[host] != "." else { return nil }
        position = trimmed(start..<endOfLink(afterHost: hostEnd))
        let name = text[host..<min(hostEnd, position)]
        return name.isEmpty ? nil : link(start..<position, host: name)
    }

    private func endOfHost(from start: Int, to end: Int) -> Int {
        if start < end, text[start] == "[", let close = text[start..<end].firstIndex(of: "]") { return close + 1 }
        let hostEnd = text[start..<end].firstIndex { !$0.isInHost } ?? end
        // Only where the link ends with its host: 에서 in "example.com에서" is Korean grammar, in a path it may be a page.
        if hostEnd < text.count, text[hostEnd].beginsPath { return hostEnd }
        guard let dot = text[start..<hostEnd].lastIndex(of: ".") else { return hostEnd }
        return endOfLatin(dot + 1..<hostEnd)
    }

    // MARK: Without a scheme

    private mutating func bareLink() -> ChatText.Link? {
        let start = position
        let end = text[start...].firstIndex { !$0.isInHost } ?? text.count
        position = end
        if start > 0, text[start - 1].isNotBeforeLink { return nil }
        if end < text.count, text[end] == "@" { return nil }
        guard let host = host(in: start..<end) else { return nil }
        position = host.upperBound
        if host.upperBound == end {
            position = trimmed(host.lowerBound..<endOfLink(afterHost: end))
        }
        return link(host.lowerBound..<position, host: text[host])
    }

    /// The host's name in a run of letters, digits, hyphens and dots; nil if there is none that ends as hosts do.
    private func host(in run: Range<Int>) -> Range<Int>? {
        var end = run.upperBound
        while end > run.lowerBound, text[end - 1] == "." { end -= 1 }
        let name = text[run.lowerBound..<end]
        guard name.contains(".") else { return nil }
        var labels = name.split(separator: ".", omittingEmptySubsequences: false)
        // A sentence may go on without a space: "see example.com.Then" and "example.com.그래서".
        while labels.count > 2, let first = labels.last?.first, first.isCJK || first.properties.isUppercase,
            !isTopLevel(labels[labels.count - 1])
        {
            labels.removeLast()
        }
        guard var last = labels.popLast() else { return nil }
        last = last[..<endOfLatin(last.startIndex..<last.endIndex)]
        // Only the labels right before the last one count: "...com" and "a..b.com" begin at the last gap.
        labels = Array(labels.suffix(while: { !$0.isEmpty }))
        guard var first = labels.first else { return nil }
        if let letter = first.lastIndex(where: \.isCJK) {
            let latin = first[(letter + 1)...]
            if latin.contains(where: \.isASCIILetterOrDigit) { first = latin }
        }
        let isWWW = String(first).lowercased() == "www" && labels.count > 1 && last.count > 1
        guard isWWW || isTopLevel(last), last.endIndex - first.startIndex <= 253 else { return nil }
        guard !labels.contains(where: { $0.first == "-" || $0.last == "-" }) else { return nil }
        return first.startIndex..<last.endIndex
    }

    private func isTopLevel(_ label: ArraySlice<Unicode.Scalar>) -> Bool { TopLevelDomain.isCommon(String(label)) }

    // MARK: Ends

    /// Where Latin letters are followed by Korean, Chinese or Japanese ones: a top-level domain is never of both.
    private func endOfLatin(_ label: Range<Int>) -> Int {
        guard label.lowerBound < label.upperBound, !text[label.lowerBound].isCJK else { return label.upperBound }
        return text[label].firstIndex(where: \.isCJK) ?? label.upperBound
    }

    /// The end of port, path, query and fragment, if there are any.
    private func endOfLink(afterHost host: Int) -> Int {
        var index = host
        if index < text.count, text[index] == ":" {
            let port = text[(index + 1)...].prefix { ("0"..."9").contains($0) }
            if port.isEmpty { return host }
            index = port.endIndex
        }
        guard index < text.count, text[index].beginsPath else { return index }
        return text[index...].firstIndex(where: \.endsLink) ?? text.count
    }

    /// The end of a link without the punctuation that belongs to the sentence around it.
    private func trimmed(_ link: Range<Int>) -> Int {
        var open: [Unicode.Scalar: Int] = [:]
        for scalar in text[link] {
            open[scalar.openingBracket ?? scalar, default: 0] += scalar.openingBracket == nil ? 1 : -1
        }
        var end = link.upperBound
        while end > link.lowerBound {
            let last = text[end - 1]
            if let bracket = last.openingBracket {
                if open[bracket, default: 0] >= 0 { break }
                open[bracket, default: 0] += 1
            } else if !last.isPunctuationAfterLink {
                break
            }
            end -= 1
        }
        return end
    }

    private func link(_ range: Range<Int>, host: ArraySlice<Unicode.Scalar>) -> ChatText.Link {
        var name = String(host).lowercased()
        while name.last == "." { name.removeLast() }
        return ChatText.Link(url: String(text[range]), host: name)
    }
}

extension String {
    fileprivate init(_ scalars: ArraySlice<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}

extension Array {
    fileprivate func suffix(while predicate: (Element) -> Bool) -> ArraySlice<Element> {
        self[((lastIndex { !predicate($0) } ?? -1) + 1)...]
    }
}
