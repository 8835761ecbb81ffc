/// The leases of the requests that are under way, by the number of the request's job.
///
/// Invariant: a place of `leases` is initialised while its job's `isHeld` is true, and only then.
@safe
struct LeaseStore<Held: ~Copyable>: ~Copyable {
    private var leases: UnsafeMutablePointer<Held>
    private var isHeld: [Bool]

    init() {
        isHeld = Array(repeating: false, count: 64)
        unsafe leases = .allocate(capacity: 64)
    }

    deinit {
        for (place, held) in isHeld.enumerated() where held { unsafe (leases + place).deinitialize(count: 1) }
        unsafe leases.deallocate()
    }

    /// Keeps the lease of a job that has none.
    mutating func put(_ lease: consuming Held, for job: Int) {
        while job >= isHeld.count { grow() }
        precondition(!isHeld[job], "a job has one lease")
        isHeld[job] = true
        unsafe (leases + job).initialize(to: lease)
    }

    /// Gives a job's lease back; `nil` if it has none.
    mutating func take(_ job: Int) -> Held? {
        guard job < isHeld.count, isHeld[job] else { return nil }
        isHeld[job] = false
        return unsafe (leases + job).move()
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Held>.allocate(capacity: isHeld.count * 2)
        for (place, held) in isHeld.enumerated() where held {
            unsafe (larger + place).moveInitialize(from: leases + place, count: 1)
        }
        unsafe leases.deallocate()
        unsafe leases = unsafe larger
        isHeld += Array(repeating: false, count: isHeld.count)
    }
}
