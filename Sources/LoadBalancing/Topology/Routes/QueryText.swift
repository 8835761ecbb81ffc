/// The parameters behind the question mark of a target.
struct QueryText {
    private let target: String

    init(of target: String) {
        self.target = target
    }

    /// What comes before the question mark.
    static func path(of target: String) -> String {
        String(decoding: target.utf8.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// Whether the first parameter of the match's name is as it has to be, percent signs and plus signs decoded.
    ///
    /// - Complexity: O(length), without an allocation unless the match asks a test of the caller's.
    func accepts(_ match: ValueMatch) -> Bool {
        withRawSpan(of: target.utf8) { bytes in
            guard let value = withRawSpan(of: match.name.utf8, { Self.value(of: $0, in: bytes) }) else {
                return match.accepts(nil)
            }
            switch match.condition {
            case .equals(let text): return withRawSpan(of: text.utf8) { Self.isText($0, value, in: bytes) }
            case .isPresent: return true
            case .isAbsent: return false
            case .where: return match.accepts(Self.decoded(value, in: bytes))
            }
        }
    }

    /// Where the first value of a name stands; `nil` if there is none.
    private static func value(of name: RawSpan, in bytes: RawSpan) -> Range<Int>? {
        var start = index(of: UInt8(ascii: "?"), in: bytes, from: 0) &+ 1
        while start < bytes.byteCount {
            let end = index(of: UInt8(ascii: "&"), in: bytes, from: start)
            let equals = min(index(of: UInt8(ascii: "="), in: bytes, from: start), end)
            // Nothing between two ampersands is no parameter.
            if end > start, isText(name, start..<equals, in: bytes) { return min(equals &+ 1, end)..<end }
            start = end &+ 1
        }
        return nil
    }

    /// The first place of a byte; the end if it is not there.
    private static func index(of byte: UInt8, in bytes: RawSpan, from start: Int) -> Int {
        var index = start
        while index < bytes.byteCount {
            let count = TextWord.count(of: TextWord.read(bytes, at: index), before: byte, byte)
            index &+= count
            if count < 8 { return index }
        }
        return bytes.byteCount
    }

    private static func isText(_ text: RawSpan, _ range: Range<Int>, in bytes: RawSpan) -> Bool {
        var index = range.lowerBound
        for place in 0..<text.byteCount {
            guard index < range.upperBound, next(&index, range.upperBound, in: bytes) == text.byte(at: place) else {
                return false
            }
        }
        return index == range.upperBound
    }

    private static func decoded(_ range: Range<Int>, in bytes: RawSpan) -> String {
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound { result.append(next(&index, range.upperBound, in: bytes)) }
        return String(decoding: result, as: UTF8.self)
    }

    /// The byte that stands at `index`, which moves on; a percent sign that no two digits follow stays as it is.
    @inline(__always)
    private static func next(_ index: inout Int, _ end: Int, in bytes: RawSpan) -> UInt8 {
        let byte = bytes.byte(at: index)
        index &+= 1
        if byte == UInt8(ascii: "+") { return UInt8(ascii: " ") }
        guard byte == UInt8(ascii: "%"), end &- index >= 2, let high = digit(bytes.byte(at: index)),
            let low = digit(bytes.byte(at: index &+ 1))
        else { return byte }
        index &+= 2
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
