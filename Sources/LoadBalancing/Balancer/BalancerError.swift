/// Why a balancer gave no backend.
public struct BalancerError: Error, Hashable, Sendable {
    /// What stood in the way.
    public enum Reason: Hashable, Sendable {
        /// The set of backends is empty.
        case noBackends
        /// There are backends, but none takes new work: gates are shut, or weights or fractions are 0.
        case noneAdmitted
        /// Every backend that takes new work was tried for this request already.
        case allTried
        /// Every backend that would take the work has all it can take for now.
        case saturated
        /// The lease that was to give another has ended.
        case ended
        /// There was no room in all the time that was to be waited for some.
        case timedOut
        /// There is no room, and as many wait for some as may.
        case tooManyWaiting
        /// The task was cancelled while it waited for room.
        case cancelled
        /// The balancer was shut down.
        case shutDown
    }

    /// What stood in the way.
    public let reason: Reason

    @usableFromInline
    init(_ reason: Reason) {
        self.reason = reason
    }
}

extension BalancerError: CustomStringConvertible {
    /// The reason in words, with what to do about it.
    public var description: String {
        switch reason {
        case .noBackends: "there are no backends; give the balancer a set with update(_:)"
        case .noneAdmitted: "no backend takes new work: all are down, draining or of weight 0; see snapshot()"
        case .allTried: "every backend that takes new work was tried for this request"
        case .saturated: "every backend that takes new work has all it can take; try again later or add backends"
        case .ended: "the lease has ended; take a new one"
        case .timedOut: "no backend had room in time; wait longer, raise the limits or add backends"
        case .tooManyWaiting: "no backend has room and the line is full; shed load, raise the limits or add backends"
        case .cancelled: "the task was cancelled while it waited for a backend with room"
        case .shutDown: "the balancer was shut down; make another"
        }
    }
}
