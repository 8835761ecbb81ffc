#if os(Linux)
    import Foundation
    import PacketForwarding

    /// `Benchmarks forward`: the forwarder between real hosts.
    struct ForwardCommand: Subcommand {
        static let name = "forward"
        static let summary = "packets a second between namespaces, beside the kernel's own ways; as root"

        static var help: String {
            """
            Measures the forwarder between a client, a balancer and a backend in network namespaces of this machine, beside the
            kernel's routing, nftables DNAT with connection tracking, and a bridge in the same namespaces.

            usage: Benchmarks forward [options]

              --only MODE          one mode of ours: dsr, nat, ipip, full-nat, gre, gue
              --workers 1,2        numbers of workers for dsr (1,2)
              --yardstick FILE     a forwarder in C with the options of `afpacket fwd`, to stand beside each mode that it has
              --pairs N            how often ours and the yardstick alternate (1); the medians count
              --quick              one run of each, fewer steps
              --json FILE          write all figures as JSON
              --help               this text

            It needs root, iproute2, nftables, and iperf3 for connections: apt-get install -y iproute2 nftables iperf3
            The namespaces are removed at the end. The source has one core, the forwarder another.

            columns:
              flood      frames of 60 bytes a second that arrive when as many are sent as can be
              lossless   the most a second of which one in a thousand at most is lost
              ns/frame   time of the forwarder's threads for a frame, user and kernel, at nine tenths of that
              new/s      frames a second that arrive when each is a flow of its own
              p50, p99   microseconds for a datagram there and back, one at a time
              loaded     the same two while half of the lossless rate passes by
              Gbit/s     one TCP connection of iperf3, offloads on
              MB         memory of the forwarder, its flow table included

            Ways of the kernel are handled on the forwarder's core (receive packet steering).
            Exit codes: 0 fine, 1 something could not be measured or written, 2 wrong usage.
            """
        }

        /// Everything that was measured.
        private struct Results: Encodable {
            let machine: Machine
            let rows: [ForwardRow]
        }

        private let part: (ForwardPart, Arguments)?
        private let modes: [ServiceMode]
        private let workers: [Int]
        private let yardstick: String?
        private let pairs: Int
        private let isQuick: Bool
        private let json: String?

        init(_ arguments: inout Arguments) throws {
            isQuick = arguments.flag("--quick")
            json = try arguments.option("--json")
            yardstick = try arguments.option("--yardstick")
            pairs = try arguments.numbers("--pairs", in: 1...20)?.first ?? 1
            if let only = try arguments.option("--only") {
                guard let mode = ServiceMode(rawValue: only) else {
                    let names = ServiceMode.allCases.map(\.rawValue).joined(separator: ", ")
                    throw UsageError(message: "there is no mode \"\(only)\"; use one of \(names)")
                }
                modes = [mode]
            } else {
                modes = [.dsr, .nat, .ipip]
            }
            guard let name = try arguments.option("--part") else {
                part = nil
                workers = try arguments.numbers("--workers", in: 1...16) ?? [1, 2]
                return
            }
            guard let part = ForwardPart(rawValue: name) else {
                throw UsageError(message: "there is no part \"\(name)\"")
            }
            // What is left belongs to the part.
            self.part = (part, arguments)
            arguments = Arguments([])
            workers = []
        }

        func run() throws {
            if let (part, arguments) = part {
                var arguments = arguments
                return try ForwardPart.run(part, &arguments)
            }
            guard geteuid() == 0 else { throw CommandFailure(message: "namespaces need root", code: 1) }
            Interruption.listen()
            let lab = try ForwardLab()
            defer { lab.remove() }
            let hasIperf = (try? Shell.run("command -v iperf3")) != nil
            let survey = ForwardSurvey(lab: lab, isQuick: isQuick, yardstick: yardstick, hasIperf: hasIperf)
            let progress = Progress()
            var rows: [ForwardRow] = []
            for path in paths {
                progress.show(path.name)
                rows.append(try survey.row(path))
            }
            progress.clear()
            print("$ \(Report.command)\n\n\(rows.text)")
            guard let json else { return }
            try Report.write(Results(machine: .current, rows: rows), to: json)
        }

        /// Ours and the yardstick's in turns, then the kernel's.
        private var paths: [ForwardPath] {
            var paths: [ForwardPath] = []
            for mode in modes {
                for _ in 0..<pairs {
                    paths.append(.ours(mode, workers: 1))
                    if yardstick != nil, [.dsr, .nat, .ipip].contains(mode) { paths.append(.yardstick(mode)) }
                }
            }
            paths += workers.filter { $0 > 1 }.map { .ours(modes[0], workers: $0) }
            return paths + [.route, .translation, .bridge]
        }
    }

    extension [ForwardRow] {
        /// A readable table.
        var text: String {
            var table = Table([
                "60-byte frames", "flood", "lossless", "ns/frame", "new/s", "p50", "p99", "loaded", "p99", "Gbit/s",
                "MB",
            ])
            for row in self {
                table.add([
                    row.name, row.flood.map { Int($0.median).grouped } ?? "–", row.lossless?.grouped ?? "–",
                    row.nanoseconds?.short ?? "–", row.newFlows?.grouped ?? "–", row.idle?[0].short ?? "–",
                    row.idle?[1].short ?? "–", row.loaded?[0].short ?? "–", row.loaded?[1].short ?? "–",
                    row.gigabits?.cell ?? "–", row.residentBytes.map { ($0 >> 20).grouped } ?? "–",
                ])
            }
            return table.text
        }
    }
#endif
