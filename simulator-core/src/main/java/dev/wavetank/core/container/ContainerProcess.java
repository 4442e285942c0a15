package dev.wavetank.core.container;

import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Protocol;
import java.util.function.Function;

/** A program that begins with its container and has to let go of things when that ends. */
public interface ContainerProcess extends ContainerBehavior {

  /** Lets go of everything; called once. */
  void stop();

  /** The behavior of a container that starts such a program. */
  static ContainerBehavior startedBy(Function<Container, ? extends ContainerProcess> program) {
    return new Start(program);
  }

  /** What a container does until its program runs: nothing. */
  final class Start implements ContainerBehavior {

    private static final HttpAnswer NOT_FOUND =
        new HttpAnswer(HttpResponse.of(404, "text/plain", ""), 0);

    private final Function<Container, ? extends ContainerProcess> program;

    private Start(Function<Container, ? extends ContainerProcess> program) {
      this.program = program;
    }

    @Override
    public void started(Container container) {
      ContainerProcess process = program.apply(container);
      container.behave(process);
      PodSandbox sandbox = container.sandbox();
      sandbox.observe(
          new PodSandbox.Observer() {
            @Override
            public void changed(PodSandbox changed) {
              if (container.exited()) {
                sandbox.forget(this);
                process.stop();
              }
            }
          });
    }

    @Override
    public boolean listens(Protocol protocol, int port, long ageNanos) {
      return false;
    }

    @Override
    public HttpAnswer http(int port, HttpRequest request, long ageNanos) {
      return NOT_FOUND;
    }
  }
}
