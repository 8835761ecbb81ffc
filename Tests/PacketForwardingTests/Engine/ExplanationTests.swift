import LoadBalancing
import Testing

@testable import PacketForwarding

struct ExplanationTests {
    private let client = Frames.clientEnd()
    private let service = Frames.serviceEnd()

    @Test func saysInWordsWhyAPacketGoesWhereItGoes() throws {
        var lab = try EngineLab([EngineLab.service(.nat, scheduler: .maglev)])
        let syn = Frames.segment(client, service, .syn)
        let explanation = lab.explain(syn)
        let row = try #require(explanation.row)
        let backend = try #require(explanation.backend)
        let hash = try #require(explanation.hash)
        let digits = String(hash, radix: 16)
        #expect(
            explanation.description == """
                a client's packet
                service: web, client 198.51.100.7:40001
                hash: 0x\(String(repeating: "0", count: 16 - digits.count))\(digits), row \(row) of the table
                flow: none
                backend: \(backend), by the scheduler
                a flow begins
                destination: 192.0.2.10:80 becomes \(backend == "b1" ? "10.0.0.11" : "10.0.0.12"):80
                hop limit: 57 becomes 56
                sent: on interface 0 to station 02:00:00:00:00:\(backend == "b1" ? "0b" : "0c")
                verdict: send
                """)
        _ = lab.process(syn)
        let next = lab.explain(syn, at: 20)
        #expect(next.flow?.standing == .halfOpen)
        #expect(next.flow?.secondsLeft == 40)
        #expect(next.choice == .flow)
        #expect(next.backend == backend)
        #expect(!next.beginsFlow)
    }

    @Test(arguments: [ServiceMode.nat, .fullNAT, .dsr, .ipip, .gre, .gue], [IPVersion.v4, .v6])
    func changesNothing(mode: ServiceMode, version: IPVersion) throws {
        var lab = try EngineLab([
            EngineLab.service(mode, version, backends: 3, scheduler: .policy(.leastConnections))
        ])
        let before = lab.engine.statistics.snapshot()
        let syn = Frames.segment(Frames.clientEnd(1, version), Frames.serviceEnd(version), .syn)
        let explanation = lab.explain(syn)
        for _ in 0..<5 { #expect(lab.explain(syn) == explanation) }
        #expect(lab.engine.statistics.snapshot() == before)
        let sent = try #require(lab.process(syn).sent.first)
        let station = try link(of: sent).destination
        #expect(explanation.edits.last == .link(interface: 0, destination: station))
    }

    /// A limit that withholds answers is asked, and not used up.
    @Test func takesNoToken() throws {
        var service = EngineLab.service(.nat)
        service.resetOnFailure = true
        var lab = try EngineLab([service], limits: ForwardingLimits(flows: 16, answersPerSecond: 1))
        let stray = Frames.segment(client, self.service, .ack)
        for _ in 0..<3 { #expect(lab.explain(stray).verdict == .answer(.noFlow)) }
        #expect(lab.process(stray).verdict == .answer(.noFlow))
        #expect(lab.explain(stray).verdict == .drop(.rateLimited))
        #expect(lab.process(stray).verdict == .drop(.rateLimited))
    }

    @Test func goesByWhatControlHasSaidLast() throws {
        var lab = try EngineLab([EngineLab.service(.dsr)])
        let syn = Frames.segment(client, service, .syn)
        #expect(lab.explain(syn).backend == "b1")
        lab.control.set(.down, backend: "b1", of: "web")
        #expect(lab.explain(syn).backend == "b2")
        lab.control.set(.draining, backend: "b2", of: "web")
        let refusal = lab.explain(syn)
        #expect(refusal.backend == nil)
        #expect(refusal.verdict == .drop(.noBackend))
        #expect(lab.process(syn).verdict == .drop(.noBackend))
    }

    /// A policy that draws at random draws the same for the packet as it did for its explanation.
    @Test(arguments: [PolicyName.random, .weightedRandom, .leastConnections, .powerOfTwoChoices])
    func foretellsWhatPoliciesChoose(policy: PolicyName) throws {
        var lab = try EngineLab([EngineLab.service(.dsr, backends: 7, scheduler: .policy(policy))])
        for port in 1...50 as ClosedRange<UInt16> {
            let syn = Frames.segment(Frames.clientEnd(port), service, .syn)
            let explanation = lab.explain(syn)
            let sent = try #require(lab.process(syn).sent.first)
            #expect(explanation.edits.last == .link(interface: 0, destination: try link(of: sent).destination))
            _ = lab.process(Frames.segment(Frames.clientEnd(port), service, .ack))
        }
    }
}
