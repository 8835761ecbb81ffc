import LoadBalancing

/// What the requests of a loop say, known to the compiler.
protocol RequestSource: Sendable {
    /// Whether loops have to keep the time.
    static var isTimed: Bool { get }

    /// A request of the loop's next random word and its time.
    static func request(_ random: UInt64, at time: Timestamp) -> PickRequest
}

/// Requests that say nothing.
enum PlainRequests: RequestSource {
    static var isTimed: Bool { false }

    @inline(__always)
    static func request(_ random: UInt64, at time: Timestamp) -> PickRequest { PickRequest() }
}

/// Requests with a key, for policies that hash.
enum KeyedRequests: RequestSource {
    static var isTimed: Bool { false }

    @inline(__always)
    static func request(_ random: UInt64, at time: Timestamp) -> PickRequest { PickRequest(keyHash: random) }
}

/// Requests with the time, for policies that look at latencies: no clock is read.
enum TimedRequests: RequestSource {
    static var isTimed: Bool { true }

    @inline(__always)
    static func request(_ random: UInt64, at time: Timestamp) -> PickRequest { PickRequest(time: time) }
}

/// SplitMix64's finaliser: the random words of all loops.
@inline(__always)
func mixed(_ word: UInt64) -> UInt64 {
    var mixed = word
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}
