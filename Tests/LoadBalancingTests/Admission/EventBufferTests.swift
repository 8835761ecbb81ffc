import Testing

@testable import LoadBalancing

@Suite struct EventBufferTests {
    private func event(_ number: Int) -> BalancerEvent {
        BalancerEvent(kind: .shutDown(inFlight: number), time: Timestamp(nanoseconds: UInt64(number)))
    }

    @Test(arguments: [
        (limit: 3, written: 2, read: [0, 1], dropped: 0),
        (limit: 3, written: 3, read: [0, 1, 2], dropped: 0),
        (limit: 3, written: 10, read: [7, 8, 9], dropped: 7),
        (limit: 1, written: 5, read: [4], dropped: 4),
        (limit: 0, written: 5, read: [4], dropped: 4),
    ])
    func theOldestGoWhereThereIsNoRoom(limit: Int, written: Int, read: [Int], dropped: UInt64) {
        let buffer = EventBuffer<BalancerEvent>(limit: limit)
        for number in 0..<written { buffer.add(event(number)) }
        #expect(buffer.takeAll() == read.map(event))
        #expect(buffer.droppedCount == dropped)
        buffer.add(event(99))
        #expect(buffer.takeAll() == [event(99)])
    }

    @Test func aReaderWaitsForTheNext() async {
        let buffer = EventBuffer<BalancerEvent>(limit: 4)
        let reading = Task {
            var seen: [BalancerEvent] = []
            while let event = await buffer.next() { seen.append(event) }
            return seen
        }
        for number in 0..<3 {
            buffer.add(event(number))
            await Task.yield()
        }
        buffer.finish()
        #expect(await reading.value == (0..<3).map(event))
        #expect(await buffer.next() == nil)
    }

    @Test func aCancelledReaderGetsNothing() async {
        let buffer = EventBuffer<BalancerEvent>(limit: 4)
        let reading = Task { await buffer.next() }
        await Task.yield()
        reading.cancel()
        #expect(await reading.value == nil)
        buffer.add(event(1))
        #expect(buffer.takeAll() == [event(1)])
    }

    @Test func aBalancerTellsUpdates() async throws {
        var balancer: LoadBalancer<String>? = try LoadBalancer(
            policy: .roundRobin, backends: LoadBalancer<String>.named("ab"), seed: 1)
        let events = try #require(balancer).events()
        try balancer?.update(LoadBalancer<String>.named("bcd"))
        balancer = nil
        var seen: [BalancerEvent.Kind] = []
        for await event in events { seen.append(event.kind) }
        #expect(seen == [.updated(version: 2, added: ["c", "d"], removed: ["a"])])
    }
}
