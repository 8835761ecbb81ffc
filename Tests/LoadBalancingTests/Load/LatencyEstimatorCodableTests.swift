import Foundation
import LoadBalancing
import Testing

@Suite struct LatencyEstimatorCodableTests {
    static func decode(_ text: String) throws -> LatencyEstimator {
        try JSONDecoder().decode(LatencyEstimator.self, from: Data(text.utf8))
    }

    @Test(
        arguments: [
            (text: #"{"method": "ewma"}"#, estimator: .ewma()),
            (text: #"{"method": "ewma", "alpha": 0.5}"#, estimator: .ewma(alpha: 0.5)),
            (text: #"{"method": "ewma", "alpha": 0}"#, estimator: .ewma(alpha: 0)),
            (text: #"{"method": "decaying"}"#, estimator: .decaying()),
            (
                text: #"{"method": "decaying", "timeConstantSeconds": 0.5}"#,
                estimator: .decaying(timeConstant: .milliseconds(500))
            ),
            (text: #"{"method": "peak"}"#, estimator: .peak()),
            (text: #"{"method": "peak", "timeConstantSeconds": 5}"#, estimator: .peak(timeConstant: .seconds(5))),
            (
                text: #"{"method": "peak", "timeConstantSeconds": 10, "failurePenaltySeconds": 0.3}"#,
                estimator: .peak(failurePenalty: .milliseconds(300))
            ),
            (text: #"{"method": "ewma", "failurePenaltySeconds": 0}"#, estimator: .ewma(failurePenalty: .zero)),
        ] as [(text: String, estimator: LatencyEstimator)])
    func whatIsLeftOutHasItsDefault(text: String, estimator: LatencyEstimator) throws {
        #expect(try Self.decode(text) == estimator)
    }

    @Test(arguments: [
        "{}",
        #""peak""#,
        #"{"method": "fastest"}"#,
        #"{"method": 3}"#,
        #"{"method": "ewma", "alpha": -0.1}"#,
        #"{"method": "ewma", "alpha": 1.1}"#,
        #"{"method": "ewma", "alpha": "much"}"#,
        #"{"method": "peak", "timeConstantSeconds": -1}"#,
        #"{"method": "peak", "timeConstantSeconds": 1e300}"#,
        #"{"method": "decaying", "timeConstantSeconds": 2e9}"#,
        #"{"method": "peak", "failurePenaltySeconds": -1}"#,
        #"{"method": "ewma", "failurePenaltySeconds": 1e10}"#,
    ])
    func badValuesAreErrors(text: String) {
        #expect(throws: DecodingError.self) { try Self.decode(text) }
    }

    @Test func errorsSayWhatIsWrong() {
        do {
            _ = try Self.decode(#"{"method": "ewma", "alpha": 1.5}"#)
            Issue.record("an alpha of 1.5 was accepted")
        } catch {
            #expect("\(error)".contains("alpha goes from 0 to 1, not 1.5"))
        }
    }

    /// Encoded and decoded again, an estimator is equal to what it was.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func surviveARoundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let time = Duration.microseconds(random.number(in: 1_000...1_000 << random.number(in: 0...30)))
        let penalty = Duration.nanoseconds(random.number(in: 0...1 << random.number(in: 0...40)))
        for estimator in [
            LatencyEstimator.ewma(alpha: Double.random(in: 0...1, using: &random), failurePenalty: penalty),
            .decaying(timeConstant: time, failurePenalty: penalty), .peak(timeConstant: time, failurePenalty: penalty),
        ] {
            let data = try JSONEncoder().encode(estimator)
            let decoded = try JSONDecoder().decode(LatencyEstimator.self, from: data)
            #expect(decoded == estimator, "seed \(seed), \(String(decoding: data, as: UTF8.self))")
        }
    }
}
