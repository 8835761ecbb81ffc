import Testing

@testable import LoadBalancing

@Suite struct AttemptCourseTests {
    private struct Refused: Error {}

    @Test func aHedgeDoesNotCutShortWhatTheServerAskedFor() throws {
        var course = AttemptCourse<Int>(rules: AttemptRules(attempts: 2, hedgeDelay: .seconds(1)))
        #expect(course.takeStart() == true)
        course.begin()
        let hedge = try #require(course.hedgePause())
        let pause = course.end(with: .failure(Refused()), .failure(.after(.seconds(7))), seed: 1) { true }
        #expect(pause?.length == .seconds(7))
        course.timeIsUp(hedge.number) { true }
        #expect(course.takeStart() == false)
        #expect(!course.isOver)
        course.timeIsUp(pause?.number ?? 0) { true }
        #expect(course.takeStart() == true)
        course.begin()
        #expect(course.hedgePause()?.number == nil)
        _ = course.end(with: .success(1), .success, seed: 1) { true }
        #expect(course.isOver)
        #expect(try course.value() == 1)
    }

    /// One server says when to come again, another says never: there is nothing to wait for.
    @Test func aRefusalForGoodEndsThePause() throws {
        var course = AttemptCourse<Int>(rules: AttemptRules(attempts: 3, hedgeDelay: .seconds(1)))
        for _ in 0..<2 {
            let starts = course.takeStart()
            #expect(starts)
            course.begin()
            course.timeIsUp(try #require(course.hedgePause()).number) { true }
        }
        let hasHedge = course.takeStart()
        #expect(hasHedge)
        let pause = course.end(with: .failure(Refused()), .failure(.after(.seconds(3_600))), seed: 1) { true }
        #expect(pause?.length == .seconds(3_600))
        _ = course.end(with: .failure(Refused()), .failure(.never), seed: 1) { true }
        #expect(course.isOver)
        course.timeIsUp(pause?.number ?? 0) { true }
        let startsAgain = course.takeStart()
        #expect(!startsAgain)
    }

    @Test(arguments: [(retry: 1, draw: 1.0, milliseconds: 25), (2, 1, 50), (5, 1, 250), (9, 0.5, 125), (3, 0, 0)])
    func pausesDouble(retry: Int, draw: Double, milliseconds: Int) {
        #expect(Backoff().pause(before: retry, draw: draw) == .milliseconds(milliseconds))
    }
}
