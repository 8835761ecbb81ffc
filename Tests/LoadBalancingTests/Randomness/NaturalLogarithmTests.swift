import Foundation
import Testing

@testable import LoadBalancing

@Suite struct NaturalLogarithmTests {
    @Test func oneHasNone() {
        #expect(NaturalLogarithm.of(1) == 0)
    }

    /// Every power of two with 500 significands between it and the next, the normal range from end to end.
    @Test(arguments: -126...127)
    func absoluteErrorIsBelowItsBound(exponent: Int) {
        for step in 0..<500 {
            let value = Float(sign: .plus, exponent: exponent, significand: 1 + Float(step) / 500)
            #expect(abs(Double(NaturalLogarithm.of(value)) - log(Double(value))) < 2e-5, "\(value)")
        }
    }

    @Test func nothingBelowOneIsPositive() {
        for step in 1...10_000 { #expect(NaturalLogarithm.of(Float(step) / 10_000) <= 0) }
        #expect(NaturalLogarithm.of(1 - 0x1p-24) < 0)
    }
}
