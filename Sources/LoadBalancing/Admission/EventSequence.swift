/// Events, as they happen: ``BalancerEvents``, ``TieredEvents``.
///
/// One reader each. A reader that is slow loses the oldest events beyond its buffer, and ``droppedCount`` says how many; the
/// balancer never waits. The sequence ends with the balancer, or when the reading task is cancelled.
public struct EventSequence<Event: Sendable>: AsyncSequence, Sendable {
    private let buffer: EventBuffer<Event>
    /// Ends the subscription when the last copy of the sequence and its reader are gone.
    private let subscription: EventSubscription

    /// Reads a buffer, which is filled until `unsubscribe` is called.
    init(buffer: EventBuffer<Event>, unsubscribe: @escaping @Sendable () -> Void) {
        self.buffer = buffer
        subscription = EventSubscription(unsubscribe)
    }

    /// How many events were lost because they were not read in time.
    public var droppedCount: UInt64 { buffer.droppedCount }

    /// The events that nobody has read yet, which are taken out.
    func takeUnread() -> [Event] { buffer.takeAll() }

    /// The reader.
    public func makeAsyncIterator() -> Iterator {
        Iterator(buffer: buffer, subscription: subscription)
    }

    /// Reads events one after another.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let buffer: EventBuffer<Event>
        fileprivate let subscription: EventSubscription

        /// The next event; `nil` at the end.
        public mutating func next() async -> Event? {
            await buffer.next()
        }

        /// The next event; `nil` at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> Event? {
            await buffer.next()
        }
    }
}

/// Keeps a reader's buffer filled for as long as somebody may read it.
private final class EventSubscription: Sendable {
    private let unsubscribe: @Sendable () -> Void

    init(_ unsubscribe: @escaping @Sendable () -> Void) {
        self.unsubscribe = unsubscribe
    }

    deinit {
        unsubscribe()
    }
}
