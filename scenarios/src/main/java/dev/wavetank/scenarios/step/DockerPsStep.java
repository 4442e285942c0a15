package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.kubectl.gotemplate.GoTemplate;
import dev.wavetank.core.kubectl.gotemplate.TemplateException;
import org.jspecify.annotations.Nullable;

/** Shows the containers that a node's engine runs. */
record DockerPsStep(String node, String format, PrintedText expected) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    FileFields docker = fields.requiredMap("docker-ps").known(ImmutableList.of("node", "format"));
    String format = docker.text("format", "");
    try {
      GoTemplate.parse(format);
    } catch (TemplateException e) {
      throw docker.wrong("format", String.valueOf(e.getMessage()));
    }
    return new DockerPsStep(docker.text("node"), format, PrintedText.read(fields));
  }

  @Override
  public String words() {
    return "docker ps on " + node;
  }

  @Override
  public @Nullable String run(StepContext context) {
    String printed = context.cluster().dockerPs(node, format);
    String options = format.isEmpty() ? "" : " --format \"" + format + "\"";
    context.tellCommand("docker ps" + options + "   # on " + node, printed);
    return expected.unmet(printed);
  }
}
