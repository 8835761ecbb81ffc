/// A lease, and the place of its backend.
public struct PlacedLease<Endpoint: Sendable>: ~Copyable, Sendable {
    /// Where the backend stands.
    public let place: Place
    /// The lease.
    public var lease: Lease<Endpoint>

    init(_ lease: consuming Lease<Endpoint>, at place: Place) {
        self.place = place
        self.lease = lease
    }

    /// The identity of the backend.
    public var id: String { lease.id }

    /// How to reach the backend.
    public var endpoint: Endpoint { lease.endpoint }

    /// Ends the work, and tells how it went.
    public consuming func finish(_ outcome: Outcome = .success, at time: Timestamp? = nil) {
        lease.finish(outcome, at: time)
    }

    /// Ends the work, tells how it went, and hands on what the server said of its load.
    public consuming func finish(_ outcome: Outcome = .success, report: LoadReport, at time: Timestamp? = nil) {
        lease.finish(outcome, report: report, at: time)
    }

    /// Turns the lease into a reference, for code that cannot own it.
    public consuming func share() -> SharedLease<Endpoint> {
        lease.share()
    }
}

/// The backends that one request was tried on, in all places: each place numbers its own.
public struct TriedPlaces: Hashable, Sendable {
    private var tried: [(place: Place, backends: TriedBackends)] = []

    /// No backends.
    public init() {}

    /// Remembers the backend of a lease.
    public mutating func insert(_ lease: borrowing PlacedLease<some Sendable>) {
        insert(lease.lease.slotID, at: lease.place)
    }

    mutating func insert(_ slotID: UInt32, at place: Place) {
        if let index = tried.firstIndex(where: { $0.place == place }) {
            tried[index].backends.insert(slotID)
        } else {
            var backends = TriedBackends()
            backends.insert(slotID)
            tried.append((place, backends))
        }
    }

    /// Those of one place.
    public subscript(place: Place) -> TriedBackends {
        tried.first { $0.place == place }?.backends ?? TriedBackends()
    }

    /// Whether no backend was tried.
    public var isEmpty: Bool { tried.isEmpty }

    /// Whether the same backends were tried in the same order of places.
    public static func == (lhs: TriedPlaces, rhs: TriedPlaces) -> Bool {
        lhs.tried.elementsEqual(rhs.tried) { $0 == $1 }
    }

    /// Feeds what `==` compares.
    public func hash(into hasher: inout Hasher) {
        for (place, backends) in tried {
            hasher.combine(place)
            hasher.combine(backends)
        }
    }
}
