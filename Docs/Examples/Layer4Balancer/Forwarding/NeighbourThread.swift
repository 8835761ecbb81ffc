import Foundation
import PacketForwarding
import Synchronization

/// A thread that finds stations, and tells them of the services' addresses when it begins.
final class NeighbourThread: Sendable {
    private let isStopped = Atomic(false)
    private let isReopening = Atomic(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ control: ForwardingControl) {
        Thread.detachNewThread { [self] in
            while !isStopped.load(ordering: .acquiring) {
                do {
                    let service = try NeighbourService(control)
                    isReopening.store(false, ordering: .relaxed)
                    service.announce()
                    try service.run {
                        isStopped.load(ordering: .acquiring) || isReopening.load(ordering: .acquiring)
                    }
                } catch {
                    Thread.sleep(forTimeInterval: 0.5)
                }
            }
            hasEnded.signal()
        }
    }

    /// Opens the links anew, and tells all stations once more.
    func reopen() {
        isReopening.store(true, ordering: .releasing)
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        hasEnded.wait()
        hasEnded.signal()
    }
}
