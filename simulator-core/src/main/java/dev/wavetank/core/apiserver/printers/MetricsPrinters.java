package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import java.time.Instant;

/**
 * The rows of what pods and nodes use.
 *
 * <p>Follows pkg/api/table.go of metrics-server (v0.8).
 */
final class MetricsPrinters {

  private static final ImmutableList<String> RESOURCES = ImmutableList.of("cpu", "memory");

  static final TablePrinter PODS =
      new TablePrinter(TablePrinter.NAME, amount("cpu"), amount("memory"), window()) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          cells.add(object.name());
          for (String resource : RESOURCES) {
            Quantity sum = Quantity.ZERO;
            for (KubeMap container : object.root().listOrEmpty("containers").maps()) {
              sum = sum.add(Quantity.of(container.mapOrEmpty("usage").get(resource)));
            }
            cells.add(sum.toString());
          }
          cells.add(object.root().string("window", ""));
        }
      };

  static final TablePrinter NODES =
      new TablePrinter(TablePrinter.NAME, amount("cpu"), amount("memory"), window()) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          cells.add(object.name());
          for (String resource : RESOURCES) {
            cells.add(Quantity.of(object.root().mapOrEmpty("usage").get(resource)).toString());
          }
          cells.add(object.root().string("window", ""));
        }
      };

  private MetricsPrinters() {}

  private static Table.Column amount(String resource) {
    return new Table.Column(resource, "string", "quantity", "", 0);
  }

  private static Table.Column window() {
    return new Table.Column("Window", "string", "duration", "", 0);
  }
}
