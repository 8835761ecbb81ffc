import Foundation
import Testing

@testable import LoadBalancing

@Suite struct ResilienceCodableTests {
    private static let off = OutlierDetection(consecutiveFailures: nil, successRate: nil)

    @Test(
        arguments: [
            (json: "{}", value: Resilience()),
            (json: #"{"slowStart": {}}"#, value: Resilience(slowStart: SlowStart())),
            (
                json: #"{"slowStart": {"windowSeconds": 30, "leastFraction": 0.2, "aggression": 2}}"#,
                value: Resilience(slowStart: SlowStart(window: .seconds(30), leastFraction: 0.2, aggression: 2))
            ),
            (
                json: #"{"panicThreshold": 0, "keepsHistograms": true}"#,
                value: Resilience(panicThreshold: 0, keepsHistograms: true)
            ),
            (
                json: #"{"outliers": {"consecutiveFailures": null, "successRate": null}}"#,
                value: Resilience(outliers: off)
            ),
            (
                json: #"{"outliers": {"intervalSeconds": 5, "failurePercentage": {}, "latency": {"factor": 3}}}"#,
                value: Resilience(
                    outliers: OutlierDetection(
                        interval: .seconds(5), failurePercentage: OutlierDetection.FailurePercentage(),
                        latency: OutlierDetection.SlowBackends(factor: 3)))
            ),
            (json: #"{"softDrain": {"tolerance": 3}}"#, value: Resilience(softDrain: SoftDrain(tolerance: 3))),
            (
                json: #"{"healthChecks": {"intervalSeconds": 5, "fall": 2}}"#,
                value: Resilience(healthChecks: HealthChecks(interval: .seconds(5), fall: 2))
            ),
            (
                json: #"{"limits": {"perBackend": 7, "total": null}}"#,
                value: Resilience(limits: ConcurrencyLimits(perBackend: 7, total: nil))
            ),
            (json: #"{"retryBudget": {}}"#, value: Resilience(retryBudget: .share())),
            (json: #"{"retryBudget": {"ratio": 0.5}}"#, value: Resilience(retryBudget: .tokens(ratio: 0.5))),
        ] as [(json: String, value: Resilience)])
    func isRead(json: String, value: Resilience) throws {
        #expect(try JSONDecoder().decode(Resilience.self, from: Data(json.utf8)) == value)
        let again = try JSONDecoder().decode(Resilience.self, from: JSONEncoder().encode(value))
        #expect(again == value)
    }

    @Test func theRecommendedComesBack() throws {
        let data = try JSONEncoder().encode(Resilience.recommended)
        #expect(try JSONDecoder().decode(Resilience.self, from: data) == .recommended)
    }

    @Test(arguments: [
        #"{"slowStart": {"windowSeconds": -1}}"#, #"{"slowStart": {"windowSeconds": 1e10}}"#,
        #"{"healthChecks": {"intervalSeconds": "often"}}"#,
    ])
    func whatIsNoTimeIsRefused(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Resilience.self, from: Data(json.utf8)) }
    }

    /// A rule that is misspelt would be off without anybody noticing.
    @Test(arguments: [
        (json: #"{"slowstart": {}}"#, owner: "resilience", name: "slowstart"),
        (json: #"{"slowStart": {"window": 30}}"#, owner: "slowStart", name: "window"),
        (json: #"{"outliers": {"interval": 5}}"#, owner: "outliers", name: "interval"),
        (json: #"{"outliers": {"successRate": {"factor": 2}}}"#, owner: "successRate", name: "factor"),
        (json: #"{"outliers": {"failurePercentage": {"treshold": 1}}}"#, owner: "failurePercentage", name: "treshold"),
        (json: #"{"outliers": {"latency": {"median": 5}}}"#, owner: "latency", name: "median"),
        (json: #"{"softDrain": {"tolerence": 3}}"#, owner: "softDrain", name: "tolerence"),
        (json: #"{"healthChecks": {"timeout": 3}}"#, owner: "healthChecks", name: "timeout"),
        (json: #"{"limits": {"perHost": 3}}"#, owner: "limits", name: "perHost"),
        (json: #"{"retryBudget": {"percent": 20}}"#, owner: "retryBudget", name: "percent"),
    ])
    func whatThereIsNotIsRefusedByName(json: String, owner: String, name: String) throws {
        let thrown = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Resilience.self, from: Data(json.utf8))
        }
        var underlying: (any Error)?
        if case .dataCorrupted(let context) = thrown { underlying = context.underlyingError }
        let error = try #require(underlying as? UnknownParameterError)
        #expect(error.owner == owner && error.name == name && !error.knownNames.isEmpty)
    }
}
