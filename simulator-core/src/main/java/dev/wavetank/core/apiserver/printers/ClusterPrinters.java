package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.HumanDuration;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.time.Duration;
import java.time.Instant;

/**
 * The rows of what administrators set up: webhooks, runtimes, certificates.
 *
 * <p>Follows printMutatingWebhook, printValidatingWebhook, printRuntimeClass and
 * printCertificateSigningRequest of pkg/printers/internalversion/printers.go (v1.36).
 */
final class ClusterPrinters {

  static final TablePrinter WEBHOOKS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.integer("Webhooks", "Number of webhooks in the configuration."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(object.name())
              .add((long) object.root().listOrEmpty("webhooks").size())
              .add(age(object, now));
        }
      };

  static final TablePrinter RUNTIME_CLASSES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Handler", "What the container runtime knows the class by."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          String handler = object.root().string("handler", "");
          cells.add(object.name()).add(handler).add(age(object, now));
        }
      };

  static final TablePrinter CERTIFICATE_SIGNING_REQUESTS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.AGE,
          TablePrinter.column("SignerName", "Who is to sign."),
          TablePrinter.column("Requestor", "The user who asks."),
          TablePrinter.column("RequestedDuration", "How long the certificate is to be valid."),
          TablePrinter.column("Condition", "What became of the request.")) {
        @Override
        void print(KubeObject request, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap spec = request.spec();
          long seconds = spec.number("expirationSeconds", -1);
          cells
              .add(request.name())
              .add(age(request, now))
              .add(orNone(spec.string("signerName", "")))
              .add(spec.string("username", ""))
              .add(seconds < 0 ? "<none>" : HumanDuration.of(Duration.ofSeconds(seconds).toNanos()))
              .add(condition(request.status()));
        }
      };

  private ClusterPrinters() {}

  private static String condition(KubeMap status) {
    String text =
        has(status, "Denied") ? "Denied" : has(status, "Approved") ? "Approved" : "Pending";
    return text
        + (has(status, "Failed") ? ",Failed" : "")
        + (status.string("certificate", "").isEmpty() ? "" : ",Issued");
  }

  private static boolean has(KubeMap status, String type) {
    for (KubeMap condition : status.listOrEmpty("conditions").maps()) {
      if (type.equals(condition.get("type"))) {
        return true;
      }
    }
    return false;
  }
}
