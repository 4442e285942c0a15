package dev.wavetank.core.container.image;

import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerBehavior;
import dev.wavetank.core.container.Exit;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.Programs;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.network.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container whose main process is one of the {@link Programs}: it ends when the program ends, and
 * as process 1 without a handler it does not react to SIGTERM.
 */
final class ProgramBehavior implements ContainerBehavior {

  private final ApplicationBehavior image;
  private final List<String> argv;

  ProgramBehavior(ApplicationBehavior image, List<String> argv) {
    this.image = image;
    this.argv = List.copyOf(argv);
  }

  @Override
  public void started(Container container) {
    if (argv.isEmpty()) {
      container.exit(0);
      return;
    }
    container.runMain(argv);
  }

  @Override
  public Exit terminated(Container container, long ageNanos) {
    container.signalMain(Signal.TERM);
    return Exit.NEVER;
  }

  @Override
  public boolean listens(Protocol protocol, int port, long ageNanos) {
    return false;
  }

  @Override
  public HttpAnswer http(int port, HttpRequest request, long ageNanos) {
    return image.http(port, request, ageNanos);
  }

  @Override
  public @Nullable ProgramOutput exec(List<String> command, long ageNanos) {
    return null;
  }

  @Override
  public @Nullable String file(String path) {
    return image.file(path);
  }

  @Override
  public List<String> paths() {
    return image.paths();
  }

  @Override
  public long memoryBytes(long ageNanos) {
    return image.memoryBytes(ageNanos);
  }

  @Override
  public long constantUntilNanos(long ageNanos) {
    return ageNanos;
  }
}
