package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.apiserver.endpoints.FieldValidation;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.FlagSet;

/**
 * The flag {@code --validate}.
 *
 * <p>Follows GetValidationDirective of staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (v1.36).
 */
final class ValidateFlag {

  private ValidateFlag() {}

  static void addTo(FlagSet flags) {
    flags.optional("validate", "strict", "strict", "strict (or true), warn, or ignore (or false)");
  }

  static FieldValidation of(Invocation call) {
    String value = call.flags().string("validate");
    return switch (value) {
      case "strict", "true", "1", "t", "T", "TRUE", "True" -> FieldValidation.STRICT;
      case "warn" -> FieldValidation.WARN;
      case "ignore", "false", "0", "f", "F", "FALSE", "False" -> FieldValidation.IGNORE;
      default ->
          throw CommandException.of(
              "invalid - validate option "
                  + GoQuote.quote(value)
                  + "; must be one of: strict (or true), warn, ignore (or false)");
    };
  }
}
