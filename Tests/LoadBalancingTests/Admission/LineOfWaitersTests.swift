import Testing

@testable import LoadBalancing

@Suite struct LineOfWaitersTests {
    /// Odd numbers are passed, those from 100 on block.
    @Test(arguments: [
        (stand: [2, 4, 6], leave: [2, 4, 6], stay: []),
        (stand: [1, 2, 3, 4], leave: [2, 4], stay: [1, 3]),
        (stand: [2, 100, 4], leave: [2], stay: [100, 4]),
        (stand: [1, 100, 2], leave: [], stay: [1, 100, 2]),
        (stand: [], leave: [], stay: []),
    ])
    func theFirstThatBlocksEndsTheRound(stand: [Int], leave: [Int], stay: [Int]) {
        var line = LineOfWaiters<Int>()
        for number in stand { line.append(number) }
        var asked: [Int] = []
        line.ask { number in
            asked.append(number)
            return number >= 100 ? .blocks : number % 2 == 1 ? .isPassed : .leaves
        }
        #expect(asked == Array(stand.prefix(1 + (stand.firstIndex { $0 >= 100 } ?? stand.count))))
        #expect(asked.filter { !stay.contains($0) } == leave)
        let count = line.count
        #expect(count == stay.count)
        let rest = line.removeAll()
        #expect(rest == stay)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func theOrderHoldsWhoeverLeaves(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var line = LineOfWaiters<Int>()
        var model: [Int] = []
        for number in 0..<2_000 {
            switch random.next(below: 5) {
            case 0, 1:
                line.append(number)
                model.append(number)
            case 2:
                let most = Int(random.next(below: 4))
                var left = 0
                line.ask { _ in
                    left += 1
                    return left <= most ? .leaves : .blocks
                }
                model.removeFirst(min(most, model.count))
            case 3:
                let wanted = model.randomElement(using: &random) ?? -1
                let gone = line.removeFirst { $0 == wanted }
                #expect(gone == (wanted < 0 ? nil : wanted), "seed \(seed)")
                model.removeAll { $0 == wanted }
            default:
                var seen: [Int] = []
                line.ask { number in
                    seen.append(number)
                    return .isPassed
                }
                #expect(seen == model, "seed \(seed)")
            }
            let (count, places) = (line.count, line.placeCount)
            #expect(count == model.count && places <= 2 * count + 16, "seed \(seed)")
        }
    }
}
