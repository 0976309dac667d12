/// What is known of the thing a request names (RFC 9110 §8.8).
package struct Validators: Equatable, Sendable {
    package var tag: EntityTag?
    /// Seconds since 1970, as sent in Last-Modified.
    package var lastModified: Int?

    package init(tag: EntityTag? = nil, lastModified: Int? = nil) {
        self.tag = tag
        self.lastModified = lastModified
    }
}

/// The conditions of a request (RFC 9110 §13.1, §14.2): its headers' values, one for each line.
package struct ConditionalRequest: Equatable, Sendable {
    /// What the request would do if there were no conditions.
    package enum Method: Sendable { case get, head, change }

    /// What to answer.
    package enum Answer: Equatable, Sendable {
        /// As if there were no conditions: 200, or the change is made.
        case whole
        /// 206, or 416.
        case ranges(ByteRanges)
        /// 304: no body; ETag, Cache-Control, Vary and the like as in the 200 (§15.4.5).
        case notModified
        /// 412
        case preconditionFailed
    }

    package var method: Method
    package var ifMatch: [String] = []
    package var ifNoneMatch: [String] = []
    package var ifModifiedSince: [String] = []
    package var ifUnmodifiedSince: [String] = []
    package var ifRange: [String] = []
    package var range: [String] = []

    package init(_ method: Method) {
        self.method = method
    }

    /// The answer, the conditions taken in the order of §13.2.2. To be asked only if the answer without them would be 200 (§13.2.1).
    ///
    /// - Parameters:
    ///   - current: what is there now; nil if there is nothing (yet), which only `*` asks for
    ///   - size: in bytes
    ///   - now: seconds since 1970
    package func answer(_ current: Validators?, size: Int, now: Int) -> Answer {
        if let list = EntityTagList(ifMatch) {
            if !matches(list, current, by: { $0.strongly(equals: $1) }) { return .preconditionFailed }
        } else if let since = date(ifUnmodifiedSince, now: now), let changed = current?.lastModified, changed > since {
            return .preconditionFailed
        }
        if let list = EntityTagList(ifNoneMatch) {
            if matches(list, current, by: { $0.weakly(equals: $1) }) { return method == .change ? .preconditionFailed : .notModified }
        } else if method != .change, let since = date(ifModifiedSince, now: now), let changed = current?.lastModified, changed <= since {
            return .notModified
        }
        // §14.2: of no other method is it known what a part would be.
        guard method == .get, let current, allowsRange(current, now: now) else { return .whole }
        let ranges = ByteRanges(range, size: size)
        return ranges == .whole ? .whole : .ranges(ranges)
    }

    private func matches(_ list: EntityTagList, _ current: Validators?, by isSame: (EntityTag, EntityTag) -> Bool) -> Bool {
        guard let current else { return false }
        switch list {
        case .any: return true
        case .tags(let tags): return current.tag.map { tag in tags.contains { isSame($0, tag) } } ?? false
        }
    }

    /// §13.1.3: a value that is no date, and more than one, is ignored.
    private func date(_ values: [String], now: Int) -> Int? {
        values.count == 1 ? secondsSince1970(httpDate: values[0], now: now) : nil
    }

    /// §13.1.5: the client has a part already; the rest must be of the same bytes, so only what is certain counts.
    private func allowsRange(_ current: Validators, now: Int) -> Bool {
        guard let value = ifRange.first else { return true }
        guard ifRange.count == 1 else { return false }
        if let tag = EntityTag(value) { return current.tag.map { $0.strongly(equals: tag) } ?? false }
        // §8.8.2.2: a file changed within this second may change again within it.
        guard let date = secondsSince1970(httpDate: value, now: now), let changed = current.lastModified else { return false }
        return date == changed && changed < now
    }
}
