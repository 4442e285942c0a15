package dev.wavetank.cli;

import com.google.common.collect.ImmutableListMultimap;
import dev.wavetank.scenarios.expect.ObjectReference;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wavetank why}: how an object of a served cluster came to be as it is. */
@Command(
    name = "why",
    description = "Tells how an object of a served cluster came to be as it is.",
    mixinStandardHelpOptions = true)
final class WhyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..2",
      paramLabel = "OBJECT",
      description = "The object: TYPE/NAME, TYPE NAME or TYPE/NAMESPACE/NAME.")
  private List<String> object = List.of();

  @Mixin private NamespaceOption namespace = new NamespaceOption();

  @Mixin private ClusterClient cluster = new ClusterClient();

  @Override
  public Integer call() throws IOException, InterruptedException {
    ObjectReference reference;
    try {
      reference = ObjectReference.parse(String.join("/", object));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
    if (reference.type().namespaced() && reference.namespace().isEmpty()) {
      reference = new ObjectReference(reference.type(), namespace.of(cluster), reference.name());
    }
    return cluster.print(
        spec.commandLine(), "why", ImmutableListMultimap.of("object", reference.toString()));
  }
}
