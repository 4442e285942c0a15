package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.FlagSet;
import dev.wavetank.core.kubectl.flags.Flags;

/**
 * The flags that every command has. Those that say how a real API server is reached are accepted
 * and have no effect, since there is one cluster; those that ask to be somebody else are refused.
 *
 * <p>Follows staging/src/k8s.io/cli-runtime/pkg/genericclioptions/config_flags.go (v1.36).
 */
final class GlobalFlags {

  private static final ImmutableList<String> USERS =
      ImmutableList.of("as", "as-uid", "user", "token", "username", "password");

  private static final ImmutableList<String> OF_CONNECTIONS =
      ImmutableList.of(
          "kubeconfig",
          "cluster",
          "server",
          "cache-dir",
          "certificate-authority",
          "client-certificate",
          "client-key",
          "request-timeout",
          "tls-server-name",
          "profile",
          "profile-output",
          "kuberc");

  private GlobalFlags() {}

  static FlagSet set() {
    FlagSet set =
        new FlagSet()
            .string("namespace", "n", "", "The namespace of this request")
            .string("context", "", "", "The context of the kubeconfig to use")
            .bool("warnings-as-errors", "", false, "Whether a warning makes the command fail")
            .bool("insecure-skip-tls-verify", "", false, "Has no effect")
            .bool("disable-compression", "", false, "Has no effect")
            .bool("match-server-version", "", false, "Has no effect")
            .string("v", "v", "0", "Has no effect")
            .strings("as-group", "", "Groups to be in; refused")
            .bool("help", "h", false, "Help for the command");
    USERS.forEach(name -> set.string(name, "", "", "Somebody to be; refused"));
    OF_CONNECTIONS.forEach(
        name -> set.string(name, name.equals("server") ? "s" : "", "", "Has no effect"));
    return set;
  }

  static void check(Flags flags, Session session) {
    for (String user : USERS) {
      if (flags.changed(user)) {
        throw CommandException.of(
            "--" + user + ": this simulation has no users, every request is the administrator's");
      }
    }
    String context = flags.string("context");
    if (!context.isEmpty() && !context.equals(session.context())) {
      throw CommandException.verbatim(
          "Error in configuration: context was not found for specified context: " + context);
    }
  }
}
