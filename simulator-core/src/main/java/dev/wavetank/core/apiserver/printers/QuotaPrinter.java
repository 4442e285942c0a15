package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.PodResources;
import dev.wavetank.core.api.Quantity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * ResourceQuotas: what is used and allowed, requests and limits apart.
 *
 * <p>Follows printResourceQuota of pkg/printers/internalversion/printers.go (v1.36).
 */
final class QuotaPrinter extends TablePrinter {

  static final TablePrinter PRINTER = new QuotaPrinter();

  private QuotaPrinter() {
    super(
        NAME,
        column("Request", "What is used of what may be requested."),
        column("Limit", "What is used of what limits may add up to."),
        AGE);
  }

  @Override
  void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
    List<String> requests = new ArrayList<>();
    List<String> limits = new ArrayList<>();
    Map<String, Quantity> used = PodResources.list(object.status().mapOrEmpty("used"));
    PodResources.list(object.status().mapOrEmpty("hard"))
        .forEach(
            (name, hard) -> {
              String text = name + ": " + used.getOrDefault(name, Quantity.ZERO) + "/" + hard;
              (name.startsWith("limits") ? limits : requests).add(text);
            });
    cells.add(object.name(), String.join(", ", requests), String.join(", ", limits));
    cells.add(age(object, now));
  }
}
