import PacketForwarding

/// What an input says is to happen to an engine.
///
/// Any bytes are a script, and most changes of one make another that is alike.
struct EngineScript: Hashable {
    /// The number of a configuration.
    var configuration: UInt8
    /// What is made of the configuration, and how large the engine is: bits of ``EngineShape``.
    var shape: UInt8
    var steps: [EngineStep]

    /// The most steps: what comes behind them is left out, so that no input takes long.
    static let stepLimit = 128

    init(configuration: UInt8, shape: UInt8, steps: [EngineStep]) {
        self.configuration = configuration
        self.shape = shape
        self.steps = steps
    }

    init(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        configuration = reader.byte() ?? 0
        shape = reader.byte() ?? 0
        steps = []
        while steps.count < Self.stepLimit, let step = EngineStep(&reader) { steps.append(step) }
    }

    var bytes: [UInt8] { [configuration, shape] + steps.flatMap(\.bytes) }
}

/// Something that happens to an engine.
enum EngineStep: Hashable {
    /// A frame comes in.
    case frame(FrameArrival)
    /// The frames that come next are handled as one batch: so many, or as many as there are until something else happens.
    case batch(size: UInt8)
    /// Control says what a backend does.
    case state(BackendState, backend: UInt8)
    case weight(UInt8, backend: UInt8)
    /// Another configuration comes into force, perhaps changed.
    case configuration(UInt8, change: UInt8)
    /// Time goes by.
    case pause(Pause)
    case poll(budget: UInt8)

    /// Reads a step; `nil` at the end.
    fileprivate init?(_ reader: inout ByteReader) {
        guard let kind = reader.byte() else { return nil }
        guard kind & 0x80 != 0 else {
            guard let arrival = FrameArrival(kind, &reader) else { return nil }
            self = .frame(arrival)
            return
        }
        func byte() -> UInt8 { reader.byte() ?? 0 }
        switch kind & 7 {
        case 0: self = .state(.draining, backend: byte())
        case 1: self = .state(.up, backend: byte())
        case 2: self = .state(.down, backend: byte())
        case 3: self = .weight(byte(), backend: byte())
        case 4: self = .configuration(byte(), change: byte())
        case 5: self = .poll(budget: byte())
        case 7: self = .batch(size: byte())
        default: self = .pause(Pause(bits: UInt16(byte()) << 8 | UInt16(byte())))
        }
    }

    fileprivate var bytes: [UInt8] {
        switch self {
        case .frame(let arrival): arrival.bytes
        case .batch(let size): [0x87, size]
        case .state(.draining, let backend): [0x80, backend]
        case .state(.up, let backend): [0x81, backend]
        case .state(.down, let backend): [0x82, backend]
        case .weight(let weight, let backend): [0x83, weight, backend]
        case .configuration(let number, let change): [0x84, number, change]
        case .poll(let budget): [0x85, budget]
        case .pause(let pause): [0x86, UInt8(pause.bits >> 8), UInt8(truncatingIfNeeded: pause.bits)]
        }
    }
}

/// How long nothing happens: exact to the millisecond for four seconds, coarser up to a day and a half.
struct Pause: Hashable {
    let bits: UInt16

    init(bits: UInt16) { self.bits = bits }

    /// The pause that is next to `milliseconds`, and not longer.
    init(milliseconds: UInt64) {
        var mantissa = milliseconds
        var exponent: UInt16 = 0
        while mantissa > 0xFFF {
            mantissa >>= 1
            exponent += 1
        }
        bits = min(exponent, 15) << 12 | UInt16(truncatingIfNeeded: mantissa)
    }

    var milliseconds: UInt64 { UInt64(bits & 0xFFF) << UInt64(bits >> 12) }
}

/// Bytes that are read one after another.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        position += 1
        return bytes[position - 1]
    }

    mutating func number() -> UInt16? {
        guard let high = byte(), let low = byte() else { return nil }
        return UInt16(high) << 8 | UInt16(low)
    }

    /// The next bytes, as many of `count` as there are.
    mutating func take(_ count: Int) -> [UInt8] {
        let end = min(bytes.count, position + count)
        defer { position = end }
        return Array(bytes[position..<end])
    }
}
