/// Chooses sites for clients: for authoritative name servers, for clients with a list of regions, for gateways.
///
///     let selector = try SiteSelector([.up(), .nearest(tolerance: nil), .waterfall(), .first(1)])
///     let answer = selector.answer(for: client, name: "www.example.com", among: sites)
///     print(answer)    // why it fell as it did
///
/// A chain of ``SiteFilter``s, without state: answers follow from the sites, the client and the name alone, so that all
/// name servers of a zone agree, and any answer can be explained afterwards. What has to be remembered is in
/// ``SiteMonitor``.
public struct SiteSelector: Sendable {
    /// The steps.
    public let filters: [SiteFilter]

    /// Creates a chain.
    ///
    /// - Throws: ``TopologyError`` if the chain, or one within it, has no steps: it would answer with everything, what
    ///   is down among it.
    public init(_ filters: [SiteFilter]) throws(TopologyError) {
        try Self.check(filters)
        self.filters = filters
    }

    init(checked filters: [SiteFilter]) {
        self.filters = filters
    }

    private static func check(_ filters: [SiteFilter]) throws(TopologyError) {
        if filters.isEmpty { throw TopologyError(.empty("filter in the chain")) }
        for case .either(let chains) in filters {
            if chains.isEmpty { throw TopologyError(.empty("chain to choose from")) }
            for chain in chains { try check(chain) }
        }
    }

    /// The answer for a client.
    ///
    /// - Parameters:
    ///   - client: who asks.
    ///   - name: what is asked for; case does not matter.
    ///   - sites: all sites that serve the name.
    /// - Returns: the sites in order, and why.
    public func answer(for client: SiteClient, name: String, among sites: [Site]) -> SiteAnswer {
        let nameHash = XXH64.hash(HostBytes.lowercased(name.utf8.last == 0x2E ? name.utf8.dropLast() : name.utf8[...]))
        var selection = SiteSelection(sites, client: client, nameHash: nameHash)
        selection.take(filters)
        return SiteAnswer(
            sites: selection.sites, scope: selection.announcedScope, isFailOpen: selection.isFailOpen,
            refusal: selection.refusal, steps: selection.steps)
    }
}

/// Sites for a client, and why.
public struct SiteAnswer: Sendable, Hashable {
    /// What one step did.
    public struct Step: Sendable, Hashable {
        /// The step's name.
        public let filter: String
        /// Who was left, in order.
        public let left: [String]
        /// Who was left out.
        public let removed: [String]
        /// What decided, where it can be said.
        public let note: String
    }

    /// The sites, best first; empty where there is no answer.
    public let sites: [Site]
    /// How many bits of the client's address decided: 0 if the answer is the same for everybody.
    ///
    /// For the client-subnet option. It may be more than the network has, where the network is too wide for one answer: then
    /// the answer is that for its first addresses, and a resolver that can tell more bits will (RFC 7871, §7.2.1). No two
    /// answers of the same sites overlap, unless they are the same.
    public let scope: Int
    /// Whether sites are among them that seem to be down.
    public let isFailOpen: Bool
    /// What the name server is to do instead of answering, where the chain says so; then there are no sites.
    public let refusal: SiteRefusal?
    /// What each step did.
    public let steps: [Step]

    /// What the client is told.
    public var answers: [String] { sites.flatMap(\.answers) }
}

extension SiteAnswer: CustomStringConvertible {
    /// A line for each step.
    public var description: String {
        steps.map { step in
            let note = step.note.isEmpty ? "" : " (\(step.note))"
            let removed = step.removed.isEmpty ? "" : "; out: \(step.removed.joined(separator: ", "))"
            return "\(step.filter)\(note): \(step.left.joined(separator: ", "))\(removed)"
        }.joined(separator: "\n")
    }
}
