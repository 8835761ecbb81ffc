/// What is known of the frames that are looked at together, before the first of them is handled.
@safe
struct ArrivalMemory: ~Copyable {
    // Invariant: `arrivals` has room for `count` arrivals, all of them initialised; a place is given for numbers below that.
    private let arrivals: UnsafeMutablePointer<Arrival>

    /// How many frames are looked at together: as many cache lines as a core fetches at a time, and some that are on
    /// their way.
    static let count = 32

    init() {
        unsafe arrivals = .allocate(capacity: Self.count)
        unsafe arrivals.initialize(repeating: .unknown, count: Self.count)
    }

    deinit {
        unsafe arrivals.deallocate()
    }

    /// The place of a frame among those that are looked at together.
    subscript(index: Int) -> ArrivalPlace {
        @inline(__always) get {
            precondition(UInt(bitPattern: index) < UInt(Self.count), "an arrival that was not looked at")
            return unsafe ArrivalPlace(arrivals + index)
        }
    }
}

/// Where an arrival lies: of which only that is read which is asked for.
@safe
struct ArrivalPlace: BitwiseCopyable {
    // Invariant: `place` is one of the arrivals of an engine's memory, which the engine keeps for longer than its places,
    // and nobody else has.
    private let place: UnsafeMutablePointer<Arrival>

    @unsafe
    @inline(__always)
    fileprivate init(_ place: UnsafeMutablePointer<Arrival>) {
        unsafe self.place = place
    }

    var value: Arrival {
        @inline(__always) get { unsafe place.pointee }
        @inline(__always) nonmutating _modify { yield unsafe &place.pointee }
    }
}
