import LoadBalancing

/// The leases that one thread's loop holds: each step ends a random earlier one and takes a new one.
///
/// Leases outlive a timed run, so that runs measure the steady state. The time given to requests and releases goes on in even
/// steps, such that a lease lasts 1.25 ms on average.
///
/// Invariant: between two calls all `capacity` leases are initialised.
@safe
struct LeaseTable: ~Copyable {
    private let leases: UnsafeMutablePointer<Lease<Int>>
    private let capacity: Int
    private let timeStep: UInt64
    private var now = Timestamp(nanoseconds: 1_000_000_000)
    private var random: UInt64

    /// Takes two leases for each backend, at least 8 and at most 16,384.
    init<Source: LeaseSource & ~Copyable>(backends: Int, thread: Int, from source: inout Source) {
        var capacity = 8
        while capacity < 2 * backends, capacity < 16_384 { capacity *= 2 }
        self.capacity = capacity
        timeStep = max(1, UInt64(1_250_000 / capacity))
        random = UInt64(thread + 1) << 40
        unsafe leases = .allocate(capacity: capacity)
        for index in 0..<capacity {
            let request = PickRequest(keyHash: mixed(random &+ UInt64(index)), time: now)
            unsafe (leases + index).initialize(to: Self.lease(request, from: &source))
        }
    }

    deinit {
        unsafe leases.deinitialize(count: capacity)
        unsafe leases.deallocate()
    }

    /// Ends and takes `count` leases.
    @inline(__always)
    mutating func turn<Source: LeaseSource & ~Copyable, Requests: RequestSource>(
        _ count: Int, _ requests: Requests.Type, from source: inout Source
    ) -> UInt64 {
        let mask = capacity - 1
        for _ in 0..<count {
            random &+= 1
            let word = mixed(random)
            let place = unsafe leases + Int(truncatingIfNeeded: word) & mask
            if Requests.isTimed { now.nanoseconds &+= timeStep }
            let old = unsafe place.move()
            old.finish(.success, at: Requests.isTimed ? now : nil)
            unsafe place.initialize(to: Self.lease(Requests.request(word, at: now), from: &source))
        }
        return random
    }

    @inline(__always)
    private static func lease<Source: LeaseSource & ~Copyable>(
        _ request: PickRequest, from source: inout Source
    ) -> Lease<Int> {
        do {
            return try source.lease(for: request)
        } catch {
            fatalError("a balancer that has nothing to refuse refused: \(error)")
        }
    }
}
