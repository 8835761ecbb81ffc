/// Options behind a TCP header (RFC 9293 §3.2).
enum TCPOptions {
    enum Kind {
        static let end: UInt8 = 0
        static let noOperation: UInt8 = 1
        static let maximumSegmentSize: UInt8 = 2
    }

    /// Where the option of a kind begins.
    ///
    /// The end mark and options that contradict their length end the search.
    ///
    /// - Parameters:
    ///   - bytes: The segment, or the packet or frame that it lies in.
    ///   - options: Where the options lie: inside of `bytes`.
    ///   - kind: What to look for.
    ///   - byteCount: Its length with kind and length.
    /// - Returns: `nil` if there is none, or it has another length.
    static func offset(_ bytes: RawSpan, in options: Range<Int>, kind: UInt8, byteCount: Int) -> Int? {
        var offset = options.lowerBound
        while offset < options.upperBound {
            let next = bytes.byte(at: offset)
            if next == Kind.end { return nil }
            if next == Kind.noOperation {
                offset &+= 1
                continue
            }
            guard options.upperBound &- offset >= 2 else { return nil }
            let length = Int(bytes.byte(at: offset &+ 1))
            guard length >= 2, length <= options.upperBound &- offset else { return nil }
            if next == kind { return length == byteCount ? offset : nil }
            offset &+= length
        }
        return nil
    }
}
