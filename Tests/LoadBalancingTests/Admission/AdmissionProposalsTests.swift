import Testing

@testable import LoadBalancing

@Suite struct AdmissionProposalsTests {
    private typealias Proposals = [(source: AdmissionSource, admission: Admission)]

    private func composed(_ proposals: Proposals, isPanicking: Bool = false) -> Admission {
        var all = AdmissionProposals()
        for proposal in proposals { all[proposal.source] = proposal.admission }
        return all.composed(isPanicking: isPanicking)
    }

    @Test(
        arguments: [
            ([], .full, .full),
            ([(.manual, Admission(fraction: 0.5))], Admission(fraction: 0.5), Admission(fraction: 0.5)),
            // By hand times the smallest of the rules'.
            (
                [(.manual, Admission(fraction: 0.5)), (.slowStart, Admission(fraction: 0.5))],
                Admission(fraction: 0.25), Admission(fraction: 0.5)
            ),
            (
                [(.slowStart, Admission(fraction: 0.25)), (.softDrain, Admission(fraction: 0.5))],
                Admission(fraction: 0.25), .full
            ),
            (
                [(.health, Admission(fraction: 0)), (.slowStart, Admission(fraction: 0.5))], Admission(fraction: 0),
                .full
            ),
            ([(.outlierEjection, Admission(fraction: 0))], Admission(fraction: 0), .full),
            // What is 0 by hand stays 0 in a panic.
            ([(.manual, Admission(fraction: 0))], Admission(fraction: 0), Admission(fraction: 0)),
            // Nothing positive becomes nothing.
            (
                [(.manual, Admission(fraction: 0x1p-16)), (.slowStart, Admission(fraction: 0.1))],
                Admission(fraction: 0x1p-16), Admission(fraction: 0x1p-16)
            ),
            // The strictest gate, whoever proposes it, also in a panic.
            (
                [(.manual, Admission(gate: .down)), (.health, Admission(gate: .draining, fraction: 0.5))],
                Admission(gate: .down, fraction: 0.5), Admission(gate: .down)
            ),
            (
                [(.limit, Admission(gate: .saturated)), (.drain, Admission(gate: .draining))],
                Admission(gate: .draining), Admission(gate: .draining)
            ),
            (
                [(.limit, Admission(gate: .saturated)), (.outlierEjection, Admission(fraction: 0))],
                Admission(gate: .saturated, fraction: 0), Admission(gate: .saturated)
            ),
            ([(.shutdown, Admission(gate: .draining))], Admission(gate: .draining), Admission(gate: .draining)),
        ] as [(Proposals, Admission, Admission)])
    private func composes(proposals: Proposals, normal: Admission, panic: Admission) {
        #expect(composed(proposals) == normal)
        #expect(composed(proposals.reversed()) == normal, "in any order")
        #expect(composed(proposals, isPanicking: true) == panic)
    }

    @Test func gatesAreOrdered() {
        let order: [Gate] = [.open, .saturated, .draining, .down]
        for (index, gate) in order.enumerated() {
            for stricter in order[index...] {
                #expect(Gate.stricter(gate, stricter) == stricter && Gate.stricter(stricter, gate) == stricter)
            }
        }
    }

    @Test func everySourceHasAPlaceOfItsOwn() {
        for source in AdmissionSource.allCases {
            var proposals = AdmissionProposals()
            proposals[source] = Admission(fraction: 0.5)
            #expect(proposals.objections == [source])
            proposals[source] = .full
            #expect(proposals == AdmissionProposals())
        }
    }
}
