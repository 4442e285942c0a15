package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.kubectl.flags.FlagSet;
import dev.wavetank.core.kubectl.printers.ObjectPrinter;
import dev.wavetank.core.kubectl.printers.OutputFormat;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The flags {@code -o} and {@code --template}, and how a command that changed an object tells it.
 *
 * <p>Follows staging/src/k8s.io/cli-runtime/pkg/genericclioptions/print_flags.go (v1.36).
 */
final class PrintFlags {

  private PrintFlags() {}

  static void addTo(FlagSet flags) {
    flags
        .string("output", "o", "", "Output format, such as yaml, json, name or jsonpath=…")
        .string("template", "", "", "Template of -o go-template")
        .bool("allow-missing-template-keys", "", true, "Absent fields are no error in templates")
        .bool("show-managed-fields", "", false, "Has no effect");
  }

  static OutputFormat format(Invocation call, boolean noHeaders) {
    return OutputFormat.of(
        call.flags().string("output"),
        call.flags().string("template"),
        call.flags().bool("allow-missing-template-keys"),
        noHeaders,
        path -> text(call, path));
  }

  private static @Nullable String text(Invocation call, String path) {
    byte[] bytes = call.files().read(path);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /** The printer of {@code -o}; null when none is asked for. */
  static @Nullable ObjectPrinter printer(Invocation call) {
    OutputFormat format = format(call, false);
    return format.name().isEmpty() ? null : format.printer(OutputFormat.OBJECT_FORMATS);
  }

  /** How a command tells what it did to objects: in the format of {@code -o}, or in a line each. */
  static Teller teller(Invocation call, DryRun dryRun) {
    @Nullable ObjectPrinter printer = printer(call);
    return (object, operation) -> {
      if (printer == null) {
        call.report(object, operation + dryRun.suffix());
      } else {
        call.print(printer.print(object));
      }
    };
  }

  /** Tells what was done. */
  @FunctionalInterface
  interface Teller {
    void tell(KubeObject object, String operation);
  }
}
