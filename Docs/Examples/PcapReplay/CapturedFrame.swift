/// A frame of a capture file.
struct CapturedFrame: Hashable {
    /// When it was captured, in nanoseconds since 1970.
    var time: UInt64
    /// The interface that it was captured on, by its position in the file; 0 in files that know only one.
    var interface: Int
    /// The frame from its destination MAC address on, without the frame check sequence.
    var bytes: [UInt8]
    /// Bytes that the frame had; the capture may have kept fewer.
    var originalByteCount: Int
}

/// The frames of a capture file, with the names of the interfaces that they were captured on.
struct Capture: Hashable {
    var frames: [CapturedFrame] = []
    /// The names that the file gives to interfaces; `nil` for one without, and for all in pcap files.
    var interfaces: [String?] = []

    /// Reads a pcap or pcapng file, of either byte order.
    ///
    /// - Parameter bytes: The whole file.
    /// - Throws: ``CaptureError`` for what is neither, or breaks off, or contradicts itself.
    init(_ bytes: [UInt8]) throws(CaptureError) {
        let reader = CaptureBytes(bytes)
        if try reader.number32(at: 0) == PcapngFile.sectionHeader {
            self = try PcapngFile.read(reader)
        } else {
            self = try PcapFile.read(reader)
        }
    }

    init(frames: [CapturedFrame] = [], interfaces: [String?] = []) {
        self.frames = frames
        self.interfaces = interfaces
    }
}

/// Why a capture file cannot be read.
struct CaptureError: Error, Hashable, CustomStringConvertible {
    /// What is wrong.
    enum Problem: Hashable {
        /// The file is neither pcap nor pcapng.
        case unknownFormat
        /// The file has a version that is not known here.
        case unknownVersion(Int, Int)
        /// Frames are not those of Ethernet.
        case unknownLinkType(Int)
        /// The file ends in the middle of something.
        case brokenOff
        /// A length contradicts another one, or the format.
        case wrongLength(Int)
        /// A frame names an interface that the file has not described.
        case unknownInterface(Int)
        /// Time is counted in units that do not fit.
        case unknownTimeUnit(Int)
    }

    let problem: Problem
    /// Where in the file, in bytes.
    let offset: Int

    init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    /// What is wrong, where, and what to do.
    var description: String {
        let text =
            switch problem {
            case .unknownFormat: "neither pcap nor pcapng; write the capture with tcpdump -w or dumpcap"
            case .unknownVersion(let major, let minor):
                "version \(major).\(minor) is not known; convert the file with editcap -F pcap"
            case .unknownLinkType(let type):
                "link type \(type) is not Ethernet; capture on one interface, and not on \"any\""
            case .brokenOff: "the file breaks off; was the capture still running? editcap writes what is whole"
            case .wrongLength(let length): "a length of \(length) cannot be; the file is damaged"
            case .unknownInterface(let number): "interface \(number) is not described; the file is damaged"
            case .unknownTimeUnit(let unit):
                "times in units of \(unit) cannot be read; convert the file with editcap -F pcap"
            }
        return "at byte \(offset): \(text)"
    }
}

/// The bytes of a file, read in either byte order; each read is checked.
struct CaptureBytes {
    let bytes: [UInt8]
    var isBigEndian = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func number32(at offset: Int) throws(CaptureError) -> UInt32 {
        let four = try slice(offset, 4)
        let number = four.reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        return isBigEndian ? number : number.byteSwapped
    }

    func number16(at offset: Int) throws(CaptureError) -> UInt16 {
        let two = try slice(offset, 2)
        let number = two.reduce(0 as UInt16) { $0 << 8 | UInt16($1) }
        return isBigEndian ? number : number.byteSwapped
    }

    /// The bytes of a length that the file says.
    func slice(_ offset: Int, _ count: Int) throws(CaptureError) -> ArraySlice<UInt8> {
        guard count >= 0, offset >= 0, count <= bytes.count - offset else { throw CaptureError(.brokenOff, at: offset) }
        return bytes[offset..<offset + count]
    }
}
