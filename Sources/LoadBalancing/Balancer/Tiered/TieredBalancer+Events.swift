/// Something that happened in a place, or to the shares of all: what ``TieredBalancer/events(bufferLimit:)`` tells.
public struct TieredEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// Something happened to the backends of a place.
        case inPlace(Place, BalancerEvent.Kind)
        /// Places get other shares than before, or one's health counts that did not, or no more.
        case shared(TierPlan)
        /// The balancer has been shut down, with work left in flight if that took too long.
        case shutDown(inFlight: Int)
    }

    /// What happened.
    public let kind: Kind
    /// When it happened, in the time of the balancer's ``TimeSource``.
    public let time: Timestamp
}

/// What happens in the places of a balancer, as it happens.
public typealias TieredEvents = EventSequence<TieredEvent>

extension TieredBalancer {
    /// What happens in all places from now on: for logs, metrics and alarms.
    ///
    ///     for await event in balancer.events() { logger.info("\(event.kind)") }
    ///
    /// Each call gives a reader of its own. A pick never waits for a reader; one that is slow loses the oldest events.
    ///
    /// - Parameter bufferLimit: how many events wait for the reader at the most.
    /// - Returns: the events.
    public func events(bufferLimit: Int = 256) -> TieredEvents {
        let buffer = EventBuffer<TieredEvent>(limit: bufferLimit)
        state.withLock { state in
            readers.add(buffer)
            guard !state.tellsEvents else { return }
            // From the first reader on: without one, nobody looks for what has changed.
            state.tellsEvents = true
            for (place, member) in state.members {
                member.balancer.control.add(PlaceReader(place: place, readers: readers))
            }
        }
        return TieredEvents(buffer: buffer) { [readers] in readers.remove(buffer) }
    }
}

/// Those who want to know what happens in all places.
final class TieredReaders: Sendable {
    private let buffers = Guarded<[EventBuffer<TieredEvent>]>([])

    func add(_ buffer: EventBuffer<TieredEvent>) {
        buffers.withLock { $0.append(buffer) }
    }

    func remove(_ buffer: EventBuffer<TieredEvent>) {
        buffers.withLock { buffers in buffers.removeAll { $0 === buffer } }
    }

    func tell(_ kind: TieredEvent.Kind, at time: Timestamp) {
        for buffer in buffers.withLock({ $0 }) { buffer.add(TieredEvent(kind: kind, time: time)) }
    }

    /// No event comes any more.
    func finish() {
        for buffer in buffers.withLock({ $0 }) { buffer.finish() }
    }
}

/// Hands on what happens in one place.
final class PlaceReader: EventReader {
    private let place: Place
    private let readers: TieredReaders

    init(place: Place, readers: TieredReaders) {
        self.place = place
        self.readers = readers
    }

    func add(_ event: BalancerEvent) { readers.tell(.inPlace(place, event.kind), at: event.time) }

    /// A place has gone; the others have not.
    func finish() {}
}
