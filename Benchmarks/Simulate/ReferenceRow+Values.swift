extension ReferenceRow {
    /// What an independent simulation found, mean of three seeds; random is what theory says of M/M/4, and of tower's comparison
    /// the published figures where there are any.
    ///
    /// Its least connections draws among the equally loaded. Its least response time takes a server that has not been measured for
    /// one that takes no time, where ours waits for the first answer: with 20 balancers and 100 servers, of which each pair has ten
    /// answers in all, that is 0.6 ms of the median, and it herds onto a newcomer.
    static let all: [ReferenceRow] =
        latencies + tails + tower + grayFailure + fastFailure + coldStart(slowStart: false) + coldStart(slowStart: true)

    /// Median and 99th percentile.
    private static let latencies: [ReferenceRow] =
        latencies(
            .uniform, "8 balancers",
            [
                ("random", 22, 112), ("round-robin", 16, 76), ("least-connections-scan", 10.8, 51.0),
                ("power-of-two-choices", 13.2, 55.7), ("peak-ewma", 13.2, 55.7), ("least-response-time", 10.6, 51.1),
                ("c3", 10.0, 50.3), ("prequal", 12.5, 54.3), ("join-the-shortest-queue", 8.3, 47.7),
            ])
        + latencies(
            .uniform, "1 balancer",
            [
                ("random", 23, 121.9), ("round-robin", 16, 79), ("least-connections-scan", 8.4, 47.9),
                ("power-of-two-choices", 10.2, 50.6), ("peak-ewma", 10.5, 51.2), ("least-response-time", 9.5, 49.4),
                ("c3", 9.1, 49.0), ("prequal", 11.3, 51.7), ("join-the-shortest-queue", 8.4, 47.9),
            ])
        + latencies(
            .uniform, "log-normal",
            [
                ("random", 24, 168), ("round-robin", 17, 123), ("least-connections-scan", 9.9, 66.9),
                ("power-of-two-choices", 12.1, 71.4), ("peak-ewma", 12.7, 72.1), ("least-response-time", 9.9, 67.0),
                ("c3", 8.9, 65.1), ("prequal", 11.3, 69.2), ("join-the-shortest-queue", 7.5, 64.5),
            ])
        + latencies(
            .uniform, "bimodal",
            [
                ("random", 33, 295), ("round-robin", 31, 249), ("least-connections-scan", 7.0, 113),
                ("power-of-two-choices", 9.5, 124), ("peak-ewma", 9.5, 124), ("least-response-time", 8.8, 116),
                ("c3", 6.5, 111), ("prequal", 7.0, 112), ("join-the-shortest-queue", 5.0, 108),
            ])
        + latencies(
            .uniform, "processor sharing",
            [
                ("random", 15, 193), ("round-robin", 12, 133), ("least-connections-scan", 9.2, 66.0),
                ("power-of-two-choices", 10.5, 82.0), ("peak-ewma", 10.5, 83), ("least-response-time", 8.9, 63.5),
                ("c3", 8.5, 58.7), ("prequal", 12.0, 85.9), ("join-the-shortest-queue", 7.7, 54.4),
            ])
        + latencies(
            .manyBalancers, "20 balancers",
            [
                ("random", 22, 129), ("round-robin", 17, 75), ("least-connections-scan", 13.5, 55.6),
                ("power-of-two-choices", 14.7, 59.1), ("peak-ewma", 15.0, 59.5), ("least-response-time", 9.8, 49.4),
                ("c3", 8.4, 47.5), ("prequal", 14.8, 55.9), ("join-the-shortest-queue", 6.9, 46.0),
            ])
        + latencies(
            .mixedSpeeds, "load 0.9",
            [
                ("least-connections-scan", 3.6, 27.6), ("power-of-two-choices", 5.3, 40.9), ("peak-ewma", 4.7, 26.3),
                ("least-response-time", 4.0, 21.6), ("c3", 3.3, 23.6), ("prequal", 4.7, 24.4),
                ("shortest-expected-delay", 5.2, 20.6),
            ])
        + latencies(
            .mixedSpeeds, "load 0.7",
            [
                ("least-connections-scan", 2.7, 24.7), ("power-of-two-choices", 3.4, 30.4), ("peak-ewma", 3.0, 22.9),
                ("least-response-time", 2.8, 17.1), ("c3", 2.6, 21.4), ("prequal", 3.1, 20.3),
                ("shortest-expected-delay", 2.9, 15.7),
            ])

    private static func latencies(
        _ scenario: Scenario, _ setup: String, _ table: [(policy: String, p50: Double, p99: Double)]
    ) -> [ReferenceRow] {
        table.flatMap { values in
            rows(scenario, setup, values.policy, [(.p50, values.p50), (.p99, values.p99)])
        }
    }

    /// 99.9th percentile, and the most requests on one server.
    private static let tails: [ReferenceRow] =
        tails(
            .uniform, "8 balancers",
            [
                ("round-robin", 105, 45), ("least-connections-scan", 75, 15), ("power-of-two-choices", 79, 20),
                ("c3", 73, 14), ("prequal", 76, 20), ("join-the-shortest-queue", 70, 10),
            ])
        + tails(
            .manyBalancers, "20 balancers",
            [("power-of-two-choices", 83, 23), ("c3", 71, 9), ("join-the-shortest-queue", 69, 5)])

    private static func tails(
        _ scenario: Scenario, _ setup: String, _ table: [(policy: String, p999: Double, mostInFlight: Double)]
    ) -> [ReferenceRow] {
        table.flatMap { values in
            rows(scenario, setup, values.policy, [(.p999, values.p999), (.mostInFlight, values.mostInFlight)])
        }
    }

    /// Published are those of round robin, two choices and peak EWMA, the last with an average that its readings mutate.
    private static let tower: [ReferenceRow] = [
        ("round-robin", 9, 906, 988, 72), ("power-of-two-choices", 5, 98, 857, 18), ("peak-ewma", 5, 96, 105, 15),
        ("least-connections-scan", 0.7, 67, 99, 4.0), ("least-response-time", 0.5, 7.9, 45, 1.0),
        ("c3", 0.6, 9.9, 94, 2.1), ("prequal", 1.6, 92, 828, 9.3), ("shortest-expected-delay", 0.5, 1.0, 1.0, 0.5),
    ].flatMap { (policy: String, p50: Double, p99: Double, p999: Double, wall: Double) in
        rows(.tower, "closed loop", policy, [(.p50, p50), (.p99, p99), (.p999, p999), (.wall, wall)])
    }

    private static let grayFailure: [ReferenceRow] = [
        ("least-connections-scan", 7.5, 60, 59.3, 549, 0), ("power-of-two-choices", 7.5, 140, 62.8, 875, 33),
        // With an average that its readings do not mutate.
        ("peak-ewma", 0.9, 90, 50.7, 83, .infinity), ("least-response-time", 0.1, 50, 47.1, 72, .infinity),
        ("c3", 3.8, 40, 50.0, 282, 300), ("prequal", 3.1, 60, 52.4, 279, 1_470),
        ("shortest-expected-delay", 0.0, 0, 46.4, 70, 0),
    ].flatMap { (policy: String, share: Double, avoided: Double, p99: Double, p999: Double, back: Double) in
        rows(
            .grayFailure, "1/20 of the speed", policy,
            [(.share, share), (.avoided, avoided), (.p99, p99), (.p999, p999), (.back, back)])
    }

    /// Prequal's errors hang on how long the failing server took for the last nine requests that found it nearly idle, which is
    /// what it answers to probes from then on: one draw a period.
    private static let fastFailure: [ReferenceRow] = [
        ("random", 10.0, .infinity, 0), ("round-robin", 10.0, .infinity, 0),
        ("least-connections-scan", 25.5, .infinity, 0), ("power-of-two-choices", 15.6, .infinity, 0),
        ("power-of-two-choices+outliers", 0.074, 80, 19_800), ("peak-ewma-no-penalty", 18.9, .infinity, 0),
        ("peak-ewma", 0.014, 20, 27_800), ("least-response-time-no-penalty", 64.5, .infinity, 5_300),
        ("c3", 98.7, .infinity, 0), ("prequal", 13.0, .infinity, 0), ("join-the-shortest-queue", 64, .infinity, 0),
    ].flatMap { (policy: String, errors: Double, avoided: Double, back: Double) in
        rows(.fastFailure, "errors in 0.1 ms", policy, [(.errors, errors), (.avoided, avoided), (.back, back)])
    }

    /// Without slow start also the most requests on the newcomer, and when it is back after it is warm.
    ///
    /// With slow start, a small share of a load of "in flight + 1" got a newcomer nothing at all there.
    private static func coldStart(slowStart: Bool) -> [ReferenceRow] {
        let values: [(policy: String, p99: Double, slowP99: Double, most: Double, back: Double)] = [
            ("random", 13_500, 2_800, 3_600, 0), ("least-connections-scan", 57.5, 48.7, 8, 0),
            ("power-of-two-choices", 70.4, 52.6, 12, 0), ("peak-ewma", 52.4, 49.8, 18, 2_500),
            ("least-response-time", 47.4, 47.0, 87, .infinity), ("c3", 49.7, 48.7, 65, .infinity),
            ("prequal", 49.4, 49.2, 11, 600),
        ]
        guard !slowStart else {
            return values.flatMap { rows(.coldStart, "slow start", $0.policy, [(.p99, $0.slowP99)]) }
        }
        return values.flatMap { values in
            rows(
                .coldStart, "no slow start", values.policy,
                [(.p99, values.p99), (.mostOnWatched, values.most), (.back, values.back)])
        } + rows(.coldStart, "no slow start", "shortest-expected-delay", [(.p99, 45.8)])
    }

    private static func rows(
        _ scenario: Scenario, _ setup: String, _ policy: String, _ values: [(Measure, Double)]
    ) -> [ReferenceRow] {
        values.map { ReferenceRow(scenario: scenario, setup: setup, policy: policy, measure: $0.0, value: $0.1) }
    }
}
