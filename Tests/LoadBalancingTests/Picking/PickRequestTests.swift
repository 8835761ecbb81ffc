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

    /// A key of 0 and the origin of time are not "none".
    @Test(
        arguments: [
            (keyHash: nil, time: nil), (keyHash: 0, time: 0), (keyHash: .max, time: nil), (keyHash: nil, time: 5),
        ] as [(keyHash: UInt64?, time: UInt64?)])
    func holdsWhatItWasGiven(keyHash: UInt64?, time: UInt64?) {
        let timestamp = time.map { Timestamp(nanoseconds: $0) }
        var request = PickRequest(keyHash: keyHash, time: timestamp)
        #expect(request.keyHash == keyHash)
        #expect(request.time == timestamp)
        request = PickRequest(keyHash: 1, time: Timestamp(nanoseconds: 1))
        request.keyHash = keyHash
        request.time = timestamp
        #expect(request.keyHash == keyHash)
        #expect(request.time == timestamp)
        #expect(request == PickRequest(keyHash: keyHash, time: timestamp))
    }

    /// XXH64 with seed 0 of the UTF-8, the bytes, or the eight bytes of the number, the lowest first.
    @Test func keysAreHashed() {
        #expect(PickRequest.key("user").keyHash == XXH64.hash("user"))
        #expect(PickRequest.key([1, 2, 3]).keyHash == XXH64.hash([1, 2, 3]))
        #expect(PickRequest.key(Array("user".utf8)) == PickRequest.key("user"))
        #expect(PickRequest.key(0x0201 as UInt64) == PickRequest.key([1, 2, 0, 0, 0, 0, 0, 0]))
    }
}
