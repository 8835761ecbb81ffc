import Testing

@testable import LoadBalancing

@Suite struct AdmissionTests {
    @Test(
        arguments: [
            (given: 1, kept: 1),
            (given: 0.5, kept: 0.5),
            (given: 0, kept: 0),
            (given: -0.0, kept: 0),
            (given: -3, kept: 0),
            (given: 7, kept: 1),
            (given: .infinity, kept: 1),
            (given: -.infinity, kept: 0),
            (given: .nan, kept: 0),
            (given: 0x1p-16, kept: 0x1p-16),
            // The nearest multiple of 2⁻¹⁶, but nothing positive becomes nothing.
            (given: 0x1.8p-17, kept: 0x1p-16),
            (given: 1e-9, kept: 0x1p-16),
            (given: .leastNonzeroMagnitude, kept: 0x1p-16),
            (given: 0.3, kept: 19_661 * 0x1p-16),
            (given: 1 - 0x1p-18, kept: 1),
        ] as [(given: Double, kept: Double)])
    func fractionsAreClampedAndRounded(given: Double, kept: Double) {
        for gate in Gate.allCases {
            let admission = Admission(gate: gate, fraction: given)
            #expect(admission.fraction == kept)
            #expect(admission.gate == gate)
            #expect(admission.isOpen == (gate == .open && kept > 0))
        }
    }

    @Test func fullIsOpenWithTheWholeShare() {
        #expect(Admission.full == Admission())
        #expect(Admission.full == Admission(gate: .open, fraction: 1))
        #expect(Admission.full.isOpen)
        #expect(Admission.full != Admission(fraction: 1 - 0x1p-16))
        #expect(Admission.full != Admission(gate: .down))
    }

    @Test func wordsSurviveARoundTrip() {
        for gate in Gate.allCases {
            for fraction in [0, 0.001, 0.25, 1] {
                let admission = Admission(gate: gate, fraction: fraction)
                #expect(Admission(word: admission.word) == admission)
            }
        }
    }
}
