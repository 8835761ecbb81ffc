/// The few backends of a large fleet that one client uses, so that all clients together use all backends alike.
///
/// Clients and backends lie on one circle, each with an arc of the same length as its peers'. A client uses the
/// backends under an arc of whole client widths, wide enough for ``minimumSize`` backends. So the arcs of all clients
/// cover the circle the same number of times everywhere: every backend gets exactly the same load. A backend at the
/// edge of an arc counts with the part that lies under it: as its weight.
///
/// The backends' order on the circle is that of their identities' hashes, the same on all clients. When a backend comes
/// or goes, the others move by less than one place: each client gives up two backends and takes two at most. Only where
/// ``minimumSize`` is not reached any more do all arcs become wider by one client's width. When a client comes or goes,
/// all arcs change.
///
/// - Note: Finagle's deterministic aperture (`DeterministicAperture.scala`), in whole numbers.
public struct DeterministicAperture: Hashable, Sendable {
    /// The number of this client, from 0.
    public let client: Int
    /// How many clients there are.
    public let clientCount: Int
    /// How many backends a client uses at the least: 12, so that one that finds none of them healthy is rare and two
    /// choices respect weights.
    public let minimumSize: Int

    /// Describes a client among its peers.
    ///
    /// - Throws: ``TopologyError`` if there are no clients, `client` is not among them, or `minimumSize` is not
    ///   positive.
    public init(client: Int, of clientCount: Int, minimumSize: Int = 12) throws(TopologyError) {
        guard 1...(1 << 24) ~= clientCount, 0..<clientCount ~= client else {
            throw TopologyError(
                .invalid("client \(client) of \(clientCount): number clients from 0, 16777216 at the most"))
        }
        guard minimumSize > 0 else {
            throw TopologyError(.invalid("an aperture of \(minimumSize); use 12, or 1 at the least"))
        }
        self.client = client
        self.clientCount = clientCount
        self.minimumSize = minimumSize
    }

    /// A backend under a client's arc.
    public struct Member: Hashable, Sendable {
        /// The backend's place on the circle.
        public let position: Int
        /// How much of the backend lies under the arc, in units of 1 / ``DeterministicAperture/clientCount``.
        public let part: Int
    }

    /// The places on a circle of `backendCount` backends that this client uses.
    ///
    /// - Complexity: O(the number used).
    public func members(of backendCount: Int) -> [Member] {
        guard 1...(1 << 31) ~= backendCount else { return [] }
        // In units in which the circle measures clients × backends: a backend is as long as there are clients, and the
        // other way.
        let size = min(minimumSize, backendCount)
        let turns = min((size * clientCount + backendCount - 1) / backendCount, clientCount)
        var start = client * backendCount
        let end = start + turns * backendCount
        var members: [Member] = []
        while start < end {
            let position = start / clientCount
            let next = min((position + 1) * clientCount, end)
            let index = position % backendCount
            // An arc that goes nearly all around ends in the backend in which it began.
            if let first = members.first, first.position == index {
                members[0] = Member(position: index, part: first.part + next - start)
            } else {
                members.append(Member(position: index, part: next - start))
            }
            start = next
        }
        return members
    }

    /// The backends that this client uses, with weights for their parts.
    ///
    /// - Parameter backends: all of them, in any order.
    /// - Returns: those under the arc. A weight is the backend's own times its part, divided by what all have in
    ///   common.
    public func subset<Endpoint>(of backends: some Sequence<Backend<Endpoint>>) -> [Backend<Endpoint>] {
        let circle =
            backends.map { (hash: XXH64.hash($0.id), backend: $0) }
            .sorted { ($0.hash, $0.backend.id) < ($1.hash, $1.backend.id) }
            .map(\.backend)
        let members = members(of: circle.count)
        let weights = members.map { max(circle[$0.position].weight, 0).multipliedReportingOverflow(by: $0.part) }
        // Weights go to 2³¹ and parts to 2²⁴: the products fit.
        let divisor = max(weights.reduce(0) { Self.greatestCommonDivisor($0, $1.partialValue) }, 1)
        let scale = ((weights.map(\.partialValue).max() ?? 0) / divisor) >> 31
        return zip(members, weights).map { member, weight in
            var backend = circle[member.position]
            let exact = weight.partialValue / divisor
            // A backend keeps some weight, or none if it had none.
            backend.weight = scale > 0 ? max(exact / (scale + 1), min(exact, 1)) : exact
            return backend
        }
    }

    private static func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
        var (one, other) = (one, other)
        while other > 0 { (one, other) = (other, one % other) }
        return one
    }
}
