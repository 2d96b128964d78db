/// A date in one of the three formats of HTTP, as seconds since 1970.
///
///     Sun, 06 Nov 1994 08:49:37 GMT    the preferred one
///     Sunday, 06-Nov-94 08:49:37 GMT   obsolete; two digits of the year
///     Sun Nov  6 08:49:37 1994         obsolete; what C's asctime() writes
///
/// Names compare with case. That the name of the day fits the date is not checked.
///
/// ## Source
/// [RFC 9110, section 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7).
struct HTTPDate: Equatable {
  /// Seconds since the beginning of 1970, in UTC, without leap seconds.
  let seconds: Int

  /// Reads a date.
  ///
  /// - Parameters:
  ///   - text: One of the three formats, without white space around it.
  ///   - now: The present, in seconds since 1970: two digits of a year mean one that is at most 50
  ///     years ahead.
  init?(_ text: String, now: Int) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let parts: (day: String, month: String, year: Int?, time: String)
    switch words.count {
    case 6 where words[5] == "GMT" && Self.shortDays.contains { "\($0)," == words[0] }:
      parts = (words[1], words[2], Self.number(words[3], digits: 4), words[4])
    case 4 where words[3] == "GMT" && Self.longDays.contains { "\($0)," == words[0] }:
      let date = words[1].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard date.count == 3 else { return nil }
      let year = Self.number(date[2], digits: 2).map { Self.fullYear($0, now: now) }
      parts = (date[0], date[1], year, words[2])
    case 5 where Self.shortDays.contains(words[0]):
      parts = (words[2], words[1], Self.number(words[4], digits: 4), words[3])
    case 6 where Self.shortDays.contains(words[0]) && words[2].isEmpty && words[3].count == 1:
      parts = ("0" + words[3], words[1], Self.number(words[5], digits: 4), words[4])
    default:
      return nil
    }
    guard let year = parts.year,
      let month = Self.months.firstIndex(of: parts.month).map({ $0 + 1 }),
      let day = Self.number(parts.day, digits: 2),
      (1...Self.days(in: month, of: year)).contains(day),
      let time = Self.secondOfDay(parts.time)
    else { return nil }
    seconds = Self.daysSince1970(year, month, day) * 86_400 + time
  }

  private static let shortDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let longDays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func number(_ text: String, digits: Int) -> Int? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  /// Seconds since midnight; a leap second counts as the second before it does.
  private static func secondOfDay(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      .map { number(String($0), digits: 2) }
    guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
      hour <= 23, minute <= 59, second <= 60
    else { return nil }
    return hour * 3_600 + minute * 60 + min(second, 59)
  }

  /// The year that two digits stand for: not more than 50 years ahead of the present one.
  private static func fullYear(_ digits: Int, now: Int) -> Int {
    let present = year(of: now)
    let candidate = present - present % 100 + digits
    return candidate > present + 50 ? candidate - 100 : candidate
  }

  /// The year, which a mean of 365.2425 days gives right but for the first and last hours of some.
  private static func year(of seconds: Int) -> Int {
    1970 + Int((Double(seconds) / 31_556_952).rounded(.down))
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// Counts years from March, so that the leap day is the last one.
  ///
  /// ## Source
  /// Hinnant, H. (2021), [chrono-compatible low-level date
  /// algorithms](https://howardhinnant.github.io/date_algorithms.html#days_from_civil).
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let month = month <= 2 ? month + 9 : month - 3
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469
  }
}
