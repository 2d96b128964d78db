import Resilience

@testable import ResilienceDemo

/// A stage on which a test decides what is to be seen.
final class MadeStage: Stage {
  private struct State {
    var scene = Scene(
      act: .running,
      picture: RunPicture(.made(at: .seconds(5))),
      switches: [FaultSwitch(name: "hang", title: "Hang", isOn: false)]
    )
    var done: [String] = []
  }

  private let state = Guarded(State())

  /// What was asked for, in order.
  var done: [String] { state.withLock { $0.done } }

  func show(_ scene: Scene) { state.withLock { $0.scene = scene } }

  func scene() -> Scene { state.withLock { $0.scene } }

  func flip(_ name: String) -> String? {
    guard name == "hang" else { return nil }
    return state.withLock { state in
      state.done.append("flip")
      let scene = state.scene
      let isOn = !(scene.switches.first?.isOn ?? false)
      state.scene = Scene(
        act: scene.act,
        picture: scene.picture,
        switches: [FaultSwitch(name: "hang", title: "Hang", isOn: isOn)]
      )
      return "It hangs."
    }
  }

  func heal() -> String {
    state.withLock { $0.done.append("heal") }
    return "It is healed."
  }

  func play() -> String {
    state.withLock { $0.done.append("play") }
    return "It begins."
  }

  func audienceArrived() { state.withLock { $0.done.append("audience") } }
}
