/// nginx's smooth weighted round robin, as straightforward as its description: a score for each server.
struct NginxModel {
    let weights: [Int]
    var scores: [Int]

    init(weights: [Int]) {
        self.weights = weights
        scores = weights.map { _ in 0 }
    }

    mutating func pick() -> Int? {
        var best: Int?
        for index in weights.indices where weights[index] > 0 {
            scores[index] += weights[index]
            if best.map({ scores[index] > scores[$0] }) ?? true { best = index }
        }
        if let best { scores[best] -= weights.reduce(0, +) }
        return best
    }
}
