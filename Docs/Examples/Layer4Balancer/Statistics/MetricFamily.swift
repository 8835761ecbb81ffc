/// All samples of one metric, as Prometheus reads them.
struct MetricFamily {
    enum Kind: String {
        case counter, gauge
    }

    private let name: String
    private let kind: Kind
    private let help: String
    private let samples: [MetricSample]

    init(_ name: String, _ kind: Kind, _ help: String, _ samples: [MetricSample]) {
        self.name = "layer4_\(name)"
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    init(_ name: String, _ kind: Kind, _ help: String, samples: () -> [MetricSample]) {
        self.init(name, kind, help, samples())
    }

    /// Lines; nothing without samples.
    var text: String {
        guard !samples.isEmpty else { return "" }
        let lines = ["# HELP \(name) \(help)", "# TYPE \(name) \(kind.rawValue)"] + samples.map { "\(name)\($0.text)" }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A number and what it is of.
struct MetricSample {
    typealias Label = (name: String, value: String)

    private let labels: [Label]
    private let value: String

    init(_ value: some Numeric, _ labels: Label...) {
        self.init(value, labels)
    }

    init(_ value: some Numeric, _ labels: [Label]) {
        self.labels = labels
        self.value = "\(value)"
    }

    fileprivate var text: String {
        let pairs = labels.map { #"\#($0.name)="\#(Self.escaped($0.value))""# }.joined(separator: ",")
        return pairs.isEmpty ? " \(value)" : "{\(pairs)} \(value)"
    }

    /// Backslashes, quotes and line ends are escaped.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += #"\\"#
            case "\"": result += #"\""#
            case "\n": result += #"\n"#
            default: result.append(character)
            }
        }
        return result
    }
}
