package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.endpoints.FieldValidation;
import dev.wavetank.core.apiserver.endpoints.Handlers;
import dev.wavetank.core.apiserver.endpoints.WriteOptions;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.printers.OutputFormat;
import dev.wavetank.core.kubectl.resource.ApiReader;
import dev.wavetank.core.kubectl.resource.FileSource;
import dev.wavetank.core.kubectl.resource.ResourceBuilder;
import dev.wavetank.core.kubectl.resource.ResourceMapper;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** One run of one command: its words, the cluster, and what it writes. */
final class Invocation {

  private static final long SECOND = 1_000_000_000L;

  /** What upstream takes for a wait without an end: a week. */
  static final long WEEK_NANOS = 7L * 24 * 3600 * SECOND;

  private final Session session;
  private final String path;
  private final Flags flags;
  private final byte[] stdin;
  private final StringBuilder out = new StringBuilder();
  private final StringBuilder err = new StringBuilder();
  private final Set<String> warnings = new LinkedHashSet<>();
  private final Handlers handlers;
  private final ResourceMapper mapper;

  Invocation(Session session, String path, Flags flags, byte[] stdin) {
    this.session = session;
    this.path = path;
    this.flags = flags;
    this.stdin = stdin;
    this.handlers = new Handlers(session.server(), this::warn);
    this.mapper = new ResourceMapper(session.server());
  }

  Session session() {
    return session;
  }

  ApiServer server() {
    return session.server();
  }

  /** {@code kubectl rollout status}: the command as errors name it. */
  String path() {
    return path;
  }

  Flags flags() {
    return flags;
  }

  List<String> args() {
    return flags.args();
  }

  byte[] stdin() {
    return stdin;
  }

  FileSource files() {
    return session.files();
  }

  Handlers handlers() {
    return handlers;
  }

  ApiReader reader() {
    return new ApiReader(handlers);
  }

  ResourceMapper mapper() {
    return mapper;
  }

  /** The virtual time. */
  Instant now() {
    return server().simulation().instant();
  }

  /** The namespace that the command works in. */
  String namespace() {
    String asked = flags.string("namespace");
    return asked.isEmpty() ? session.namespace() : asked;
  }

  /** Whether the namespace was given as a flag. */
  boolean namespaceGiven() {
    return !flags.string("namespace").isEmpty();
  }

  ResourceBuilder builder() {
    return new ResourceBuilder(reader(), mapper, session.files(), stdin)
        .namespace(namespace())
        .defaultNamespace();
  }

  /** Text on standard output. */
  void print(String text) {
    out.append(text);
  }

  /** A line on standard output. */
  void println(String text) {
    out.append(text).append('\n');
  }

  /** Text on standard error. */
  void printError(String text) {
    err.append(text);
  }

  /** A warning on standard error; the same one is not repeated. */
  void warn(String warning) {
    if (warnings.add(warning)) {
      err.append("Warning: ").append(warning).append('\n');
    }
  }

  int warningCount() {
    return warnings.size();
  }

  /** A wrong use of this command. */
  CommandException usage(String message) {
    return CommandException.usage(path, message);
  }

  /** Refuses arguments, of a command that has none. */
  void requireNoArguments() {
    if (!args().isEmpty()) {
      throw usage("Unexpected args: [" + String.join(" ", args()) + "]");
    }
  }

  /** A write with strict validation. */
  static WriteOptions write(DryRun dryRun) {
    return new WriteOptions(dryRun == DryRun.SERVER, FieldValidation.STRICT);
  }

  /** A write as kubectl sends what it did not read from a file: nothing is said of validation. */
  static WriteOptions plainWrite(DryRun dryRun) {
    return new WriteOptions(dryRun == DryRun.SERVER, FieldValidation.IGNORE);
  }

  /** Tells what was done to an object: {@code deployment.apps/web scaled}. */
  void report(KubeObject object, String operation) {
    println(OutputFormat.kubectlName(object) + (operation.isEmpty() ? "" : " " + operation));
  }

  /**
   * Lets time pass until a condition holds.
   *
   * @param timeoutNanos how long at most, from now
   * @return whether it holds
   */
  boolean waitFor(BooleanSupplier condition, long timeoutNanos) {
    if (condition.getAsBoolean()) {
      return true;
    }
    return session
        .clock()
        .runUntil(condition, server().simulation().now() + Math.max(timeoutNanos, 0));
  }

  Output output(int exitCode) {
    return new Output(out.toString(), err.toString(), exitCode);
  }
}
