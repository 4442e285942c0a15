package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of dynamic resource allocation.
 *
 * <p>Follows printDeviceClass, printResourceClaim and printResourceSlice of
 * pkg/printers/internalversion/printers.go (v1.36).
 */
final class DevicePrinters {

  static final TablePrinter NAME_AND_AGE =
      new TablePrinter(TablePrinter.NAME, TablePrinter.AGE) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          cells.add(object.name(), age(object, now));
        }
      };

  static final TablePrinter CLAIMS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("State", "Whether devices are allocated and reserved for a user."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          cells.add(object.name(), state(object), age(object, now));
        }
      };

  static final TablePrinter SLICES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Node", "The node whose devices these are."),
          TablePrinter.column("Driver", "The driver that offers the devices."),
          TablePrinter.column("Pool", "The pool that the devices belong to."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          cells.add(
              object.name(),
              object.spec().string("nodeName", ""),
              object.spec().string("driver", ""),
              object.spec().mapOrEmpty("pool").string("name", ""),
              age(object, now));
        }
      };

  private DevicePrinters() {}

  private static String state(KubeObject claim) {
    List<String> states = new ArrayList<>();
    if (claim.terminating()) {
      states.add("deleted");
    }
    if (claim.status().has("allocation")) {
      states.add("allocated");
      if (!claim.status().listOrEmpty("reservedFor").isEmpty()) {
        states.add("reserved");
      }
    } else if (!claim.terminating()) {
      states.add("pending");
    }
    return String.join(",", states);
  }
}
