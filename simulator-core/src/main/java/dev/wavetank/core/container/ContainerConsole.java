package dev.wavetank.core.container;

import dev.wavetank.core.container.stream.ProcessClient;
import dev.wavetank.core.container.stream.ProcessStreams;
import dev.wavetank.core.container.stream.ProgramInput;
import dev.wavetank.core.container.stream.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The standard streams of a container's own process, and those who are attached to them. */
final class ContainerConsole implements ProcessClient {

  private final Set<ProcessClient> attached = new LinkedHashSet<>(2);
  private final ProcessStreams streams;

  /** The console of a container with that spec: nothing to read unless the spec asks for it. */
  ContainerConsole(boolean stdin, boolean tty) {
    ProgramInput in = stdin ? ProgramInput.pipe() : ProgramInput.of("");
    streams = new ProcessStreams(in, this, tty ? new Terminal(in, this::out) : null);
  }

  ProcessStreams streams() {
    return streams;
  }

  ProgramInput in() {
    return streams.in();
  }

  @Nullable Terminal terminal() {
    return streams.terminal();
  }

  void attach(ProcessClient client) {
    attached.add(client);
  }

  void detach(ProcessClient client) {
    attached.remove(client);
  }

  @Override
  public void out(String text) {
    List<ProcessClient> all = new ArrayList<>(attached);
    all.forEach(client -> client.out(text));
  }

  @Override
  public void err(String text) {
    List<ProcessClient> all = new ArrayList<>(attached);
    all.forEach(client -> client.err(text));
  }
}
