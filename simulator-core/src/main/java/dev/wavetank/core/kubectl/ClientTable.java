package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.HumanDuration;
import dev.wavetank.core.apiserver.printers.Table;

/**
 * The table that kubectl makes by itself, under {@code --server-print=false}: name and age.
 *
 * <p>Follows printObjectMeta of staging/src/k8s.io/cli-runtime/pkg/printers/tableprinter.go
 * (v1.36).
 */
final class ClientTable {

  private static final ImmutableList<Table.Column> COLUMNS =
      ImmutableList.of(
          new Table.Column("Name", "string", "name", "", 0),
          new Table.Column("Age", "string", "", "", 0));

  private ClientTable() {}

  static Table of(Table ofServer, Invocation call) {
    ImmutableList.Builder<Table.Row> rows = ImmutableList.builder();
    for (Table.Row row : ofServer.rows()) {
      String age = HumanDuration.since(row.object().creationTimestamp(), call.now());
      rows.add(
          new Table.Row(
              ImmutableList.of(row.object().name(), age), ImmutableList.of(), row.object()));
    }
    return new Table(COLUMNS, rows.build());
  }
}
