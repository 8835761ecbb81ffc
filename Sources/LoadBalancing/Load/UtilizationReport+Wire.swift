/// How servers write reports: as a header of an answer, or as a message of their own.
extension UtilizationReport {
    /// Reads the `endpoint-load-metrics` header, in any of its forms:
    /// `TEXT cpu_utilization=0.3,rps_fractional=120,eps=1`, `JSON {"cpu_utilization": 0.3}`, or `BIN` with the base64 of an
    /// `xds.data.orca.v3.OrcaLoadReport`, as the value of `endpoint-load-metrics-bin` is too.
    ///
    /// What is not known is passed over; `nil` for another form, or a number that is none or negative.
    ///
    /// - Note: the forms that Envoy reads (`source/common/orca/orca_parser.cc`).
    public init?(header: String) {
        if let text = header.dropping(prefix: "TEXT ") {
            self.init(text: text)
        } else if let text = header.dropping(prefix: "JSON ") {
            self.init(json: text)
        } else if let text = header.dropping(prefix: "BIN "), let bytes = Base64URL.decodeStandard(text.utf8) {
            self.init(message: bytes)
        } else {
            return nil
        }
    }

    /// Reads a serialized `xds.data.orca.v3.OrcaLoadReport`: what servers send out of band.
    ///
    /// What is not known is passed over; `nil` if it is no message, or a number is none or negative.
    public init?(message: some Collection<UInt8>) {
        self.init()
        var reader = ProtobufReader(message)
        while let field = reader.nextField() {
            let number: Double
            switch field.value {
            case .double(let double): number = double
            case .integer(let integer): number = Double(integer)
            case .bytes: continue
            }
            // The names of the fields are those of the text form.
            let names: [UInt64: String] = [
                1: "cpu_utilization", 3: "rps", 6: "rps_fractional", 7: "eps", 9: "application_utilization",
            ]
            guard let name = names[field.number] else { continue }
            guard set(name, to: number) else { return nil }
        }
        guard reader.isAtEnd else { return nil }
    }

    private init?(text: Substring) {
        self.init()
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let number = Double(parts[1].filter { $0 != " " }),
                set(parts[0].filter { $0 != " " }, to: number)
            else { return nil }
        }
    }

    private init?(json text: Substring) {
        self.init()
        var reader = JSONMembers(text.utf8)
        while let member = reader.next() {
            guard let number = member.number else { continue }
            guard set(member.name, to: number) else { return nil }
        }
        guard reader.isWhole else { return nil }
    }

    /// Takes a number in by the name of its field, as it stands in messages or as JSON writes it.
    ///
    /// - Returns: `false` for a number that cannot be.
    private mutating func set(_ name: String, to number: Double) -> Bool {
        guard number >= 0, number.isFinite else { return false }
        switch name {
        case "application_utilization", "applicationUtilization": applicationUtilization = number
        case "cpu_utilization", "cpuUtilization": cpuUtilization = number
        case "rps_fractional", "rpsFractional": requestsPerSecond = number
        // What came before fractions; it does not count beside one.
        case "rps": if requestsPerSecond == 0 { requestsPerSecond = number }
        case "eps": errorsPerSecond = number
        default: break
        }
        return true
    }
}

extension String {
    /// What comes behind a prefix; `nil` if it is another.
    fileprivate func dropping(prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
