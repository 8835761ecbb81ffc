import Foundation

/// A folder of vector files, with the keys that lie beside them.
struct VectorFolder {
    private let folder: URL
    /// The files that hold vectors, by name.
    let names: [String]

    /// Where keys are if a file does not say.
    static let standardKeys = "keys.json"

    /// Looks into a folder; files are opened later.
    init(path: String) throws(VectorError) {
        folder = URL(fileURLWithPath: path, isDirectory: true)
        guard let all = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw VectorError("\(path) is not a folder that can be read")
        }
        names = all.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted()
    }

    /// The bytes of a file.
    ///
    /// - Throws: ``VectorError``, which says why there are none, but not of which file.
    func data(_ name: String) throws(VectorError) -> Data {
        let file = folder.appendingPathComponent(name)
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
            let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: file.path)) != nil
            throw VectorError(isLink ? "it is a link to a file that is not there" : "it is not there")
        }
        guard !isFolder.boolValue else { throw VectorError("it is a folder") }
        let values = try? file.resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey])
        guard values?.isRegularFile == true else { throw VectorError("it is neither a file nor a link to one") }
        do { return try Data(contentsOf: file) } catch { throw VectorError(error.localizedDescription) }
    }

    /// The keys that a file or a case names.
    func keys(_ source: KeySource?) throws(VectorError) -> [String] {
        switch source ?? .file(Self.standardKeys) {
        case .list(let keys): return keys
        case .file(let name):
            guard !name.contains("/") else { throw VectorError("keys are not beside the file, but in \"\(name)\"") }
            let data: Data
            do throws(VectorError) { data = try self.data(name) } catch {
                throw VectorError("\(name) cannot be read: \(error)")
            }
            guard let keys = Self.keyList(data) else { throw VectorError("\(name) is not a list of keys") }
            return keys
        }
    }

    /// Whether a file holds keys for the others, and no vectors.
    func isKeyList(_ name: String) -> Bool {
        (try? data(name)).map { Self.keyList($0) != nil } ?? false
    }

    private static func keyList(_ data: Data) -> [String]? {
        try? JSONDecoder().decode([String].self, from: data)
    }
}
