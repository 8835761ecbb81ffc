import LoadBalancing
import Testing

@testable import PacketForwarding

@Suite struct NeighbourCacheTests {
    private let address = NeighbourCache.Address(address: IPAddress(v4: 0x0A00_0001), interface: 0)
    private let mac = MACAddress(bits: 0x0200_0000_0001)
    private let other = MACAddress(bits: 0x0200_0000_0002)

    private func at(_ seconds: Double) -> Timestamp { Timestamp(nanoseconds: UInt64(seconds * 1e9)) }

    private func isNews(_ mac: MACAddress, at seconds: Double, to cache: inout NeighbourCache) -> Bool {
        cache.note(address, is: mac, at: at(seconds))
    }

    @Test func asksAllEverySecondUntilSomebodyAnswers() {
        var cache = NeighbourCache()
        cache.need([address], at: at(0))
        var asked: [Double] = []
        for tenth in 0..<35 {
            let now = Double(tenth) / 10
            for question in cache.takeQuestions(at: at(now)) {
                #expect(question == NeighbourCache.Question(address: address, station: nil))
                asked.append(now)
            }
        }
        #expect(asked == [0, 1, 2, 3])
    }

    /// A station that a packet was for is asked for three times; the next packet has it asked for again.
    @Test func asksAFewTimesForAStationThatAPacketWasFor() {
        var cache = NeighbourCache()
        var asked: [Int] = []
        for second in 0..<20 {
            if second == 0 || second == 1 || second == 10 { cache.want(address, at: at(Double(second))) }
            if second == 11 { #expect(isNews(mac, at: 11, to: &cache)) }
            asked += cache.takeQuestions(at: at(Double(second))).map { _ in second }
        }
        #expect(asked == [0, 1, 2, 10])
        #expect(cache.stations.map(\.mac) == [mac])
    }

    @Test func asksTheStationItKnowsBeforeItAsksAll() {
        var cache = NeighbourCache()
        cache.need([address], at: at(0))
        #expect(isNews(mac, at: 0, to: &cache))
        var stations: [MACAddress?] = []
        for second in 1...35 {
            stations += cache.takeQuestions(at: at(Double(second))).map(\.station)
        }
        // Thirty seconds of trust, then a question a second; the first three to the station alone.
        #expect(stations == [mac, mac, mac, nil, nil, nil])
        #expect(cache.stations.map(\.mac) == [mac], "a station that is silent is still known")
    }

    @Test(
        arguments: [
            (0x0200_0000_0001, false), (0x0200_0000_0002, true),
            // A group, and nobody: neither can have an address.
            (0x0100_0000_0002, false), (0, false),
        ] as [(UInt64, Bool)])
    func tellsNewsFromWhatItKnows(bits: UInt64, isNews: Bool) {
        var cache = NeighbourCache()
        #expect(self.isNews(mac, at: 0, to: &cache))
        let told = self.isNews(MACAddress(bits: bits), at: 1, to: &cache)
        #expect(told == isNews)
    }

    @Test func doesNotAskForThoseThatAreNoLongerNeeded() {
        var cache = NeighbourCache()
        cache.need([address], at: at(0))
        cache.need([], at: at(0))
        let questions = cache.takeQuestions(at: at(1))
        #expect(questions.isEmpty)
    }

    @Test func strangersDoNotFillTheMemory() {
        var cache = NeighbourCache()
        for number in 0..<UInt32(2 * NeighbourCache.strangers) {
            let stranger = NeighbourCache.Address(address: IPAddress(v4: 0x0A00_0000 + number), interface: 0)
            _ = cache.note(stranger, is: mac, at: at(0))
        }
        #expect(cache.stations.count == NeighbourCache.strangers)
        cache.need([address], at: at(1))
        #expect(isNews(other, at: 1, to: &cache), "who is needed has room")
    }

    @Test func strangersWhoAreSilentForLongMakeRoom() {
        var cache = NeighbourCache()
        func note(_ number: UInt32, at seconds: Double) -> Bool {
            let stranger = NeighbourCache.Address(address: IPAddress(v4: 0x0A01_0000 + number), interface: 0)
            return cache.note(stranger, is: mac, at: at(seconds))
        }
        cache.need([address], at: at(0))
        #expect(isNews(mac, at: 0, to: &cache))
        for number in 0..<UInt32(NeighbourCache.strangers) { #expect(note(number, at: 0)) }
        #expect(!note(5_000, at: 1))
        #expect(!note(7, at: 500), "who talks is no news, and remembered")
        #expect(!note(5_000, at: 620))
        #expect(note(5_000, at: 640))
        #expect(Set(cache.stations.map(\.address.address.v4Bits)).isSuperset(of: [0x0A01_0007, 0x0A01_0000 + 5_000]))
        #expect(cache.stations.count == 3)
    }
}
