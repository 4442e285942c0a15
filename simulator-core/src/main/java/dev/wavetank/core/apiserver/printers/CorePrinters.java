package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;

/**
 * The rows of kinds that need no more than a line of code each, and of any kind without a printer.
 *
 * <p>Follows pkg/printers/internalversion/printers.go and
 * staging/src/k8s.io/apiserver/pkg/registry/rest/table.go (v1.36).
 */
final class CorePrinters {

  static final TablePrinter NAMESPACES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Status", "The status of the namespace"),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject namespace, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(namespace.name())
              .add(namespace.status().string("phase", ""))
              .add(age(namespace, now));
        }
      };

  static final TablePrinter CONFIG_MAPS =
      new TablePrinter(
          TablePrinter.NAME, TablePrinter.column("Data", "Number of entries."), TablePrinter.AGE) {
        @Override
        void print(KubeObject configMap, Instant now, ImmutableList.Builder<Object> cells) {
          long entries = configMap.root().mapOrEmpty("data").size();
          entries += configMap.root().mapOrEmpty("binaryData").size();
          cells.add(configMap.name()).add(entries).add(age(configMap, now));
        }
      };

  static final TablePrinter SECRETS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Type", "What the Secret is used for."),
          TablePrinter.column("Data", "Number of entries."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject secret, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(secret.name())
              .add(secret.root().string("type", ""))
              .add((long) secret.root().mapOrEmpty("data").size())
              .add(age(secret, now));
        }
      };

  static final TablePrinter SERVICE_ACCOUNTS =
      new TablePrinter(TablePrinter.NAME, TablePrinter.AGE) {
        @Override
        void print(KubeObject account, Instant now, ImmutableList.Builder<Object> cells) {
          cells.add(account.name()).add(age(account, now));
        }
      };

  static final TablePrinter LEASES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Holder", "Who holds the lease."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject lease, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(lease.name())
              .add(lease.spec().string("holderIdentity", ""))
              .add(age(lease, now));
        }
      };

  static final TablePrinter ANY =
      new TablePrinter(
          TablePrinter.NAME,
          new Table.Column("Created At", "date", "", "When the object was created.", 0)) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          cells.add(object.name()).add(object.creationTimestamp());
        }
      };

  private CorePrinters() {}
}
