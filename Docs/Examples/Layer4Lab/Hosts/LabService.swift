import PacketForwarding

/// A service of a lab: each mode has an address of its own.
struct LabService: Hashable, Sendable {
    let mode: ServiceMode
    /// The last number of its address.
    let number: Int

    static let all = ServiceMode.allCases.enumerated().map { LabService(mode: $1, number: $0 + 1) }

    static func of(_ mode: ServiceMode) -> LabService {
        LabService(mode: mode, number: (ServiceMode.allCases.firstIndex(of: mode) ?? 0) + 1)
    }

    var v4: String { "10.8.0.\(number)" }
    var v6: String { "fd08::\(number)" }

    func address(_ version: IPVersion) -> String { version == .v4 ? v4 : v6 }
}
