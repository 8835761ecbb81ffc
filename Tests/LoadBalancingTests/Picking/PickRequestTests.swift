import LoadBalancing
import Testing

@Suite struct PickRequestTests {
    @Test func anyIsARequestWithoutProperties() {
        #expect(PickRequest.any == PickRequest())
        #expect(PickRequest.any.keyHash == nil)
        #expect(PickRequest.any.time == nil)
        #expect(PickRequest.any.tried.isEmpty)
        #expect(PickRequest.any.attempt == 0)
    }

    @Test func attemptsAreTheBackendsTried() {
        var request = PickRequest(keyHash: 7)
        for slot in 1...10 as ClosedRange<UInt32> { request.tried.insert(slot) }
        #expect(request.attempt == 10)
        #expect(request.keyHash == 7)
    }

    @Test func atATimeAllElseStays() {
        var tried = TriedBackends()
        tried.insert(3)
        let time = Timestamp(nanoseconds: 9)
        let request = PickRequest(keyHash: 7, tried: tried)
        #expect(request.at(time) == PickRequest(keyHash: 7, time: time, tried: tried))
        #expect(request.time == nil)
    }

    /// A request is passed by value on every pick: a key, a time, and eight numbers with their count.
    @Test func isSmall() {
        #expect(MemoryLayout<PickRequest>.size <= 80)
    }
}
