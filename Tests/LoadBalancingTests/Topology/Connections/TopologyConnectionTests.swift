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
        #expect(set.endStream(on: "b", keepsAlive: false, at: Self.time(63)) == true)
        #expect(set.closed("b") == 0)
        #expect(set.closed("a") == 0)
        #expect(set.count == 0)
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
        #expect(set.drain(1) == false)
        // A successor may be opened at once.
        #expect(set.takeStream(at: Self.time(0)) == .connect)
        set.opened(2, streamLimit: 100, at: Self.time(0))
        #expect(set.takeStream(at: Self.time(0)) == .reuse(2))
        #expect(set.endStream(on: 1, at: Self.time(0)) == false)
        #expect(set.endStream(on: 1, at: Self.time(0)) == true)
        var idle = ConnectionSet<Int>()
        idle.opened(1, streamLimit: 1, at: Self.time(0))
        #expect(idle.drain(1) == true)
    }

    @Test func connectionsGrowOld() {
        var set = ConnectionSet<Int>(connectionLimit: 2, lifetime: .seconds(10))
        set.opened(1, streamLimit: 9, at: Self.time(0))
        #expect(set.takeStream(at: Self.time(9)) == .reuse(1))
        #expect(set.takeStream(at: Self.time(10)) == .connect)
        #expect(set.endStream(on: 1, at: Self.time(11)) == true)
    }

    /// Requests that come at once to a backend that nobody is connected to, and how many dial.
    @Test(arguments: [
        (requests: 8, expected: 1, told: true, dials: 8), (8, 1, false, 8), (8, 100, true, 1), (8, 100, false, 1),
        (250, 100, true, 3), (250, 100, false, 1), (100, 100, true, 1), (101, 100, true, 2), (9, 2, true, 5),
        (9, 0, true, 9), (90, 2, true, 20), (3, .max, true, 1),
    ])
    func aBurstOpensWhatItNeeds(requests: Int, expected: Int, told: Bool, dials: Int) {
        var set = ConnectionSet<Int>(connectionLimit: 20, expectedStreamLimit: expected)
        var choices: [ConnectionSet<Int>.Choice] = []
        for number in 0..<requests {
            choices.append(set.takeStream(at: Self.time(0), waiting: told ? number : nil))
        }
        #expect(choices.count { $0 == .connect } == dials)
        #expect(choices.allSatisfy { $0 != .reuse(0) })
        #expect(set.openingCount == dials)
    }

    @Test func whoWaitedForOneThatCouldNotBeOpenedOpensAnother() {
        var set = ConnectionSet<Int>(expectedStreamLimit: 100)
        func take(waiting: Int) -> ConnectionSet<Int>.Choice { set.takeStream(at: Self.time(0), waiting: waiting) }
        #expect(take(waiting: 0) == .connect)
        #expect(take(waiting: 1) == .wait)
        // Asking again changes nothing.
        #expect(take(waiting: 1) == .wait)
        set.failedToOpen()
        #expect(take(waiting: 1) == .connect)
        // The peer allows less than was expected: who is left over opens another.
        set.opened(1, streamLimit: 1, at: Self.time(0))
        #expect(take(waiting: 1) == .reuse(1))
        #expect(take(waiting: 0) == .connect)
    }

    /// A pool at work, where requests come and end and connections are opened or not: all are served, nothing is
    /// dialled for whom there was room, and the peer's limit holds.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func aPoolServesAllAndDialsNoMore(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limit = 1 + Int(random.next(below: 5))
        var set = ConnectionSet<Int>(connectionLimit: 3, expectedStreamLimit: limit)
        var (queue, streams, dialled, served) = (0, [Int](), 0, 0)
        for second in 0..<800 as Range<UInt64> {
            let now = Self.time(second)
            switch random.next(below: 4) {
            case 0 where second < 200: queue += 1 + Int(random.next(below: 4))
            case 1 where set.openingCount > 0:
                set.opened(dialled, streamLimit: limit, at: now)
                dialled += 1
            case 2 where set.openingCount > 0 && second < 200: set.failedToOpen()
            default:
                guard let stream = streams.popLast() else { break }
                let isClosed = set.endStream(on: stream, at: now)
                #expect(!isClosed, "seed \(seed)")
            }
            // All who wait ask, again and again.
            for _ in 0..<queue {
                let (others, room) = (queue - 1, set.openingCount * limit)
                switch set.takeStream(at: now, waiting: others) {
                case .reuse(let connection):
                    queue -= 1
                    served += 1
                    streams.append(connection)
                    #expect(set.streamCount(of: connection) <= limit, "seed \(seed)")
                case .connect: #expect(others >= room, "seed \(seed)")
                case .wait: continue
                }
            }
            #expect(set.count + set.openingCount <= 3, "seed \(seed)")
            #expect(queue == 0 || set.openingCount > 0 || set.count == 3, "seed \(seed): nobody dials")
        }
        #expect(queue == 0 && served > 0, "seed \(seed)")
    }
}
