import LoadBalancing
import PacketForwarding

/// Established TCP flows, and which backend each of them has.
struct FloodFlows {
    private let scene: PacketScene
    /// The station that each flow's segments were sent to.
    private let stations: [UInt64]

    private enum Flags {
        static let opening: UInt8 = 0x02
        static let openingAnswered: UInt8 = 0x12
        static let acknowledging: UInt8 = 0x10
    }

    /// Opens the flows.
    init(_ scene: PacketScene, _ drive: inout PacketDrive) throws {
        self.scene = scene
        let opening = FrameTemplate(scene, flags: Flags.opening)
        for flow in 0..<scene.flows {
            let sent = drive.send(opening.frame(of: scene.client(flow)), on: 0)
            guard let sent else { throw PacketSurvey.failure(flow, scene.flows) }
            guard scene.mode == .nat else { continue }
            guard drive.send(Self.answer(to: sent), on: 1) != nil else { throw PacketSurvey.failure(flow, scene.flows) }
        }
        stations = Self.stations(scene, &drive)
        guard !stations.contains(0) else { throw PacketSurvey.failure(0, scene.flows) }
    }

    /// How many flows are not served by their backend any more.
    func lost(_ drive: inout PacketDrive) -> Int {
        zip(stations, Self.stations(scene, &drive)).count { $0 != $1 }
    }

    /// Where a segment of each flow goes; 0 for nowhere.
    private static func stations(_ scene: PacketScene, _ drive: inout PacketDrive) -> [UInt64] {
        let template = FrameTemplate(scene, flags: Flags.acknowledging)
        return (0..<scene.flows).map { flow in
            guard let sent = drive.send(template.frame(of: scene.client(flow)), on: 0) else { return 0 }
            return sent.prefix(6).reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// The SYN-ACK of a backend that got a SYN over IPv4; the engine does not look at its transport checksum.
    private static func answer(to opening: [UInt8]) -> [UInt8] {
        let link = (0..<6).map { UInt8(truncatingIfNeeded: PacketScene.outgoing.bits >> UInt64(40 - 8 * $0)) }
        var answer = opening
        answer.replaceSubrange(0..<6, with: link)
        answer.replaceSubrange(26..<30, with: opening[30..<34])
        answer.replaceSubrange(30..<34, with: opening[26..<30])
        answer.replaceSubrange(34..<36, with: opening[36..<38])
        answer.replaceSubrange(36..<38, with: opening[34..<36])
        answer[47] = Flags.openingAnswered
        return answer
    }
}
