import Foundation
import Testing

@testable import LoadBalancing

@Suite struct NaturalLogarithmTests {
    @Test func oneHasNone() {
        #expect(NaturalLogarithm.of(1 as Float) == 0)
        #expect(NaturalLogarithm.of(1 as Double) == 0)
    }

    /// Every power of two with 500 significands between it and the next, the normal range from end to end.
    @Test(arguments: -126...127)
    func absoluteErrorIsBelowItsBound(exponent: Int) {
        for step in 0..<500 {
            let value = Float(sign: .plus, exponent: exponent, significand: 1 + Float(step) / 500)
            #expect(abs(Double(NaturalLogarithm.of(value)) - log(Double(value))) < 2e-5, "\(value)")
        }
    }

    @Test(arguments: [-1022, -500, -64, -53, -2, -1, 0, 1, 2, 100, 1023])
    func relativeErrorOfADoubleIsBelowItsBound(exponent: Int) {
        for step in 1..<2_000 {
            let value = Double(sign: .plus, exponent: exponent, significand: 1 + Double(step) / 2_000)
            let expected = log(value)
            #expect(abs(NaturalLogarithm.of(value) - expected) <= 1e-15 * abs(expected), "\(value)")
        }
    }

    /// Next to 1, where the logarithm is next to nothing.
    @Test(arguments: 1...53)
    func nothingIsLostNextToOne(exponent: Int) {
        let value = 1 - Double(sign: .plus, exponent: -exponent, significand: 1)
        #expect(abs(NaturalLogarithm.of(value) - log(value)) <= 1e-15 * abs(log(value)), "1 - 2^-\(exponent)")
    }

    @Test func nothingBelowOneIsPositive() {
        for step in 1...10_000 { #expect(NaturalLogarithm.of(Float(step) / 10_000) <= 0) }
        #expect(NaturalLogarithm.of(1 - 0x1p-24 as Float) < 0)
    }
}
