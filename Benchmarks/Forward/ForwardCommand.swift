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

              --only dsr,nat       modes of ours (dsr,nat,ipip): \(ServiceMode.allCases.map(\.rawValue).joined(separator: ", "))
              --workers 1,2,4      numbers of workers to compare, with the first mode
              --yardstick FILE     a forwarder in C with the options of `afpacket fwd`, to stand beside each mode that it has
              --pairs N            how often ours, the yardstick and nftables alternate (1); the medians count
              --quick              one run of each, fewer trials
              --json FILE          write all figures as JSON, for Benchmarks/Plots/forward.py
              --help               this text

            It needs root, iproute2, nftables, and iperf3 for connections: apt-get install -y iproute2 nftables iperf3
            The namespaces are removed at the end. The source has one core, the forwarder another; both come before other
            programs of the machine (nice -20), as the kernel's own ways do.

            columns:
              flood      frames of 60 bytes a second that arrive when as many are sent as can be
              lossless   the most a second of which none is lost; ≥ where the source cannot send more, whose core also pays
                         for what the kernel does until a frame lies in a forwarder's ring
              ns/frame   time of the forwarder's threads for a frame, user and kernel, at nine tenths of that
              new/s      frames a second that arrive when each is a flow of its own
              p50, p99   microseconds for a datagram there and back, one at a time
              loaded     the same two while half of the lossless rate passes by
              Gbit/s     one TCP connection of iperf3, offloads on

            lossless is found by trials of a second between rates that are kept and rates that are not, as in RFC 2544, of any
            way alike. Nothing may be lost: a rate is kept if one trial of three loses nothing (of two with --quick), and given
            up if all do. A source that falls behind by more than a millisecond leaves out what is late, which would not be the
            rate that is asked for; a trial in which it sent less than 98 % says nothing, and is done again. The search ends
            when kept and given up are within 2 % (5 %).

            Memory besides the flow table is what the process has allocated less that table, with the rings that the kernel shares,
            for each worker; the code of the program and its libraries is not in it.
            Workers share the cores that the source leaves, which is one where there are two: then they cannot forward more than
            one does, and what counts is that a frame costs them the same. All have the same rate then.
            Ways of the kernel are handled on the forwarder's core (receive packet steering).
            Exit codes: 0 fine (also where a goal is missed), 1 something could not be measured or written, 2 wrong usage.
            """
        }

        /// Everything that was measured.
        private struct Results: Encodable {
            let machine: Machine
            let rows: [ForwardRow]
            let workers: [ForwardWorkersRow]
            let goals: [ForwardGoal]
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
            modes = try arguments.option("--only").map(Self.modes) ?? [.dsr, .nat, .ipip]
            guard let name = try arguments.option("--part") else {
                part = nil
                workers = try arguments.numbers("--workers", in: 1...16) ?? [1, 2, 4]
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

        private static func modes(_ list: String) throws(UsageError) -> [ServiceMode] {
            try list.split(separator: ",", omittingEmptySubsequences: false).map { word throws(UsageError) in
                guard let mode = ServiceMode(rawValue: String(word)) else {
                    let names = ServiceMode.allCases.map(\.rawValue).joined(separator: ", ")
                    throw UsageError(message: "there is no mode \"\(word)\"; use some of \(names)")
                }
                return mode
            }
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
            var measured: [(path: ForwardPath, row: ForwardRow)] = []
            for path in paths {
                progress.show(path.name)
                measured.append((path, try survey.row(path)))
            }
            let rows = measured.map(\.row)
            progress.show("workers")
            let rate = (rows.first?.lossless ?? 0) * 9 / 10 + 1_000
            let shares = try workers.isEmpty ? [] : survey.workers(modes[0], counts: workers, rate: rate)
            progress.clear()
            let goals = ForwardGoal.all(measured, shares)
            let parts = ["$ " + Report.command, rows.text, shares.text, rows.memoryText, goals.text]
            print(parts.filter { !$0.isEmpty }.joined(separator: "\n\n"))
            guard let json else { return }
            try Report.write(Results(machine: .current, rows: rows, workers: shares, goals: goals), to: json)
        }

        /// Ours, the yardstick and the kernel's translation in turns, then the kernel's other ways.
        private var paths: [ForwardPath] {
            let known = modes.flatMap { mode -> [ForwardPath] in
                let hasYardstick = yardstick != nil && [.dsr, .nat, .ipip].contains(mode)
                return [.ours(mode)] + (hasYardstick ? [.yardstick(mode)] : [])
            }
            return (0..<pairs).flatMap { _ in known + [.translation] } + [.route, .bridge]
        }
    }
#endif
