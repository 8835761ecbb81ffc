import Foundation
import PacketForwarding
import Synchronization

/// A thread that finds stations, and tells them of the services' addresses when it begins.
final class NeighbourThread: Sendable {
    private let isStopped = Atomic(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ control: ForwardingControl) {
        Thread.detachNewThread { [self] in
            while !isStopped.load(ordering: .acquiring) {
                do {
                    let service = try NeighbourService(control)
                    service.announce()
                    try service.run { isStopped.load(ordering: .acquiring) }
                } catch {
                    // The interface is down, or gone: whoever watches it says so.
                    Thread.sleep(forTimeInterval: 0.5)
                }
            }
            hasEnded.signal()
        }
    }

    /// Ends the thread, and waits for it.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        hasEnded.wait()
        hasEnded.signal()
    }
}
