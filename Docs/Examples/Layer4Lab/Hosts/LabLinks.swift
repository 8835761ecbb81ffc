/// How large the packets are that fit through the links of a lab.
struct LabLinks: Hashable, Sendable {
    /// Between client and router.
    var client = 1_500
    /// Behind the balancers; enough for full packets in tunnels unless you say otherwise.
    var back = 1_600
    /// Behind a router of the backends' own; `nil` if they are on the balancers' link.
    var far: Int?
}
