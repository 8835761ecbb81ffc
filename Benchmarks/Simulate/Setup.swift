import LoadBalancing

/// What is simulated: servers, balancers, requests, and what happens to the servers meanwhile.
struct Setup: Sendable {
    /// How servers work on what they have.
    enum Discipline: Sendable {
        /// A queue in front of a number of slots.
        case firstCome
        /// All at once.
        case sharing
    }

    /// Something that happens to a server.
    struct Change: Sendable {
        enum Kind: Sendable {
            /// Its speed becomes this.
            case speed(Double)
            /// It answers with errors after 0.1 ms, or does so no more.
            case failing(Bool)
            /// All balancers learn of it.
            case joining
        }

        let time: UInt64
        let server: Int
        let kind: Kind
    }

    /// Servers whose share is looked at.
    struct Watch: Sendable {
        let servers: Range<Int>
        /// When they are bad, or new.
        let periods: [Range<UInt64>]
    }

    /// Where everybody stands.
    struct Zones: Sendable {
        /// The place of each server.
        let servers: [Place]
        /// The zone of each balancer.
        let balancers: [String]
    }

    /// The best that anybody could do who knew all queues.
    let bound: Bound
    /// What tells it from other set-ups of its scenario.
    let name: String
    /// One for each server, 1 being what work is measured in.
    var speeds = Array(repeating: 1.0, count: 10)
    /// How many of the servers are there from the beginning.
    var initialServers = 10
    var slots = 4
    var discipline = Discipline.firstCome
    var balancers = 1
    /// What part of all slots' time requests take, on average.
    var load = 0.9
    var work = Work.exponential(mean: 10)
    var arrivals = Arrivals.poisson
    /// When more requests come than else, and by which factor.
    var surges: [Range<UInt64>] = []
    var surgeFactor = 1.0
    /// Nanoseconds in which requests come.
    var duration: UInt64
    var changes: [Change] = []
    /// Requests that come in these periods are measured.
    var measured: [Range<UInt64>]
    var watch: Watch?
    /// How all balancers begin with a newcomer.
    var slowStart: SlowStart?
    /// Where everybody stands.
    var zones: Zones?

    init(_ name: String, bound: Bound, seconds: UInt64, warmUp: UInt64 = 4) {
        self.name = name
        self.bound = bound
        duration = seconds.seconds
        measured = [warmUp.seconds..<duration]
    }

    /// What the watched servers would get if they were like the others.
    var fairShare: Double { Double(watch?.servers.count ?? 1) / Double(speeds.count) }
}

extension UInt64 {
    /// So many seconds, in nanoseconds.
    var seconds: UInt64 { self * 1_000_000_000 }
    /// So many milliseconds, in nanoseconds.
    var milliseconds: UInt64 { self * 1_000_000 }
    /// Half-way to a later time.
    func middle(to end: UInt64) -> UInt64 { self + (end - self) / 2 }
}
