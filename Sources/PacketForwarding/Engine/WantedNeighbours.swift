import LoadBalancing
import Synchronization

/// Addresses that packets were to go to, and whose stations nobody knows: told by workers, asked for by whoever can.
///
/// There is room for a few: what is lost is told again by the next packet.
final class WantedNeighbours: Sendable {
    /// How many addresses wait to be asked for.
    static let limit = 64

    private let addresses: Guarded<[IPAddress]>
    private let hasAny = Atomic(false)

    init() {
        var addresses: [IPAddress] = []
        addresses.reserveCapacity(Self.limit)
        self.addresses = Guarded(addresses)
    }

    /// Takes note of an address; allocates nothing.
    func note(_ address: IPAddress) {
        addresses.withLock { addresses in
            guard addresses.count < Self.limit, !addresses.contains(address) else { return }
            addresses.append(address)
        }
        hasAny.store(true, ordering: .releasing)
    }

    /// All addresses since this was last asked, each once.
    func take() -> [IPAddress] {
        guard hasAny.exchange(false, ordering: .acquiring) else { return [] }
        return addresses.withLock { addresses in
            let taken = Array(addresses)
            addresses.removeAll(keepingCapacity: true)
            return taken
        }
    }
}

extension ForwardingControl {
    /// The addresses to which packets were dropped since this was last asked because no station is known that has them, each
    /// once and 64 at most.
    ///
    /// Stations of backends and gateways are to be known before the first packet; these are clients on a link of the balancer
    /// that have said nothing to it yet. What ``NeighbourService`` does by itself, others do with this and ``learn(_:)``.
    public func takeWantedNeighbours() -> [IPAddress] { wantedNeighbours.take() }
}

extension ForwardingEngine {
    /// The way to a client; one whose station is not known yet is asked for.
    @inline(__always)
    func way(to client: IPAddress) -> NextHop? {
        if let hop = plan.links.nextHop(to: client) { return hop }
        control.wantedNeighbours.note(client)
        return nil
    }
}
