/// Something that someone broke by hand during a run, and when.
struct Breakage: Codable, Equatable, Sendable {
  let name: String
  let beganAtSeconds: Double
  let endedAtSeconds: Double
}
