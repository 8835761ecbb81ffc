/// The fields of a serialized message of Protocol Buffers, one after another.
struct ProtobufReader {
    enum Value {
        case integer(UInt64)
        case double(Double)
        /// Text, bytes, a message or a map's entry: passed over.
        case bytes
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ message: some Collection<UInt8>) {
        bytes = Array(message)
    }

    /// Whether all was read; if not, what follows is no field.
    var isAtEnd: Bool { index == bytes.count }

    mutating func nextField() -> (number: UInt64, value: Value)? {
        let start = index
        guard !isAtEnd, let key = varint(), let value = value(ofKind: key & 7), key >> 3 > 0 else {
            index = start
            return nil
        }
        return (key >> 3, value)
    }

    private mutating func value(ofKind kind: UInt64) -> Value? {
        switch kind {
        case 0: return varint().map { .integer($0) }
        case 1: return littleEndian(8).map { .double(Double(bitPattern: $0)) }
        case 2: return varint().flatMap { skip($0) ? .bytes : nil }
        case 5: return littleEndian(4).map { .double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0)))) }
        default: return nil
        }
    }

    private mutating func varint() -> UInt64? {
        var number: UInt64 = 0
        for shift in stride(from: 0 as UInt64, to: 70, by: 7) {
            guard index < bytes.count else { return nil }
            let byte = bytes[index]
            index += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        return nil
    }

    private mutating func littleEndian(_ count: Int) -> UInt64? {
        guard bytes.count - index >= count else { return nil }
        defer { index += count }
        return bytes[index..<index + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func skip(_ count: UInt64) -> Bool {
        guard count <= UInt64(bytes.count - index) else { return false }
        index += Int(count)
        return true
    }
}
