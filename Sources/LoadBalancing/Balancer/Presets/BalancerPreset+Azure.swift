extension BalancerPreset {
    /// What a rule of Azure Load Balancer hashes.
    public enum AzureDistribution: String, Hashable, Sendable, CaseIterable {
        /// Both addresses, both ports, the protocol.
        case `default` = "Default"
        /// Both addresses.
        case sourceIP = "SourceIP"
        /// Both addresses and the protocol.
        case sourceIPProtocol = "SourceIPProtocol"
    }

    /// A rule of Azure Load Balancer: a hash of the tuple.
    ///
    /// If all backends are down, new flows find nobody.
    public static func azure(_ distribution: AzureDistribution = .default) -> BalancerPreset {
        let tuple: FlowTuple.Distribution =
            switch distribution {
            case .default: .fiveTuple
            case .sourceIP: .twoTuple
            case .sourceIPProtocol: .threeTuple
            }
        return BalancerPreset(
            policy: .rendezvous, resilience: Resilience(panicThreshold: 0), drainTime: .seconds(240),
            distribution: tuple)
    }
}
