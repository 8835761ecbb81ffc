import LoadBalancing
import PacketForwarding

/// What an administrator has said of a backend by the control socket.
struct BackendOrder: Hashable, Sendable {
    /// `nil` where health alone decides.
    var state: BackendState?
    /// `nil` for the file's.
    var weight: Int?
}

/// How a backend stands when everybody has been heard: the file, the administrator, its health.
///
/// The administrator's down and draining hold whatever probes say. A backend that is not healthy is down, so that its flows are
/// ended or move; one that says that it is about to go drains. Where somebody gets a part of a share, all weights of the
/// service are multiplied, so that there is a whole number for it.
struct BackendStanding: Hashable, Sendable {
    var state: BackendState
    var weight: Int
    /// Why it is not simply up; for people.
    var reason: String?

    /// What weights are multiplied by where there are parts of shares.
    static let scale = 100

    /// How the backends of a service stand, in its order.
    static func all(
        of service: ServiceConfiguration, orders: [String: BackendOrder], health: BalancerSnapshot?
    ) -> [BackendStanding] {
        let known = Dictionary(
            (health?.backends ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let isPanicking = health?.isPanicking ?? false
        let admissions = service.backends.map { known[$0.name]?.admission ?? .full }
        let hasParts = !isPanicking && admissions.contains { $0.fraction > 0 && $0.fraction < 1 }
        return zip(service.backends, admissions).map { backend, admission in
            let order = orders[backend.name] ?? BackendOrder()
            var weight = order.weight ?? backend.weight
            if hasParts, weight > 0 {
                let share = admission.fraction > 0 ? admission.fraction : 1
                weight = max(1, Int((Double(weight) * share * Double(scale)).rounded()))
            }
            let note = known[backend.name]?.health.report?.note
            let (state, reason) = state(order, admission, isPanicking: isPanicking, note: note)
            return BackendStanding(state: state, weight: min(weight, 1 << 31), reason: reason)
        }
    }

    private static func state(
        _ order: BackendOrder, _ admission: Admission, isPanicking: Bool, note: String?
    ) -> (BackendState, String?) {
        if let state = order.state, state != .up { return (state, "by order") }
        switch admission.gate {
        case .down: return (.down, note ?? "down")
        case .draining: return (order.state == .up ? .up : .draining, note ?? "is about to go")
        case .open, .saturated: break
        }
        if admission.fraction == 0, !isPanicking { return (.down, note ?? "unhealthy") }
        if admission.fraction == 0 { return (.up, "unhealthy, and so are too many others") }
        if admission.fraction < 1 { return (.up, "\(Int((admission.fraction * 100).rounded())) % of its share") }
        return (.up, nil)
    }
}
