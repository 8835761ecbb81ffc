import Foundation
import Testing

@testable import LoadBalancing

@Suite struct DecayTests {
    @Test func wholePowersAreExact() {
        for exponent in 0..<120 {
            #expect(Decay.exp2(minus: Float(exponent)) == Float(sign: .plus, exponent: -exponent, significand: 1))
        }
    }

    @Test(
        arguments: [
            (exponent: 0, decay: 1), (exponent: -1, decay: 1), (exponent: -.infinity, decay: 1),
            (exponent: .nan, decay: 1),
            (exponent: 120, decay: 0), (exponent: 1e30, decay: 0), (exponent: .infinity, decay: 0),
        ] as [(exponent: Float, decay: Float)])
    func endsOfTheRange(exponent: Float, decay: Float) {
        #expect(Decay.exp2(minus: exponent) == decay)
    }

    @Test func relativeErrorIsBelowItsBound() {
        for step in 1..<24_000 {
            let exponent = Float(step) / 200
            let exact = exp2(-Double(exponent))
            #expect(abs(Double(Decay.exp2(minus: exponent)) - exact) < 2e-4 * exact, "\(exponent)")
        }
        // Close to no time at all, where most samples are.
        for power in 1...40 {
            let exponent = Float(sign: .plus, exponent: -power, significand: 1)
            #expect(abs(Double(Decay.exp2(minus: exponent)) - exp2(-Double(exponent))) < 2e-4, "\(exponent)")
        }
    }

    /// 1 − e^−x, by two multiplications for small x and from the power for the rest.
    @Test func whatIsLostIsTheRest() {
        #expect(Decay.lost(0) == 0)
        #expect(Decay.lost(1_000) == 1)
        for step in 1...20_000 {
            // From 2⁻³⁰ to 2⁴, as many to each octave.
            let x = Float(exp2(-30 + 34 * Double(step) / 20_000))
            let exact = -expm1(-Double(x))
            #expect(abs(Double(Decay.lost(x)) - exact) < 5e-3 * exact, "\(x)")
        }
    }

    @Test func neverRises() {
        var last: Float = 1
        for step in 1..<24_400 {
            let decay = Decay.exp2(minus: Float(step) / 200)
            #expect(decay <= last)
            last = decay
        }
    }
}
