/// A table with a column for each client.
struct ClientTable {
  let caption: String
  let picture: RunPicture
  let rows: [Totals.Row]

  var markup: Markup {
    Tag.div(.class("scroll"), .focusable) {
      Tag.table {
        Tag.caption { caption }
        Tag.thead {
          Tag.tr {
            Tag.th(.scope("col")) { Tag.span(.class("unseen")) { "What" } }
            for client in picture.clients { Tag.th(.scope("col")) { client.name } }
          }
        }
        Tag.tbody {
          for row in rows {
            Tag.tr(.class(row.isPart ? "part" : "whole")) {
              Tag.th(.scope("row")) { row.label }
              for cell in row.cells { Tag.td { cell } }
            }
          }
        }
      }
    }
  }
}
