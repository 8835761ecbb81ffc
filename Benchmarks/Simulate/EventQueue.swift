/// Something that will happen in a simulation.
struct Event {
    enum Kind {
        /// `subject` is the server, `detail` the job that it has done.
        case completion
        /// `subject` is the server that shares its processor, `detail` the version of the plan that says so.
        case sharedCompletion
        /// `subject` is the job that is refused.
        case refusal
        /// `subject` is the number of the probe.
        case probeAnswer
        /// `subject` is the number of the change.
        case change
        /// `subject` is the server that is probed, `detail` the balancer that probes.
        case healthCheck
        /// `subject` is the balancer that looks after its rules.
        case tick
    }

    /// Nanoseconds since the simulation began.
    let time: UInt64
    let kind: Kind
    let subject: Int32
    let detail: Int32
    /// Events of one instant happen in the order in which they were planned.
    fileprivate(set) var order: UInt64 = 0

    init(at time: UInt64, _ kind: Kind, subject: Int, detail: Int = 0) {
        self.time = time
        self.kind = kind
        self.subject = Int32(truncatingIfNeeded: subject)
        self.detail = Int32(truncatingIfNeeded: detail)
    }

    fileprivate func isBefore(_ other: Event) -> Bool {
        (time, order) < (other.time, other.order)
    }
}

/// What will happen, the earliest first: a binary heap.
struct EventQueue {
    private var heap: [Event] = []
    private var planned: UInt64 = 0

    /// When the next event happens; `.max` if nothing will.
    var nextTime: UInt64 { heap.first?.time ?? .max }

    mutating func plan(_ event: Event) {
        var event = event
        planned += 1
        event.order = planned
        heap.append(event)
        var place = heap.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            guard event.isBefore(heap[parent]) else { break }
            heap[place] = heap[parent]
            place = parent
        }
        heap[place] = event
    }

    mutating func next() -> Event? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(last) else { break }
            heap[place] = heap[child]
            place = child
        }
        heap[place] = last
        return first
    }
}
