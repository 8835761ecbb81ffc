import Foundation
import PacketForwarding

/// An input to begin with: a case of the packet engine's vectors.
struct Seed {
    let name: String
    let bytes: [UInt8]

    /// What the vectors say, as far as a script needs it.
    struct Case: Decodable {
        let name: String
        let config: ForwardingConfiguration
        fileprivate let steps: [Step]
    }

    fileprivate struct Step: Decodable {
        struct Control: Decodable {
            let drain: String?
            let down: String?
            let up: String?
            let weight: [String: Int]?
        }

        let at: Double
        let interface: String?
        let `in`: String?
        let control: Control?
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../BenchmarksTests/PacketVectors").standardized

    private static let files: [(name: String, cases: [Case])] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { name in
            do {
                let data = try Data(contentsOf: folder.appending(path: name))
                return (name, try JSONDecoder().decode([Case].self, from: data))
            } catch {
                fatalError("\(name) cannot be read: \(error)")
            }
        }
    }()

    /// All cases, in the order of their files; scripts name them by their position.
    static let cases: [Case] = {
        let cases = files.flatMap(\.cases)
        // Without them every input would pass.
        guard !cases.isEmpty else { fatalError("no vectors in \(folder.path); fuzz where the package was built") }
        return cases
    }()

    /// All cases as scripts, and some of them with their frames in batches.
    static func all() throws -> [Seed] {
        var number: UInt8 = 0
        return files.flatMap { file in
            file.cases.enumerated().flatMap { index, vector in
                defer { number &+= 1 }
                let script = EngineScript(configuration: number, shape: 0, steps: vector.script)
                let batched = EngineScript(configuration: number, shape: 0, steps: vector.script.inBatches)
                let name = "\(file.name.dropLast(5))-\(index)"
                let isWorthIt = index % 4 == 0 && batched.steps.contains { if case .batch = $0 { true } else { false } }
                return [Seed(name: name, bytes: script.bytes)]
                    + (isWorthIt ? [Seed(name: name + "-batch", bytes: batched.bytes)] : [])
            }
        }
    }
}

extension Seed.Case {
    /// The steps with the pauses between them.
    fileprivate var script: [EngineStep] {
        let backends = config.backendPaths
        var now = 0.0
        return steps.flatMap { step -> [EngineStep] in
            let pause = Pause(milliseconds: UInt64(((step.at - now) * 1_000).rounded()))
            now = step.at
            return (pause.bits == 0 ? [] : [.pause(pause)]) + step.events(config, backends)
        }
    }
}

extension [EngineStep] {
    /// The same steps, where frames within seconds come together.
    fileprivate var inBatches: [EngineStep] {
        let close = filter { if case .pause(let pause) = $0 { pause.milliseconds >= 5_000 } else { true } }
        var steps: [EngineStep] = []
        for (index, step) in close.enumerated() {
            let isFirst = step.isFrame && (index == 0 || !close[index - 1].isFrame)
            if isFirst, index + 1 < close.count, close[index + 1].isFrame { steps.append(.batch(size: 40)) }
            steps.append(step)
        }
        return steps
    }
}

extension EngineStep {
    fileprivate var isFrame: Bool { if case .frame = self { true } else { false } }
}

extension Seed.Step {
    fileprivate func events(_ configuration: ForwardingConfiguration, _ backends: [BackendPath]) -> [EngineStep] {
        func number(_ path: String) -> UInt8 {
            UInt8(truncatingIfNeeded: backends.firstIndex { "\($0.service)/\($0.backend)" == path } ?? 0)
        }
        if let text = `in` {
            let interface = configuration.interfaces.firstIndex { $0.name == self.interface } ?? 0
            let digits = text.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
            let bytes = stride(from: 1, to: digits.count, by: 2).map { digits[$0 - 1] << 4 | digits[$0] }
            var arrival = FrameArrival(interface: UInt8(truncatingIfNeeded: interface), bytes)
            arrival.isRaw = false
            arrival.isRaw = PlainFrame(arrival).bytes != bytes
            return [.frame(arrival)]
        }
        if let path = control?.drain { return [.state(.draining, backend: number(path))] }
        if let path = control?.down { return [.state(.down, backend: number(path))] }
        if let path = control?.up { return [.state(.up, backend: number(path))] }
        return (control?.weight ?? [:]).sorted { $0.key < $1.key }.map { path, weight in
            .weight(UInt8(clamping: weight), backend: number(path))
        }
    }
}

extension ForwardingConfiguration {
    /// All backends, each with the name of its service.
    var backendPaths: [BackendPath] {
        services.flatMap { service in service.backends.map { BackendPath(service.name, $0.name) } }
    }
}
