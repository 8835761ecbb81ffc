/// Chooses one backend of a pool for a request: a plain value with one owner at a time.
///
/// A picker holds its cursor and its random generator as plain fields; it has no lock, no atomics and no clock. The same
/// seed gives the same sequence of picks. ``SharedPicker`` and ``LoadBalancer`` make any picker safe for many threads.
///
/// Every picker of this package honours admission: a backend whose gate is shut, which is among the request's tried ones, or whose
/// weight is 0 is never picked, and the shares of the others follow weight × fraction, or the fraction alone where a policy
/// ignores weights.
///
/// A picker of your own should ask ``BackendPool/isUnrestricted`` and ``BackendPool/admits(_:for:)``. Behind a balancer
/// it runs inside a critical section: it must be short and must not call the balancer.
public protocol Picker: Sendable {
    /// The index in `pool` of the backend for `request`, or `nil` where none may be chosen.
    mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int?

    /// The index of the backend for `request` where all backends are admitted in full and none was tried; `nil` to be asked by
    /// ``pick(_:from:)`` after all.
    ///
    /// The short way of the common case: a picker that has one implements it without calls, and leaves its state alone where it
    /// gives `nil`. The default always gives `nil`.
    mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int?

    /// Whether ``pickWithoutState(_:from:)`` may be asked. The default is `false`.
    static var picksWithoutState: Bool { get }

    /// The index of the backend for `request` where all backends are admitted in full and none was tried, by a picker that any
    /// number of threads read at once; `nil` to be asked by ``pick(_:from:)`` after all.
    ///
    /// For pickers whose answer follows from the request alone, such as those by key. It must be the answer that ``pick(_:from:)``
    /// gives. The default always gives `nil`.
    func pickWithoutState(_ request: PickRequest, from pool: borrowing BackendPool) -> Int?

    /// The most leases that may be in flight on the backend picked last, the new one included; `nil` if there is no bound.
    ///
    /// A balancer asks when it counts a lease in after ``pick(_:from:)``, and if others have taken the last place meanwhile it asks
    /// for another pick. The default is `nil`.
    var leaseLimit: Int? { get }

    /// Goes its own way: called on each copy of one picker, with a seed of its own, before the copy is used.
    ///
    /// Copies that stay in step would all choose the same backend next. The default does nothing.
    mutating func diverge(_ seed: PickerSeed)

    /// Goes on where `old` was, after an update has replaced the set it was made for.
    ///
    /// Round robin must not fall back to the first backend at every update. The default does nothing.
    mutating func resume(from old: borrowing Self)
}

extension Picker {
    /// Has no short way.
    @inlinable
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? { nil }

    /// Picks change the picker.
    @inlinable
    public static var picksWithoutState: Bool { false }

    /// Knows no backend without its state.
    @inlinable
    public func pickWithoutState(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? { nil }

    /// No bound.
    @inlinable
    public var leaseLimit: Int? { nil }

    /// Does nothing.
    @inlinable
    public mutating func diverge(_ seed: PickerSeed) {}

    /// Does nothing.
    @inlinable
    public mutating func resume(from old: borrowing Self) {}
}

/// What tells one copy of a picker from the others.
@frozen
public struct PickerSeed: Hashable, Sendable {
    /// The copy's number: 0 for the first, whose order is the policy's own.
    public var copy: Int
    /// 64 bits that no other copy has.
    public var value: UInt64

    /// The seed of the copy with number `copy`, derived from a seed common to all.
    public init(copy: Int, common: UInt64) {
        self.copy = copy
        self.value = Mixing.mix(common, position: copy)
    }
}

/// A way to choose, with its parameters: makes pickers for pools.
public protocol Policy: Sendable {
    /// The picker that carries the policy out.
    associatedtype P: Picker

    /// A picker for `pool`.
    ///
    /// Called once for each set of backends, outside of the critical sections of picks, and must not call the balancer; what is large (tables) is built here and shared by
    /// the copies, each of which is then told to ``Picker/diverge(_:)``.
    ///
    /// - Parameters:
    ///   - pool: the backends.
    ///   - seed: what all random choices follow from.
    /// - Returns: the picker, which becomes the first copy.
    func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> P

    /// A picker for `pool`, which takes the place of the set that `old` was made for.
    ///
    /// For policies whose tables follow from the one before, so that few keys move. The default takes no notice of `old`. What a
    /// single copy has to remember is the affair of ``Picker/resume(from:)``.
    ///
    /// - Parameters:
    ///   - pool: the backends.
    ///   - old: the picker as it was made for the set before, not as copies of it have become.
    ///   - seed: what all random choices follow from.
    /// - Returns: the picker, which becomes the first copy.
    func makePicker(for pool: borrowing BackendPool, replacing old: P, seed: UInt64) -> P

    /// Whether the policy can work with a set: asked before anything is changed; a set that is refused leaves the set in force
    /// as it is.
    ///
    /// Names are distinct and weights in range already. The default takes every set.
    ///
    /// - Throws: ``BackendSetError``, mostly with ``BackendSetError/Reason/unsuitable(_:)``.
    func check(_ backends: [WeightedName]) throws(BackendSetError)

    /// What has to be measured for the policy's pickers. The default is nothing.
    var requirements: PolicyRequirements { get }
}

extension Policy {
    /// Nothing is measured but the leases in flight.
    public var requirements: PolicyRequirements { PolicyRequirements() }

    /// A picker that has nothing from `old`.
    public func makePicker(for pool: borrowing BackendPool, replacing old: P, seed: UInt64) -> P {
        makePicker(for: pool, seed: seed)
    }

    /// Takes every set.
    public func check(_ backends: [WeightedName]) throws(BackendSetError) {}
}

/// What a policy's pickers look at.
public struct PolicyRequirements: Hashable, Sendable {
    /// How latencies are averaged; `nil` if the policy does not look at them, and then no clock is read.
    public var latency: LatencyEstimator?
    /// Whether picks need the present time.
    public var needsTime: Bool
    /// Whether backends are kept in order of their load.
    public var ordersByLoad: Bool
    /// Whether the leases in flight on all backends together are counted; see ``BackendPool/totalInFlight``.
    public var countsInFlight: Bool
    /// Whether the ages of leases in flight are summed.
    var sumsAges = false
    /// What is kept of load reports.
    var reports: ReportRule?

    /// Creates requirements.
    public init(
        latency: LatencyEstimator? = nil, needsTime: Bool = false, ordersByLoad: Bool = false,
        countsInFlight: Bool = false
    ) {
        self.latency = latency
        self.needsTime = needsTime
        self.ordersByLoad = ordersByLoad
        self.countsInFlight = countsInFlight
    }
}
