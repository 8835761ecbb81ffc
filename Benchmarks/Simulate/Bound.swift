/// Who knows all queues, and sends each request where it is best at that moment.
enum Bound: String, Codable, Sendable, CaseIterable {
    /// The fewest requests.
    case shortestQueue = "join-the-shortest-queue"
    /// The soonest answer, expected from the queue and the present speed.
    case shortestDelay = "shortest-expected-delay"
    /// The fewest requests, among those that work.
    case shortestWorkingQueue = "join-the-shortest-working-queue"

    /// What the bound likes to be small.
    func cost(of server: any SimulatedServer) -> Double {
        let count = Double(server.inFlight + 1)
        switch self {
        case .shortestQueue: return count
        case .shortestWorkingQueue: return server.isFailing ? .infinity : count
        // As long as a slot is free nobody waits; after that, one slot's part of the work goes before.
        case .shortestDelay: return max(1, count / Double(server.slots)) / server.speed
        }
    }
}
