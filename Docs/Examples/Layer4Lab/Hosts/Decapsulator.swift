import PacketForwarding
import Synchronization

/// Takes packets out of tunnels on a backend, whose kernel may have no tunnels of its own.
final class Decapsulator: Sendable {
    private let isStopped = Atomic(false)
    private let task: Mutex<BackgroundTask<Void>?>

    init(_ backend: LabHost, mtu: Int = 1_500) throws {
        task = Mutex(nil)
        let work = backend.begin { [self] in
            let device = try TunnelDevice("t0")
            let end = try TunnelEnd(
                from: "e0", to: device,
                TunnelReceiver(
                    outerSources: ["10.8.3.0/24", "fd08:3::/64"].compactMap { IPPrefix($0) },
                    innerDestinations: ["10.8.0.0/24", "fd08::/64"].compactMap { IPPrefix($0) }))
            try end.run { isStopped.load(ordering: .relaxed) }
        }
        task.withLock { $0 = work }
        try waitUntil(.seconds(30), "a tunnel device") {
            (try? backend.configure(["link set t0 mtu \(mtu) up"])) != nil
        }
    }

    func end() {
        isStopped.store(true, ordering: .relaxed)
        _ = try? task.withLock { $0 }?.wait()
    }
}
