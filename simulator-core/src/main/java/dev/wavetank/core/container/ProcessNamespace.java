package dev.wavetank.core.container;

import dev.wavetank.core.container.stream.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Processes that see one another by their numbers: those of one container, of all containers of a
 * pod that shares, or of a container and those that debug it.
 */
public final class ProcessNamespace {

  private static final int FIRST = 1;

  /** A process as it is listed. */
  public record Listed(int pid, String command) {}

  private final List<Container> members = new ArrayList<>(1);
  private final boolean pauses;
  private int last = FIRST;

  /**
   * A namespace without a process.
   *
   * @param pauses whether the first process is that of the pod itself
   */
  ProcessNamespace(boolean pauses) {
    this.pauses = pauses;
  }

  /** Whether a container has none of its own. */
  static boolean shared(Container container) {
    return container.sandbox().sharesProcesses()
        || !container.spec().string("targetContainerName", "").isEmpty();
  }

  /** The namespace of a container that begins. */
  static ProcessNamespace of(Container container) {
    if (container.sandbox().sharesProcesses()) {
      return container.sandbox().processNamespace();
    }
    String target = container.spec().string("targetContainerName", "");
    for (Container other : container.sandbox().running()) {
      if (!target.isEmpty() && other.name().equals(target)) {
        return other.processNamespace();
      }
    }
    ProcessNamespace own = new ProcessNamespace(false);
    own.members.add(container);
    return own;
  }

  /** A container's processes are in it; the number of its own one. */
  int join(Container container) {
    members.removeIf(Container::exited);
    if (members.contains(container)) {
      return FIRST;
    }
    members.add(container);
    return next();
  }

  /** The number of the next process. */
  int next() {
    return ++last;
  }

  /** Sends a signal; whether there is a process of that number. */
  public boolean signal(int pid, Signal signal) {
    for (Container member : List.copyOf(members)) {
      if (member.running() && member.signalOwn(pid, signal)) {
        return true;
      }
    }
    return pauses && pid == FIRST;
  }

  /** All processes by number; a server of an image is one. */
  public List<Listed> processes() {
    List<Listed> listed = new ArrayList<>();
    if (pauses) {
      listed.add(new Listed(FIRST, "/pause"));
    }
    for (Container member : members) {
      if (member.running()) {
        add(listed, member);
      }
    }
    listed.sort(Comparator.comparingInt(Listed::pid));
    return listed;
  }

  private static void add(List<Listed> listed, Container member) {
    boolean server = true;
    for (ProgramContext process : member.processes()) {
      server &= process.pid() != member.mainPid();
      listed.add(new Listed(process.pid(), String.join(" ", process.argv())));
    }
    if (server) {
      List<String> argv = member.sandbox().runtime().registry().argv(member.spec());
      String name = argv.isEmpty() ? member.name() : String.join(" ", argv);
      listed.add(new Listed(member.mainPid(), name));
    }
  }
}
