import Testing

@testable import LoadBalancing

@Suite struct TopologyConnectionTests {
    private static func time(_ seconds: UInt64) -> Timestamp { Timestamp(nanoseconds: (seconds + 1) * 1_000_000_000) }

    @Test func oneStreamAtATimeOnPlainConnections() {
        var set = ConnectionSet<String>(connectionLimit: 2)
        #expect(set.takeStream(at: Self.time(0)) == .connect)
        set.opened("a", streamLimit: 1, at: Self.time(0))
        #expect(set.takeStream(at: Self.time(0)) == .reuse("a"))
        #expect(set.takeStream(at: Self.time(0)) == .connect)
        #expect(set.takeStream(at: Self.time(0)) == .wait)
        set.failedToOpen()
        #expect(set.takeStream(at: Self.time(0)) == .connect)
        set.opened("b", streamLimit: 1, at: Self.time(0))
        #expect(set.takeStream(at: Self.time(1)) == .reuse("b"))
        #expect(set.endStream(on: "a", at: Self.time(2)) == false)
        #expect(set.endStream(on: "b", at: Self.time(3)) == false)
        // The one used last, so that the other grows idle.
        #expect(set.takeStream(at: Self.time(4)) == .reuse("b"))
        #expect(set.idle(at: Self.time(62)) == ["a"])
        #expect(set.endStream(on: "b", keepsAlive: false, at: Self.time(63)))
        #expect(set.closed("b") == 0 && set.closed("a") == 0 && set.count == 0)
    }

    @Test func manyStreamsOnOneConnectionUntilItIsFull() {
        var set = ConnectionSet<Int>(connectionLimit: 2)
        set.opened(1, streamLimit: 3, at: Self.time(0))
        for _ in 0..<3 { #expect(set.takeStream(at: Self.time(0)) == .reuse(1)) }
        #expect(set.takeStream(at: Self.time(0)) == .connect)
        set.setStreamLimit(4, of: 1)
        #expect(set.takeStream(at: Self.time(0)) == .reuse(1))
        set.setStreamLimit(0, of: 1)
        #expect(set.endStream(on: 1, at: Self.time(0)) == false)
        #expect(set.takeStream(at: Self.time(0)) == .wait)
        #expect(set.streamCount(of: 1) == 3)
        #expect(set.closed(1) == 3)
        #expect(set.endStream(on: 1, at: Self.time(0)) == false)
    }

    @Test func creditCountsAllStreamsEver() {
        var set = ConnectionSet<Int>(connectionLimit: 1)
        set.opened(1, streamLimit: 100, at: Self.time(0))
        set.setStreamCredit(2, of: 1)
        for _ in 0..<2 {
            #expect(set.takeStream(at: Self.time(0)) == .reuse(1))
            _ = set.endStream(on: 1, at: Self.time(0))
        }
        #expect(set.takeStream(at: Self.time(0)) == .wait)
        set.setStreamCredit(1, of: 1)
        #expect(set.takeStream(at: Self.time(0)) == .wait)
        set.setStreamCredit(3, of: 1)
        #expect(set.takeStream(at: Self.time(0)) == .reuse(1))
    }

    @Test func goingAwayEndsWithTheLastStream() {
        var set = ConnectionSet<Int>(connectionLimit: 1)
        set.opened(1, streamLimit: 100, at: Self.time(0))
        for _ in 0..<2 { _ = set.takeStream(at: Self.time(0)) }
        #expect(!set.drain(1))
        // A successor may be opened at once.
        #expect(set.takeStream(at: Self.time(0)) == .connect)
        set.opened(2, streamLimit: 100, at: Self.time(0))
        #expect(set.takeStream(at: Self.time(0)) == .reuse(2))
        #expect(!set.endStream(on: 1, at: Self.time(0)))
        #expect(set.endStream(on: 1, at: Self.time(0)))
        var idle = ConnectionSet<Int>()
        idle.opened(1, streamLimit: 1, at: Self.time(0))
        #expect(idle.drain(1))
    }

    @Test func connectionsGrowOld() {
        var set = ConnectionSet<Int>(connectionLimit: 2, lifetime: .seconds(10))
        set.opened(1, streamLimit: 9, at: Self.time(0))
        #expect(set.takeStream(at: Self.time(9)) == .reuse(1))
        #expect(set.takeStream(at: Self.time(10)) == .connect)
        #expect(set.endStream(on: 1, at: Self.time(11)))
    }
}
