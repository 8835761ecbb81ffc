/// What a server says of its load with an answer.
///
/// Servers see what no balancer sees: the work that others have sent. A header or a trailer is enough to carry it.
public struct LoadReport: Hashable, Sendable {
    /// Requests that the server has at the moment, running and waiting, the answered one not among them.
    public var inFlight: Int
    /// The time that the server has worked on the answered request, without its waiting; `nil` if it does not say.
    public var serviceTime: Duration?

    /// Creates a report.
    public init(inFlight: Int, serviceTime: Duration? = nil) {
        self.inFlight = inFlight
        self.serviceTime = serviceTime
    }
}

/// What is kept of load reports.
@frozen
@usableFromInline
enum ReportRule: UInt8, Sendable {
    /// Averages of what the server says, α = 0.3, as C3 keeps them.
    case averaged
    /// What the server has from others: its requests less our own.
    case others

    /// Servers say what they like: more requests than these count as these.
    static var mostRequests: Int { 1 << 30 }

    /// The word after one more report, when `own` other leases are in flight.
    func word(after word: ReportWord, report: LoadReport, own: UInt64) -> ReportWord {
        let service = report.serviceTime.map { Float($0.wholeNanoseconds) }
        let inFlight = Float(min(max(report.inFlight, 0), Self.mostRequests))
        switch self {
        case .others:
            return ReportWord(inFlight: max(0, inFlight - Float(own)), serviceTime: service ?? 0)
        case .averaged:
            guard !word.isNone else { return ReportWord(inFlight: inFlight, serviceTime: service ?? 0) }
            let old = word.serviceTime
            return ReportWord(
                inFlight: word.inFlight + 0.3 * (inFlight - word.inFlight),
                serviceTime: service.map { old > 0 ? old + 0.3 * ($0 - old) : $0 } ?? old)
        }
    }
}

/// Two numbers about a backend's load, in one word that threads exchange whole.
///
/// Each is the upper half of a `Float`, rounded: 8 bits of precision, which is more than a report that is already old deserves.
@frozen
@usableFromInline
struct ReportWord: Sendable {
    @usableFromInline let bits: UInt32

    @inlinable
    init(bits: UInt32) {
        self.bits = bits
    }

    init(inFlight: Float, serviceTime: Float) {
        bits = Self.rounded(inFlight) | Self.rounded(serviceTime) >> 16
    }

    /// The nearest number whose lower half is empty.
    private static func rounded(_ number: Float) -> UInt32 { (number.bitPattern &+ 1 << 15) & 0xFFFF_0000 }

    /// No report yet: not a number of requests.
    @inlinable
    static var none: ReportWord { ReportWord(bits: 0x7FC0_0000) }

    @inlinable
    var isNone: Bool { bits == Self.none.bits }

    /// Requests on the server: all of them or the others', as the rule says.
    @inlinable
    var inFlight: Float { Float(bitPattern: bits & 0xFFFF_0000) }

    /// Nanoseconds of work on a request; 0 if the server does not say.
    @inlinable
    var serviceTime: Float { Float(bitPattern: bits << 16) }
}
