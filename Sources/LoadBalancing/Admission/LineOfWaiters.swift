/// Those who stand in a line, in the order in which they came: whoever leaves from the front costs nothing, whoever leaves from
/// within leaves a gap.
struct LineOfWaiters<Element> {
    /// What becomes of somebody who is asked.
    enum Decision {
        /// Leaves.
        case leaves
        /// Stays, and lets those behind pass.
        case isPassed
        /// Stays, and so does everybody behind.
        case blocks
    }

    private var places: [Element?] = []
    /// Nobody stands before this place.
    private var head = 0
    private(set) var count = 0

    /// The places that are kept, gaps included: at most twice as many as stand there, and a few.
    var placeCount: Int { places.count }

    mutating func append(_ element: Element) {
        places.append(element)
        count += 1
    }

    /// Asks one after another, from the front, until one blocks the way.
    mutating func ask(_ decide: (Element) -> Decision) {
        var place = head
        asking: while place < places.count {
            if let element = places[place] {
                switch decide(element) {
                case .leaves: vacate(place)
                case .isPassed: break
                case .blocks: break asking
                }
            }
            place += 1
        }
        closeGaps()
    }

    /// Takes the first out that meets a condition.
    mutating func removeFirst(where condition: (Element) -> Bool) -> Element? {
        for place in head..<places.count {
            guard let element = places[place], condition(element) else { continue }
            vacate(place)
            closeGaps()
            return element
        }
        return nil
    }

    /// Takes everybody out, in order.
    mutating func removeAll() -> [Element] {
        defer { self = LineOfWaiters() }
        return places.compactMap { $0 }
    }

    private mutating func vacate(_ place: Int) {
        places[place] = nil
        count -= 1
        if place == head { head += 1 }
    }

    /// Moves everybody up once there are more gaps than people: now and then, so that each pays for one step.
    private mutating func closeGaps() {
        guard places.count > 2 * count + 16 else { return }
        places.removeAll { $0 == nil }
        head = 0
    }
}
