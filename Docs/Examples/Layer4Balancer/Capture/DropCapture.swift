import Foundation
import PacketForwarding
import Synchronization

/// The latest packets that were dropped, of each reason so many, and of each packet its first bytes.
///
/// In a flood only some of them are kept, so that a packet that is not forwarded costs less than one that is.
final class DropCapture: Sendable {
    /// A packet that was dropped.
    struct Packet: Hashable, Sendable {
        let time: Date
        /// The position of its interface.
        let interface: Int
        /// How long it was.
        let byteCount: Int
        /// Its first bytes.
        let bytes: [UInt8]
    }

    private struct Ring {
        var packets: [Packet] = []
        var next = 0
        /// How many may be kept until ``DropCapture/allowMore()``.
        var allowance = 0

        mutating func append(_ packet: Packet, limit: Int) {
            if packets.count < limit {
                packets.append(packet)
            } else if !packets.isEmpty {
                packets[next] = packet
                next = (next + 1) % packets.count
            }
        }
    }

    private let settings: CaptureSettings
    private let rings = Mutex<[DropReason: Ring]>([:])

    init(_ settings: CaptureSettings) {
        self.settings = settings
        allowMore()
    }

    /// Keeps a packet, if some time has passed since others were.
    func note(_ frame: borrowing Frame, _ reason: DropReason) {
        let isWanted = rings.withLock { rings in
            guard rings[reason, default: Ring()].allowance > 0 else { return false }
            rings[reason]?.allowance -= 1
            return true
        }
        guard isWanted else { return }
        let count = min(frame.byteCount, settings.bytes)
        let bytes = frame.withBytes { bytes in
            unsafe bytes.extracting(0..<count).withUnsafeBytes { unsafe Array($0) }
        }
        let packet = Packet(
            time: Date(), interface: Int(frame.metadata.interface), byteCount: frame.byteCount, bytes: bytes)
        rings.withLock { $0[reason, default: Ring()].append(packet, limit: settings.packets) }
    }

    /// Allows a quarter of what is kept of each reason to be replaced.
    func allowMore() {
        let share = settings.packets > 0 ? max(1, settings.packets / 4) : 0
        rings.withLock { rings in
            for reason in DropReason.allCases { rings[reason, default: Ring()].allowance = share }
        }
    }

    /// What is kept, in the order in which it came.
    func packets(of reason: DropReason?) -> [(reason: DropReason, packet: Packet)] {
        let kept = rings.withLock { rings in
            rings.filter { reason == nil || $0.key == reason }
                .flatMap { reason, ring in ring.packets.map { (reason, $0) } }
        }
        return kept.sorted { $0.1.time < $1.1.time }
    }
}
