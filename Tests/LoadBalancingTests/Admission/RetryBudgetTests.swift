import Testing

@testable import LoadBalancing

@Suite struct RetryBudgetTests {
    private let time = ManualTime()

    /// gRFC A6: a failure takes a token out, and there are retries while more than half are left.
    @Test func halfOfTheTokensAreRetries() {
        let allowance = RetryAllowance(.tokens(maximum: 10, ratio: 0.125))
        var retries = 0
        for _ in 0..<20 {
            allowance.attemptEnded(.failure)
            if allowance.takeRetry(at: { time.now }) { retries += 1 }
        }
        #expect(retries == 4, "9, 8, 7 and 6 are more than 5")
        // At 0 now: 40 successes make 5, one more is more than half.
        for _ in 0..<40 { allowance.attemptEnded(.success) }
        #expect(!allowance.takeRetry(at: { time.now }))
        allowance.attemptEnded(.cancelled)
        #expect(!allowance.takeRetry(at: { time.now }))
        allowance.attemptEnded(.success)
        #expect(allowance.takeRetry(at: { time.now }))
        for _ in 0..<1_000 { allowance.attemptEnded(.success) }
        for _ in 0..<4 { allowance.attemptEnded(.failure) }
        #expect(allowance.takeRetry(at: { time.now }), "no more than 10 are kept, and 6 are left")
        allowance.attemptEnded(.failure)
        #expect(!allowance.takeRetry(at: { time.now }))
    }

    /// Finagle's: 20 % of the requests of 10 s, and 10 a second.
    @Test func retriesAreAShareOfTheRequests() {
        let allowance = RetryAllowance(.share())
        func retries() -> Int { (0..<1_000).count { _ in allowance.takeRetry(at: { time.now }) } }
        #expect(retries() == 100, "10 a second over 10 s need no requests")
        for _ in 0..<1_000 { allowance.requestBegan(at: { time.now }) }
        #expect(retries() == 200)
        time.advance(by: .seconds(8))
        #expect(retries() == 0)
        time.advance(by: .seconds(3))
        #expect(retries() == 100, "what is older than the window is forgotten")
    }

    /// Three attempts each on backends that all fail: without a budget 3 times the work, with one hardly more than once.
    @Test func aSickPoolIsNotAskedThreeTimes() async throws {
        func attempts(_ budget: RetryBudget?) async throws -> Int {
            let balancer = try LoadBalancer(
                policy: .roundRobin, backends: LoadBalancer<String>.named("abc"),
                resilience: Resilience(retryBudget: budget), time: .manual(ManualTime()), seed: 1)
            for _ in 0..<1_000 {
                try await balancer.withBackend(attempts: 3) { _ async in
                } classify: { _ in
                    .failure
                }
            }
            return balancer.snapshot().outcomes.failures
        }
        let (none, tokens) = (try await attempts(nil), try await attempts(.tokens()))
        // Ten tokens: 9, 8, then 6 are more than 5; 7 comes when all attempts are used.
        #expect(none == 3_000 && tokens == 1_003)
        // 100 for the window, and one for five requests.
        let (share, nothing) = (try await attempts(.share()), try await attempts(.share(0, minimumPerSecond: 0)))
        #expect(share == 1_300 && nothing == 1_000)
    }
}
