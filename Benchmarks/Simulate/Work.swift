import Foundation
import LoadBalancing

extension SeededGenerator {
    /// A uniform draw from 0 ..< 1.
    mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A draw from the exponential distribution.
    mutating func nextExponential(mean: Double) -> Double { -log(1 - nextUnit()) * mean }
}

/// How much work requests are, in milliseconds on a server of speed 1.
enum Work: Sendable {
    case exponential(mean: Double)
    /// With σ = 1.
    case logNormal(mean: Double)
    /// Short ones, and now and then a long one.
    case bimodal(short: Double, long: Double, longShare: Double)
    /// From 0 up to a limit.
    case uniform(below: Double)

    var mean: Double {
        switch self {
        case .exponential(let mean), .logNormal(let mean): mean
        case .bimodal(let short, let long, let longShare): short + (long - short) * longShare
        case .uniform(let limit): limit / 2
        }
    }

    /// The work of one request.
    func draw(_ generator: inout SeededGenerator) -> Double {
        switch self {
        case .exponential(let mean):
            return generator.nextExponential(mean: mean)
        case .logNormal(let mean):
            // Box and Muller.
            let radius = (-2 * log(1 - generator.nextUnit())).squareRoot()
            return mean * exp(radius * cos(2 * .pi * generator.nextUnit()) - 0.5)
        case .bimodal(let short, let long, let longShare):
            return generator.nextUnit() < longShare ? long : short
        case .uniform(let limit):
            return generator.nextUnit() * limit
        }
    }
}

/// How requests come.
enum Arrivals: Sendable {
    /// One by one, independent of each other.
    case poisson
    /// Poisson at a rate that changes between 1.6 and 0.4 of the mean, in exponential periods of 50 ms on average.
    case bursty
    /// So many at a time: each answer is followed by the next request, `requests` in all.
    case closed(outstanding: Int, requests: Int)
}
