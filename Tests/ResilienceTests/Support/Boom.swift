/// What a failing operation throws in these tests.
struct Boom: Error, Equatable {
  var number = 0
}
