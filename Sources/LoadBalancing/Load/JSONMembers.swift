/// The members of a JSON object and their numbers, one after another: as much of JSON as reports need.
///
/// Members that are no numbers are passed over, whatever is in them. Numbers may stand in quotes, as Protocol Buffers write some.
struct JSONMembers {
    /// How deep objects and arrays may lie in each other.
    private static let deepest = 16

    private let bytes: [UInt8]
    private var index = 0
    private var hasBegun = false
    /// Whether the object was read to its end, and nothing comes behind it.
    private(set) var isWhole = false

    init(_ text: some Collection<UInt8>) {
        bytes = Array(text)
    }

    /// The next member; `nil` behind the last, and where the text is none of JSON.
    mutating func next() -> (name: String, number: Double?)? {
        guard !isWhole else { return nil }
        if !hasBegun {
            guard take("{") else { return nil }
            hasBegun = true
            if take("}") { return end() }
        } else {
            if take("}") { return end() }
            guard take(",") else { return nil }
        }
        guard let name = string(), take(":"), let number = value(depth: 1) else { return nil }
        return (name, number)
    }

    private mutating func end() -> (name: String, number: Double?)? {
        skipSpaces()
        isWhole = index == bytes.count
        return nil
    }

    /// A value's number, `.some(nil)` if it is none; `nil` if it is no value.
    private mutating func value(depth: Int) -> Double?? {
        skipSpaces()
        guard index < bytes.count, depth <= Self.deepest else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "\""): return string().map { Double($0) }
        case UInt8(ascii: "{"): return skip("{", "}", hasNames: true, depth: depth) ? .some(nil) : nil
        case UInt8(ascii: "["): return skip("[", "]", hasNames: false, depth: depth) ? .some(nil) : nil
        case UInt8(ascii: "-"), 0x30...0x39:
            let digits = word { $0 != UInt8(ascii: "x") && $0 != UInt8(ascii: "p") }
            return Double(digits).map { .some($0) }
        default:
            return ["true", "false", "null"].contains(word { _ in true }) ? .some(nil) : nil
        }
    }

    /// Passes over an object or an array.
    private mutating func skip(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, hasNames: Bool, depth: Int
    ) -> Bool {
        guard take(open) else { return false }
        if take(close) { return true }
        repeat {
            if hasNames { guard string() != nil, take(":") else { return false } }
            guard value(depth: depth + 1) != nil else { return false }
        } while take(",")
        return take(close)
    }

    /// A text in quotes, with escapes as they stand: no name that is looked for has any.
    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < bytes.count else { return nil }
        defer { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// Letters, digits and what numbers have besides.
    private mutating func word(_ isPart: (UInt8) -> Bool) -> String {
        let start = index
        while index < bytes.count, isPart(bytes[index]) {
            switch bytes[index] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                index += 1
            default: return String(decoding: bytes[start..<index], as: UTF8.self)
            }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpaces()
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpaces() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }
}
