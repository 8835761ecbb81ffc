import LoadBalancing

/// The requests of one run: when they come, to which balancer, and how much work they are.
///
/// They follow from the seed alone, whatever the policy does with them: policies are compared on the same requests (*common
/// random numbers*), so that differences between them show in few runs.
struct RequestStream {
    struct Request {
        /// Nanoseconds since the simulation began.
        let time: UInt64
        let balancer: Int
        /// Nanoseconds on a server of speed 1.
        let work: Double
    }

    private let setup: Setup
    private var generator: SeededGenerator
    /// Nanoseconds between two requests, on average.
    private let gap: Double
    /// When the request before came.
    private var time = 0.0
    private var period: (factor: Double, end: Double) = (0.4, 0)

    init(of setup: Setup, seed: UInt64) {
        self.setup = setup
        generator = SeededGenerator(seed: seed)
        let speed = setup.speeds.prefix(setup.initialServers).reduce(0, +)
        gap = setup.work.mean * 1e6 / (setup.load * speed * Double(setup.slots))
    }

    /// The next request of an open stream; `nil` at its end.
    mutating func next() -> Request? {
        var left = generator.nextExponential(mean: gap)
        if case .bursty = setup.arrivals { passPeriods(&left) }
        time += left / rateFactor
        guard time < Double(setup.duration) else { return nil }
        return draw(at: UInt64(time))
    }

    /// A request that comes at `time`.
    mutating func draw(at time: UInt64) -> Request {
        let balancer = Int(generator.next(below: UInt64(setup.balancers)))
        return Request(time: time, balancer: balancer, work: setup.work.draw(&generator) * 1e6)
    }

    private var rateFactor: Double {
        if case .bursty = setup.arrivals { return period.factor }
        return setup.surges.contains { $0.contains(UInt64(time)) } ? setup.surgeFactor : 1
    }

    /// Moves the time on to the period in which the next request comes, `left` being the time to it at the mean rate.
    private mutating func passPeriods(_ left: inout Double) {
        while (period.end - time) * period.factor < left {
            left -= (period.end - time) * period.factor
            time = period.end
            period = (2 - period.factor, time + generator.nextExponential(mean: 50e6))
        }
    }
}
