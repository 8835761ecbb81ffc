/// Something that happened to a balancer's backends: what ``Balancer/events(bufferLimit:)`` tells.
public struct BalancerEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// Another set is in force.
        case updated(version: UInt64, added: [String], removed: [String])
        /// Outlier detection took a backend out.
        case ejected(id: String, for: EjectionReason, lasting: Duration)
        /// An ejection has ended.
        case returned(id: String)
        /// Health checks see a backend in another light.
        case healthChanged(id: String, from: HealthReport.Status?, to: HealthReport.Status)
        /// So few backends are healthy that fractions are ignored from now on.
        case panicBegan(healthy: Int, of: Int)
        /// Enough backends are healthy again.
        case panicEnded(healthy: Int, of: Int)
        /// The draining of a backend has ended, with work left in flight if it took too long.
        case drained(id: String, inFlight: Int)
        /// The balancer has been shut down, with work left in flight if that took too long.
        case shutDown(inFlight: Int)
    }

    /// What happened.
    public let kind: Kind
    /// When it happened, in the time of the balancer's ``TimeSource``.
    public let time: Timestamp
}

/// What happens to a balancer's backends, as it happens.
///
/// One reader each. A reader that is slow loses the oldest events beyond its buffer, and ``droppedCount`` says how many; the
/// balancer never waits. The sequence ends with the balancer, or when the reading task is cancelled.
public struct BalancerEvents: AsyncSequence, Sendable {
    private let buffer: EventBuffer
    /// Ends the subscription when the last copy of the sequence and its reader are gone.
    private let subscription: EventSubscription

    init(buffer: EventBuffer, control: AdmissionControl) {
        self.buffer = buffer
        subscription = EventSubscription(buffer: buffer, control: control)
    }

    /// How many events were lost because they were not read in time.
    public var droppedCount: UInt64 { buffer.droppedCount }

    /// The events that nobody has read yet, which are taken out.
    func takeUnread() -> [BalancerEvent] { buffer.takeAll() }

    /// The reader.
    public func makeAsyncIterator() -> Iterator {
        Iterator(buffer: buffer, subscription: subscription)
    }

    /// Reads events one after another.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let buffer: EventBuffer
        fileprivate let subscription: EventSubscription

        /// The next event; `nil` at the end.
        public mutating func next() async -> BalancerEvent? {
            await buffer.next()
        }

        /// The next event; `nil` at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> BalancerEvent? {
            await buffer.next()
        }
    }
}

/// Keeps a reader's buffer filled for as long as somebody may read it.
private final class EventSubscription: Sendable {
    private let buffer: EventBuffer
    private let control: AdmissionControl

    init(buffer: EventBuffer, control: AdmissionControl) {
        self.buffer = buffer
        self.control = control
    }

    deinit {
        control.removeReader(buffer)
    }
}
